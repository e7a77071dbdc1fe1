import type { Read } from './rows.ts'

/** Tells what is wrong with one cell, and how to mend it. */
export type Say = (read: Read, column: string, problem: string, fix: string) => void

/** Whether the day exists: 30 February does not. */
export function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
