import type { Decoded, SourceContext } from '../../../shared/arrival.ts'
import type { Feed } from '../../../shared/feed.ts'
import { applyMap, messageOf } from './json-map.ts'
import type { Plan, Reader } from './json-map-plan.ts'
import { escapeStep } from './json-map-pointer.ts'

export interface Trial {
  decoded: Decoded
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
  if ('detail' in message) return { decoded: { drafts: [], rejects: [{ reason: 'not-understood', ...message }] }, unused: [], unread: [] }
  const trace = { hit: new Set<string>(), read: new Set<string>() }
  const decoded = applyMap(plan, message.value, { ...setting, trace })
  const unused = readersOf(plan).filter(({ entry }) => !trace.hit.has(entry))
  return { decoded, unused: unused.map(({ entry }) => entry), unread: unreadIn(message.value, trace.read) }
}

const readersOf = ({ id, time, address, type, status, data }: Plan): Reader[] =>
  [id, time?.reader, address, type, status, ...data.map(([, reader]) => reader)].filter((reader) => reader !== undefined)

const MOST_UNREAD = 200

/** Pointers of all values that nobody looked at. */
function unreadIn(value: unknown, read: ReadonlySet<string>): string[] {
  const found: string[] = []
  const stack: [path: string, value: unknown][] = [['', value]]
  while (stack.length > 0 && found.length < MOST_UNREAD) {
    const [path, here] = stack.pop()!
    if (read.has(path)) continue
    if (typeof here === 'object' && here !== null)
      for (const [key, child] of Object.entries(here).reverse()) stack.push([`${path}/${escapeStep(key)}`, child])
    else found.push(path)
  }
  return found
}
