import { type Span, spanOf, spanOfPointer } from '../ui/json-where.ts'

export interface Mark extends Span {
  /** bad: wrong; idle: of no use */
  tone: 'bad' | 'idle'
}

/** The text in pieces, each with its tone; the first mark wins where they overlap. */
export function cut(text: string, marks: readonly Mark[]): { text: string; tone?: Mark['tone'] }[] {
  const pieces: { text: string; tone?: Mark['tone'] }[] = []
  let at = 0
  for (const { from, to, tone } of [...marks].sort((a, b) => a.from - b.from)) {
    if (from < at) continue
    if (from > at) pieces.push({ text: text.slice(at, from) })
    pieces.push({ text: text.slice(from, Math.max(to, from + 1)), tone })
    at = Math.max(to, from + 1)
  }
  pieces.push({ text: text.slice(at) })
  return pieces
}

export function marksAt(text: string, places: readonly (string | null)[], tone: Mark['tone']): Mark[] {
  return places.flatMap((where) => {
    const span = where === null ? undefined : where.startsWith('/') ? spanOfPointer(text, where) : spanOf(text, where)
    return span ? [{ ...span, tone }] : []
  })
}

/** Where a text stops being JSON; undefined when it is JSON. */
export function faultOf(text: string): { message: string; at: number } | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    const message = (error as Error).message
    const position = /position (\d+)/.exec(message)
    return { message, at: position ? Math.min(Number(position[1]), Math.max(0, text.length - 1)) : Math.max(0, text.length - 1) }
  }
}

/** map.data.active → /data/active */
export const pointerOfField = (field: string) =>
  field
    .replace(/^map/, '')
    .split('.')
    .map((part, i) => (i === 0 ? part : `/${part}`))
    .join('')

export function lineOf(text: string, at: number): { line: number; column: number } {
  const lines = text.slice(0, at).split('\n')
  return { line: lines.length, column: lines.at(-1)!.length + 1 }
}
