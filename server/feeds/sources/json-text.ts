import { textOf } from './text.ts'

/** What the bytes say, or where and why reading them as JSON stopped. */
export type JsonRead = { value: unknown } | { detail: string; where: string }

/** JSON in UTF-8. `where` is the position of the character at which reading stopped, as far as it can be told. */
export function readJson(bytes: Uint8Array): JsonRead {
  if (bytes.length === 0) return { detail: 'the message is empty', where: '0' }
  const text = textOf(bytes)
  return text === undefined ? { detail: 'the message is not text in UTF-8', where: '0' } : parseJson(text)
}

export function parseJson(text: string): JsonRead {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    const { message } = error as Error
    return { detail: `the message is not JSON: ${message.slice(0, 200)}`, where: positionOf(message, text) }
  }
}

function positionOf(message: string, text: string): string {
  const said = /at position (\d+)/.exec(message)?.[1]
  if (said) return said
  if (/end of JSON|Unterminated/.test(message)) return `${text.length}`
  const token = /^Unexpected token '(.+?)'/su.exec(message)?.[1]
  return `${Math.max(0, token ? text.indexOf(token) : 0)}`
}

export type Fields = Record<string, unknown>
export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
