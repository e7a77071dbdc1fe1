import type { Endpoint, EndpointFilter, MessageKind } from '../../shared/message.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import type { Draft } from '../store/outbox.ts'
import type { Telling } from './tellings.ts'

export const endpointLane = (id: string) => `endpoint:${id}`

/** What a group chat wants to hear when nobody said what. */
const USUAL: readonly MessageKind[] = [
  'incident.opened',
  'incident.closed',
  'order.overdue',
  'order.escalated',
  'order.rejected',
  'order.help',
]

export type News = Omit<Telling, 'to'>

/** One row for each endpoint that wants to hear it. A paused one keeps what comes meanwhile. */
export function draftsForEndpoints(news: News, endpoints: readonly Endpoint[], world: World, now: Millis): Draft[] {
  return endpoints.flatMap((endpoint) => (wants(endpoint, news, world) ? [toEndpoint(endpoint, news, now)] : []))
}

/** `city`: changes alone; the others what they ask for, and changes only by name. */
export function wants(endpoint: Pick<Endpoint, 'format' | 'filter' | 'drills' | 'state'>, news: News, world: World): boolean {
  if (endpoint.state === 'gone') return false
  if (news.status !== 'actual' && !endpoint.drills) return false
  const events = endpoint.filter.events ?? (endpoint.format === 'city' ? CHANGES : USUAL)
  return events.includes(news.kind) && fits(endpoint.filter, news, world)
}
const CHANGES: readonly MessageKind[] = ['change.incident', 'change.order']

function fits({ kinds, priority, placeId }: EndpointFilter, news: News, world: World): boolean {
  if (kinds && !kinds.includes(String(news.params.kind))) return false
  if (priority !== undefined && news.priority > priority) return false
  return placeId === undefined || world.places.within(news.placeId, placeId)
}

/** Changes of one incident leave one after another; everything else goes by urgency. */
function toEndpoint({ id }: Endpoint, news: News, createdAt: Millis): Draft {
  const serial = news.kind.startsWith('change.') ? news.incidentId : undefined
  const { kind, priority, status, incidentId, orderId, placeId, params } = news
  return {
    ...{ channel: 'webhook', recipient: id, lane: endpointLane(id), serial },
    ...{ kind, priority, status, incidentId, orderId, placeId, params, createdAt },
  }
}
