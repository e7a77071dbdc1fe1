import { likenessTo } from '../../shared/bigrams.ts'
import type { MatterKind } from '../../shared/matter-kind.ts'
import type { World } from '../../shared/world.ts'

/** Where nothing fits: the desk finds out when it looks at it. */
const OTHER = 'other'
/** As much of a name has to be in the words before it is a guess at all. */
const ALIKE = 0.2

/**
 * What a city's category or text is in our register: the same name or code, else the longest name that stands in the words, else the name
 * most like them. A mere likeness sends nobody: it is for kinds alone that wait for triage.
 */
export function kindInWords(world: World, category: string, text: string): MatterKind {
  const kinds = world.matterKinds()
  const named = kinds.find(({ name, codes }) => name === category || codes.some((code) => code.name === category || code.code === category))
  const other = world.matterKind(OTHER) ?? kinds.at(-1)!
  return named ?? said(kinds, category) ?? said(kinds, text) ?? likely(kinds, text) ?? other
}

const namesOf = (kind: MatterKind) => [kind.name, ...kind.codes.map(({ name }) => name)]

function said(kinds: readonly MatterKind[], words: string): MatterKind | undefined {
  const found = kinds.flatMap((kind) => namesOf(kind).map((name) => ({ kind, name }))).filter(({ name }) => words.includes(name))
  return found.sort((a, b) => b.name.length - a.name.length)[0]?.kind
}

function likely(kinds: readonly MatterKind[], words: string): MatterKind | undefined {
  const waiting = kinds.filter(({ priority, auto }) => priority > 2 && auto !== true)
  const share = likenessTo(words)
  const judged = waiting.map((kind) => ({ kind, share: Math.max(...namesOf(kind).map(share)) }))
  return judged.filter(({ share }) => share >= ALIKE).sort((a, b) => b.share - a.share)[0]?.kind
}
