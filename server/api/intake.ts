import { Type } from 'typebox'
import { readSignals, type SignalItem } from '../store/signal-lists.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { limitOf, PageQuery } from './paging.ts'
import { PlaceId, Time, timeOf } from './queries.ts'
import { placesIn } from './sight.ts'

/** What came in: signals, and the feeds they came by. */
export function intakeRoutes(app: App, api: Api): void {
  signals(app, api)
}

const SignalQuery = Type.Object({
  ...PageQuery,
  deviceId: Type.Optional(Type.String()),
  feed: Type.Optional(Type.String()),
  subject: Type.Optional(Type.String({ description: 'the same as deviceId, as the event says it' })),
  source: Type.Optional(Type.String({ description: 'the same as feed, as the event says it: /feeds/<id>' })),
  type: Type.Optional(Type.String({ description: 'e.g. linwang.help' })),
  placeId: Type.Optional(PlaceId),
  since: Type.Optional(Time),
  until: Type.Optional(Time),
})

function signals(app: App, { access, world, read }: Api): void {
  const guard = createGuard({ access, world })
  const summary = 'Newest first, by receipt. A page may be short while `next` says that there is more'
  app.get('/api/signals', { schema: { tags: ['intake'], summary, querystring: SignalQuery } }, async (request) => {
    const { scope } = guard.scopeOf(request, 'signals.view', request.query.placeId)
    const { subject, source, type, since, until, cursor } = request.query
    const { deviceId = subject, feed = source?.replace(/^\/feeds\//, '') } = request.query
    const times = { since: timeOf(since, 'since'), until: timeOf(until, 'until') }
    const look = (after: string | undefined, limit: number) => readSignals(read, { deviceId, feed, type, ...times, after, limit })
    return narrowed(look, placesIn(world(), scope), cursor, limitOf(request.query))
  })
}

/** Signals are kept without the tree above their place, so a scope is applied to what was read; at most this many reads a page. */
const READS = 20

function narrowed(
  look: (after: string | undefined, limit: number) => { items: SignalItem[]; next: string | null },
  inside: ReadonlySet<string> | undefined,
  cursor: string | undefined,
  limit: number,
) {
  if (!inside) return look(cursor, limit)
  const items: SignalItem[] = []
  let next: string | null = cursor ?? null
  for (let reads = 0; reads < READS && items.length < limit; reads++) {
    const found = look(next ?? undefined, limit - items.length)
    items.push(...found.items.filter(({ placeId }) => inside.has(placeId)))
    next = found.next
    if (next === null) break
  }
  return { items, next }
}
