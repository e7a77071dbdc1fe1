import { KIND_WORDS } from '../../shared/kind-words.ts'

type Words = { [code: string]: string | Words }

/** What mail and robots call a kind of alert. A kind that has no word goes by its code. */
export function kindWord(kind: string): string {
  const word = kind.split('.').reduce<string | Words | undefined>(stepInto, KIND_WORDS)
  return typeof word === 'string' ? word : kind
}

const stepInto = (words: string | Words | undefined, code: string) =>
  typeof words === 'object' && Object.hasOwn(words, code) ? words[code] : undefined
