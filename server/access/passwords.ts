import { hash, verify } from '@node-rs/argon2'
import { unprocessable } from '../../shared/problem.ts'

/** argon2id with 19 MiB, 2 passes, 1 lane: the first choice of OWASP's password storage cheat sheet, and the package's default. */
export const hashPassword = (password: string): Promise<string> => hash(password)

let nobody: Promise<string> | undefined

/** Takes as long for an unknown user as for a known one. */
export async function checkPassword(kept: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword('nobody has this password')
  const matches = await verify(kept ?? (await nobody), password)
  return kept !== undefined && matches
}

/** After NIST SP 800-63B: length counts, composition rules do not; names and well-worn words are out. */
export function assertGoodPassword(password: string, username: string): void {
  const fix = faultOf(password, username)
  if (fix) throw unprocessable('The password is too easy to guess', { errors: [{ field: '/password', detail: 'too easy to guess', fix }] })
}

const LEAST = 12
const WORN = ['password', '123456', 'qwerty', 'admin', 'linwang', 'letmein', 'woaini', 'iloveyou', '111111', 'abc123']

function faultOf(password: string, username: string): string | undefined {
  const length = [...password].length
  if (length < LEAST) return `use at least ${LEAST} characters; a sentence is fine`
  if (length > 128) return 'use at most 128 characters'
  const lower = password.toLowerCase()
  if (username.length > 2 && lower.includes(username.toLowerCase())) return 'leave the user name out'
  if (new Set(lower).size < 5) return 'use more different characters'
  const rest = WORN.reduce((text, word) => text.replaceAll(word, ''), lower)
  if (turns(rest) < LEAST / 2) return 'add words that nobody would expect'
  return undefined
}

/** From one character to the next in the alphabet, back, or from 9 to 0. */
const SEQUENCES = [-9, -1, 0, 1, 9]

/** Characters that do not simply go on from the one before: 789012 and aaaa have one. */
const turns = (text: string): number =>
  [...text].filter((char, i, all) => i === 0 || !SEQUENCES.includes(char.codePointAt(0)! - all[i - 1]!.codePointAt(0)!)).length
