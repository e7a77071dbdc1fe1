import type { MatterKind } from '../../shared/matter-kind.ts'
import type { World } from '../../shared/world.ts'

/** Where nothing fits: the desk finds out when it looks at it. */
const OTHER = 'other'

/** What a city's category or text is in our register: the same name, the name in a code book, else the longest name that stands in the words. */
export function kindInWords(world: World, category: string, text: string): MatterKind {
  const kinds = world.matterKinds()
  const named = kinds.find(({ name, codes }) => name === category || codes.some((code) => code.name === category || code.code === category))
  const said = (words: string) =>
    kinds
      .flatMap((kind) => [kind.name, ...kind.codes.map(({ name }) => name)].map((name) => ({ kind, name })))
      .filter(({ name }) => words.includes(name))
      .sort((a, b) => b.name.length - a.name.length)[0]?.kind
  return named ?? said(category) ?? said(text) ?? world.matterKind(OTHER) ?? kinds.at(-1)!
}
