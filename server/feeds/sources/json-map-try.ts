import type { Decoded, SourceContext } from '../../../shared/arrival.ts'
import type { Feed } from '../../../shared/feed.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import { applyMap, messageOf } from './json-map.ts'
import type { Plan, Reader } from './json-map-plan.ts'
import { escapeStep, walk } from './json-map-pointer.ts'
import type { Trace } from './json-map-read.ts'

export interface Trial {
  decoded: Decoded
  /** where in the sample a field of a draft comes from; null: from nowhere */
  origin(draft: SignalDraft, field: string): string | null
  unused: string[]
  unread: string[]
}
interface TrialSetting {
  feedId: string
  feed: Pick<Feed, 'zone' | 'strict'> | undefined
  context: Pick<SourceContext, 'now' | 'utcOffset'>
}

/** A sample through a map as the source would do it, and what of either was of no use to the other. */
export function tryMap(plan: Plan, sample: string, setting: TrialSetting): Trial {
  const message = messageOf({ bytes: new TextEncoder().encode(sample) })
  if ('detail' in message) return { ...NOTHING, decoded: { drafts: [], rejects: [{ reason: 'not-understood', ...message }] } }
  const trace: Trace = { hit: new Set(), read: new Set(), bases: new Map() }
  const decoded = applyMap(plan, message.value, { ...setting, trace })
  const unused = readersOf(plan).filter(({ entry }) => !trace.hit.has(entry))
  const origin = (draft: SignalDraft, field: string) => {
    const pointer = plan.data.find(([name]) => name === field)?.[1].pointer
    return pointer ? `${pointer.fromWhole ? '' : (trace.bases.get(draft) ?? '')}${pointer.text}` : null
  }
  return { decoded, origin, unused: unused.map(({ entry }) => entry), unread: unreadIn(plan, message.value, trace.read) }
}
const NOTHING = { origin: () => null, unused: [], unread: [] }

const readersOf = ({ id, time, address, type, status, data }: Plan): Reader[] =>
  [id, time?.reader, address, type, status, ...data.map(([, reader]) => reader)].filter((reader) => reader !== undefined)

const MOST_UNREAD = 200

/** Pointers of all values that nobody looked at; of those that every item has, the first. */
function unreadIn(plan: Plan, whole: unknown, read: ReadonlySet<string>): string[] {
  const found = new Map<string, string>()
  const inItem = itemPath(plan, whole)
  const stack: [path: string, value: unknown][] = [['', whole]]
  while (stack.length > 0 && found.size < MOST_UNREAD) {
    const [path, here] = stack.pop()!
    const own = inItem(path)
    if (read.has(`^${path}`) || (own !== undefined && read.has(own))) continue
    if (typeof here === 'object' && here !== null)
      for (const [key, child] of Object.entries(here).reverse()) stack.push([`${path}/${escapeStep(key)}`, child])
    else if (!found.has(own ?? `^${path}`)) found.set(own ?? `^${path}`, path)
  }
  return [...found.values()]
}

/** The path within its item; undefined: it lies in none. */
function itemPath({ each }: Plan, whole: unknown): (path: string) => string | undefined {
  const base = each?.text ?? ''
  if (!Array.isArray(each ? walk(whole, each.steps) : whole)) return (path) => (path.startsWith(base) ? path.slice(base.length) : undefined)
  return (path) => {
    if (!path.startsWith(`${base}/`)) return undefined
    const end = path.indexOf('/', base.length + 1)
    return end < 0 ? '' : path.slice(end)
  }
}
