/** Where reading of broken JSON stopped, when its source did not say: byte, line and column. Other formats are their sources' own matter. */
export function whereStopped(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes)
  if (!/^\s*[[{"]/.test(text)) return undefined
  // bytes that are no UTF-8 break a text before its grammar does
  const broken = text.indexOf('\ufffd')
  const at = broken >= 0 ? broken : whereJsonBreaks(text)
  return at === undefined ? undefined : place(text, at)
}

const TOKEN =
  /[\t\n\r ]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/uy
const BLANK = /[\t\n\r ]*/y
/** What may come after what: `v` a value, `k` a key, `K` a key or the end, `V` a value or the end, `:` and `,` (or the end) */
type Next = 'v' | 'V' | 'k' | 'K' | ':' | ','

/** The place of the first token that the grammar does not allow (RFC 8259); the engine's own parser tells it of some errors alone. */
function whereJsonBreaks(text: string): number | undefined {
  const open: string[] = []
  let next: Next = 'v'
  let at = 0
  while (true) {
    const start = skip(text, at)
    if (next === ',' && open.length === 0) return start === text.length ? undefined : start
    TOKEN.lastIndex = at
    const [, mark, string, plain] = TOKEN.exec(text) ?? []
    const after = step(next, open, mark, string, plain)
    if (after === undefined) return start
    next = after
    at = TOKEN.lastIndex
  }
}

function skip(text: string, at: number): number {
  BLANK.lastIndex = at
  BLANK.exec(text)
  return BLANK.lastIndex
}

function step(next: Next, open: string[], mark?: string, string?: string, plain?: string): Next | undefined {
  if (string !== undefined && (next === 'k' || next === 'K')) return ':'
  if ((string ?? plain) !== undefined) return next === 'v' || next === 'V' ? ',' : undefined
  if (mark === ':') return next === ':' ? 'v' : undefined
  if (mark === ',') return next !== ',' ? undefined : open.at(-1) === '{' ? 'k' : 'v'
  if (mark === '{' || mark === '[') return begin(next, open, mark)
  if (mark === '}') return (next === ',' || next === 'K') && open.pop() === '{' ? ',' : undefined
  return mark === ']' && (next === ',' || next === 'V') && open.pop() === '[' ? ',' : undefined
}

function begin(next: Next, open: string[], mark: '{' | '['): Next | undefined {
  if (next !== 'v' && next !== 'V') return undefined
  open.push(mark)
  return mark === '{' ? 'K' : 'V'
}

function place(text: string, at: number): string {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  return `byte ${Buffer.byteLength(before)} (line ${line}, column ${at - before.lastIndexOf('\n')})`
}
