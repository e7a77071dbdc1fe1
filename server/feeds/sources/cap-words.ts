import type { SignalData } from '../../../shared/signal.ts'

export type Colour = SignalData['linwang.warning']['colour']

/** CAP 1.2 speaks of severity, 12379 writes the colour itself there. China's four degrees: 红 Ⅰ, 橙 Ⅱ, 黄 Ⅲ, 蓝 Ⅳ. */
const SEVERITY: Readonly<Record<string, Colour>> = {
  red: 'red',
  orange: 'orange',
  yellow: 'yellow',
  blue: 'blue',
  红色: 'red',
  橙色: 'orange',
  黄色: 'yellow',
  蓝色: 'blue',
  extreme: 'red',
  severe: 'orange',
  moderate: 'yellow',
  minor: 'blue',
}
const WORDS: readonly (readonly [word: string, colour: Colour])[] = [
  ['红色', 'red'],
  ['橙色', 'orange'],
  ['黄色', 'yellow'],
  ['蓝色', 'blue'],
]
const COLOURS: ReadonlySet<string> = new Set(['red', 'orange', 'yellow', 'blue', '红色', '橙色', '黄色', '蓝色'])

export const WORST: readonly Colour[] = ['red', 'orange', 'yellow', 'blue', 'unknown']

/** The colour itself where it is given, then the colour that the headline names, then what the severity comes to. */
export function colourOf(severity: string, ...texts: readonly string[]): Colour {
  const given = severity.toLowerCase()
  if (COLOURS.has(given)) return SEVERITY[given]!
  for (const text of texts) {
    const last = lastColour(text)
    if (last) return last.colour
  }
  return Object.hasOwn(SEVERITY, given) ? SEVERITY[given]! : 'unknown'
}

/** 将黄色升级为橙色: the last one holds. */
function lastColour(text: string) {
  const found = WORDS.map(([word, colour]) => ({ at: text.lastIndexOf(word), colour })).sort((a, b) => b.at - a.at)[0]!
  return found.at < 0 ? undefined : found
}

/** What stands before the name of the danger in a headline of a Chinese office. */
const VERBS = ['发布', '变更为', '变更', '升级为', '降级为', '更新为', '更新', '维持', '解除', '取消', '将']
/** longer is no name */
const LONGEST_NAME = 12

/** 河南省气象局发布大风蓝色预警[IV级/一般] → 大风; undefined when the headline is not made so. */
export function dangerOf(headline: string): string | undefined {
  for (const end of endsOf(headline)) {
    const before = headline.slice(0, end)
    const start = Math.max(...VERBS.map((verb) => (before.includes(verb) ? before.lastIndexOf(verb) + verb.length : -1)))
    const name = start < 0 ? '' : before.slice(start).trim()
    if (name !== '' && name.length <= LONGEST_NAME) return name
  }
  return undefined
}

/** Where a name may end, last first: before a colour, else before 预警. */
function endsOf(headline: string): number[] {
  const ends = WORDS.map(([word]) => headline.lastIndexOf(word)).filter((at) => at > 0)
  const plain = headline.indexOf('预警')
  return ends.length > 0 ? ends.sort((a, b) => b - a) : plain > 0 ? [plain] : []
}
