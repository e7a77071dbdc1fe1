/** Where in a text something stands: characters from … to (not included). */
export interface Span {
  from: number
  to: number
}

/** The value that a JSON pointer names, as it stands in the text; the nearest one above when it is not there. */
export function spanOfPointer(text: string, pointer: string): Span | undefined {
  const wanted = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  let at = 0
  let found: Span | undefined
  let depth = 0

  const blank = () => {
    while (at < text.length && /\s/.test(text[at]!)) at++
  }
  const string = () => {
    const from = at++
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
    at++
    return text.slice(from, at)
  }
  /** Reads one value; `left`: the parts of the pointer that still lie below, undefined when it is elsewhere. */
  function value(left: readonly string[] | undefined, level: number): void {
    blank()
    const from = at
    if (text[at] === '{')
      members('}', level, left, () => {
        blank()
        const key = string()
        blank()
        at++
        return JSON.parse(key) as string
      })
    else if (text[at] === '[') {
      let n = 0
      members(']', level, left, () => String(n++))
    } else if (text[at] === '"') string()
    else while (at < text.length && !/[,\]}\s]/.test(text[at]!)) at++
    if (left && level >= depth) {
      depth = level
      found = { from, to: at }
    }
  }
  function members(end: string, level: number, left: readonly string[] | undefined, key: () => string) {
    at++
    for (blank(); at < text.length && text[at] !== end; blank()) {
      const name = key()
      value(left && left[0] === name ? left.slice(1) : undefined, level + 1)
      blank()
      if (text[at] === ',') at++
      else if (text[at] !== end) return
    }
    at++
  }
  try {
    value(wanted, 0)
  } catch {
    return undefined
  }
  return found
}

const encoder = new TextEncoder()
/** Characters before a byte of the text's UTF-8. */
export function charOfByte(text: string, byte: number): number {
  let bytes = 0
  let at = 0
  for (const character of text) {
    if (bytes >= byte) return at
    bytes += encoder.encode(character).length
    at += character.length
  }
  return at
}

/** `where` of a reject: a JSON pointer, a byte offset, or line and column. */
export function spanOf(text: string, where: string | undefined): Span | undefined {
  if (!where) return undefined
  const line = /line (\d+)(?:\D+(\d+))?/i.exec(where)
  if (line) return spanOfLine(text, Number(line[1]), Number(line[2] ?? 1))
  const byte = byteOf(where)
  if (byte !== undefined) {
    const from = Math.min(charOfByte(text, byte), text.length)
    return { from, to: Math.min(from + 1, text.length) }
  }
  return where.startsWith('/') || where === '' ? spanOfPointer(text, where) : undefined
}

/** The byte offset in `where`, when it is one. */
export function byteOf(where: string | undefined): number | undefined {
  const found = where === undefined ? null : /^(?:(?:byte|offset|position|字节)\D*)?(\d+)$/i.exec(where.trim())
  return found ? Number(found[1]) : undefined
}

function spanOfLine(text: string, line: number, column: number): Span {
  const lines = text.split('\n')
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0)
  const from = Math.min(before + column - 1, text.length)
  return { from, to: Math.min(from + 1, text.length) }
}
