/**
 * Chinese has no spaces: a text is cut into pairs of neighbouring characters, so that a word of two is found wherever it stands. Letters and
 * digits stay whole words in lower case.
 */
export function bigramsOf(text: string): string[] {
  return [...text.normalize('NFKC').toLowerCase().matchAll(RUNS)].flatMap(([run]) => (HAN.test(run) ? pairs([...run]) : [run]))
}

const RUNS = /\p{Script=Han}+|[\p{L}\p{N}]+?(?=\p{Script=Han}|[^\p{L}\p{N}]|$)/gu
const HAN = /^\p{Script=Han}/u

/** The last character stands alone too, so that a search for one character finds it at the end. */
const pairs = (letters: readonly string[]) => letters.map((letter, i) => letter + (letters[i + 1] ?? ''))

/** How much of other texts is the same as in this one: shared pairs by all pairs (Jaccard), 0 to 1. */
export function likenessTo(text: string): (other: string) => number {
  const own = new Set(bigramsOf(text))
  return (other) => {
    const pairsOfOther = new Set(bigramsOf(other))
    const shared = [...pairsOfOther].filter((pair) => own.has(pair)).length
    return shared === 0 ? 0 : shared / (own.size + pairsOfOther.size - shared)
  }
}
