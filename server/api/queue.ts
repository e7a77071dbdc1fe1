import { Type } from 'typebox'
import type { Viewer } from '../../shared/access.ts'
import { maskName } from '../../shared/mask.ts'
import { matterKindOf } from '../../shared/matter-kind.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import { badRequest } from '../../shared/problem.ts'
import { sightOf } from '../../shared/sight.ts'
import type { World } from '../../shared/world.ts'
import { QUEUE_SORTS, type QueueRow, queuePage, queueTotals } from '../store/queue.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { decodeCursor, encodeCursor, limitOf, PageQuery } from './paging.ts'
import { listOf, PlaceId } from './queries.ts'
import { placesIn } from './sight.ts'

const Query = Type.Object({
  ...PageQuery,
  placeId: Type.Optional(PlaceId),
  state: Type.Optional(
    Type.String({ description: 'open, handling, awaiting-verification (these unless said), closed, merged; several by comma' }),
  ),
  waiting: Type.Optional(Type.Boolean({ description: 'true: nobody has looked at it or been sent' })),
  overdue: Type.Optional(Type.Boolean()),
  kind: Type.Optional(Type.String({ description: 'several by comma' })),
  priority: Type.Optional(Type.String({ description: '1 to 4, several by comma' })),
  channel: Type.Optional(Type.String({ description: 'alert, hotline, resident, field, shop, whistle, desk; several by comma' })),
  assignee: Type.Optional(Type.String({ description: 'staff or team id of an open order, or `me`' })),
  q: Type.Optional(Type.String({ maxLength: 100, description: 'words of reports and notes, a place, a number' })),
  sort: Type.Optional(Type.Enum([...QUEUE_SORTS])),
})

/** Everything that somebody has to see to, from all ways in. */
export function queueRoutes(app: App, { access, world, read }: Api): void {
  const guard = createGuard({ access, world })
  const summary = 'The one incident queue; `totals` are of all that is open in the area'
  app.get('/api/queue', { schema: { tags: ['queue'], summary, querystring: Query } }, async (request) => {
    const { query } = request
    const { viewer, scope } = guard.scopeOf(request, 'queue.view', query.placeId)
    const places = placesIn(world(), scope)
    const { rows, next } = queuePage(read, {
      places,
      state: listOf(query.state),
      waiting: query.waiting,
      overdue: query.overdue,
      kind: listOf(query.kind),
      priority: listOf(query.priority)?.map(Number),
      channel: listOf(query.channel),
      owner: query.assignee === 'me' ? (viewer.staffId ?? viewer.id) : query.assignee,
      q: query.q,
      sort: query.sort ?? 'urgency',
      after: cursorOf(query.cursor),
      limit: Math.min(limitOf({ limit: query.limit ?? 50 }), 200),
    })
    return {
      items: rows.map((row) => itemOf(world(), row, viewer)),
      next: next === null ? null : encodeCursor(next.join(' ')),
      totals: queueTotals(read, places),
    }
  })
}

function cursorOf(cursor: string | undefined): number[] | undefined {
  if (cursor === undefined) return undefined
  const numbers = decodeCursor(cursor).split(' ').map(Number)
  if (numbers.length <= 4 && numbers.every(Number.isFinite)) return numbers
  throw badRequest('The cursor is not one of ours', {
    errors: [{ field: '?cursor', detail: 'not understood', fix: 'give `next` of the page before as it is' }],
  })
}

function itemOf(world: World, { incident, orders, due, overdue, waiting, channels }: QueueRow, viewer: Viewer) {
  const { id, kind, priority, status, state, placeId, openedAt, closedAt, version, triageBy, triagedAt, proposals = [], merged } = incident
  const said = incident.timeline.find(({ what }) => what === 'report.received')
  return {
    ...{ id, kind, priority, status, state, placeId, openedAt, closedAt, version, triageBy, triagedAt },
    kindName: world.matterKind(matterKindOf(kind) ?? '')?.name ?? null,
    place: world.places.label(placeId),
    text: said?.note ?? null,
    ...{ due, overdue, waiting, channels },
    mergedInto: merged?.into,
    alerts: incident.alerts.length,
    reports: incident.reports.length,
    proposals,
    orders: shownOf(orders).map((order) => orderOf(world, order, viewer)),
  }
}

/** The open ones; of what is done the last. */
const shownOf = (orders: readonly Order[]) => (orders.some(isOpenOrder) ? orders.filter(isOpenOrder) : orders.slice(-1))

function orderOf(world: World, order: Order, viewer: Viewer) {
  const { id, state, priority, assignee, teamId, pool, lead, heldBy, next, since, dueAt, overdue, rung, version } = order
  const name = world.staff(assignee)?.name
  return {
    ...{ id, state, priority, assignee, teamId, pool, lead, heldBy, next, since, dueAt, overdue, rung, version },
    assigneeName: name === undefined ? null : sightOf(viewer).staff === 'full' ? name : maskName(name),
    teamName: world.team(teamId ?? pool ?? '')?.name ?? null,
  }
}
