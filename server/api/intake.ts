import { type Static, Type } from 'typebox'
import type { World } from '../../shared/world.ts'
import { readFeeds } from '../store/feeds.ts'
import { readSignals, type SignalItem } from '../store/signal-lists.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { limitOf, PageQuery, pageById } from './paging.ts'
import { Ids, PlaceId, Time, timeOf } from './queries.ts'
import { missing } from './registers.ts'
import { placesIn } from './sight.ts'

/** What came in: signals, and the feeds they came by. */
export function intakeRoutes(app: App, api: Api): void {
  signals(app, api)
  feeds(app, api)
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

function feeds(app: App, { access, world, state, read }: Api): void {
  const guard = createGuard({ access, world })
  const all = () => {
    const rows = new Map(readFeeds(read).map((row) => [row.id, row]))
    const views = new Map(state().feeds.map((view) => [view.id, view]))
    const ids = new Set([...rows.keys(), ...views.keys(), ...feedsOfDevices(world())])
    return [...ids].map((id) => ({
      ...NEVER,
      name: rows.get(id)?.name ?? id,
      ...views.get(id),
      id,
      firstAt: rows.get(id)?.firstAt ?? null,
    }))
  }
  app.get('/api/feeds', { schema: { tags: ['intake'], querystring: Type.Object(PageQuery) } }, async (request) => {
    guard.allow(request, 'feeds.view')
    return pageById(all(), request.query)
  })
  app.get('/api/feeds/:id', { schema: { tags: ['intake'], params: Ids } }, async (request) => {
    guard.allow(request, 'feeds.view')
    const { id } = request.params as Static<typeof Ids>
    return all().find((feed) => feed.id === id) ?? missing('feed', id)
  })
}

const feedsOfDevices = (world: World) => world.devices().map(({ feed }) => feed)
const NEVER = {
  state: 'never' as const,
  lastHeard: null,
  ...{ perMinute: 0, accepted: 0, duplicates: 0, repeats: 0, quarantined: 0 },
  drift: null,
  ...{ link: null, reconnects: 0, gap: null },
}
