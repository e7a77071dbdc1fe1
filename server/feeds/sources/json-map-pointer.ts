/** A JSON pointer (RFC 6901), ready to walk. */
export interface Pointer {
  text: string
  /** from the whole message instead of the item */
  fromWhole: boolean
  steps: readonly string[]
}

export const looksLikePointer = (text: string) => text.startsWith('/') || text.startsWith('^/')

/** undefined when it is no pointer: `~` stands only before 0 and 1. */
export function pointerOf(text: string): Pointer | undefined {
  const fromWhole = text.startsWith('^')
  const path = fromWhole ? text.slice(1) : text
  if ((path !== '' && !path.startsWith('/')) || /~(?![01])/.test(path)) return undefined
  const steps = path.split('/').slice(1)
  return { text: path, fromWhole, steps: steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')) }
}

const INDEX = /^(?:0|[1-9]\d{0,8})$/

/** What stands there; undefined: nothing. JSON packed in a text is opened when the way leads into it. */
export function walk(value: unknown, steps: readonly string[]): unknown {
  let here = value
  for (const step of steps) {
    if (typeof here === 'string') here = opened(here)
    if (typeof here !== 'object' || here === null) return undefined
    if (Array.isArray(here)) here = INDEX.test(step) ? here[Number(step)] : undefined
    else here = Object.hasOwn(here, step) ? (here as Record<string, unknown>)[step] : undefined
  }
  return here
}

function opened(text: string): unknown {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

export const escapeStep = (step: string) => step.replaceAll('~', '~0').replaceAll('/', '~1')

/** Texts and pointers of `{/a}-{/b}`; undefined when a brace does not close or holds no pointer. */
export function templateOf(text: string): (string | Pointer)[] | undefined {
  const parts: (string | Pointer)[] = []
  let at = 0
  while (at < text.length) {
    const open = nextOpen(text, at)
    if (open < 0) break
    const close = text.indexOf('}', open)
    const pointer = close < 0 ? undefined : pointerOf(text.slice(open + 1, close))
    if (!pointer || pointer.steps.length === 0) return undefined
    if (open > at) parts.push(text.slice(at, open))
    parts.push(pointer)
    at = close + 1
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}
export const isTemplate = (text: string) => nextOpen(text, 0) >= 0
function nextOpen(text: string, from: number): number {
  const found = [text.indexOf('{/', from), text.indexOf('{^/', from)].filter((at) => at >= 0)
  return found.length > 0 ? Math.min(...found) : -1
}
