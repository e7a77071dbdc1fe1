import { type Static, Type } from 'typebox'
import type { Viewer } from '../../shared/access.ts'
import type { Feed } from '../../shared/feed.ts'
import type { FeedView } from '../../shared/wall.ts'
import { publicFeed } from '../registers/feed-secrets.ts'
import { type FeedRow, newFeed, readFeeds } from '../store/feeds.ts'
import type { Api, App } from './context.ts'
import { feedChangeRoutes } from './feed-changes.ts'
import { feedKeyRoutes } from './feed-keys.ts'
import { kindItems, pathOf } from './feed-kinds.ts'
import { createGuard } from './guards.ts'
import { PageQuery, pageById } from './paging.ts'
import { Ids } from './queries.ts'
import { missing } from './registers.ts'

/** A feed as it was made, and as it is doing. `state` is how it is heard; `paused` when somebody paused it. */
type FeedItem = Omit<FeedView, 'id' | 'name' | 'state'> &
  Omit<Feed, 'state' | 'firstAt'> & { state: FeedView['state']; firstAt: number | null; path?: string }

/** Feeds as records, and their keys. */
export function feedRoutes(app: App, api: Api): void {
  lists(app, api)
  feedChangeRoutes(app, api)
  feedKeyRoutes(app, api)
}

function lists(app: App, { access, world, state, read, config }: Api): void {
  const guard = createGuard({ access, world })
  const all = (viewer: Viewer): FeedItem[] => {
    const rows = new Map(readFeeds(read).map((row) => [row.id, row]))
    const views = new Map(state().feeds.map((view) => [view.id, view]))
    const hung = world()
      .devices()
      .map(({ feed }) => feed)
    const ids = new Set([...rows.keys(), ...views.keys(), ...hung])
    const withSettings = access.may(viewer, 'feeds.manage')
    return [...ids].map((id) => itemOf(id, rows.get(id), views.get(id), withSettings))
  }
  const kinds = {
    tags: ['feeds'],
    summary: 'What a feed may speak: it calls us (in), we call it (out), by a broker (mqtt), on a port of its own',
  }
  app.get('/api/feeds/kinds', { schema: kinds }, async (request) => {
    guard.allow(request, 'feeds.view')
    return { items: kindItems(config), next: null }
  })
  app.get('/api/feeds', { schema: { tags: ['feeds'], querystring: Type.Object(PageQuery) } }, async (request) => {
    return pageById(all(guard.allow(request, 'feeds.view')), request.query)
  })
  app.get('/api/feeds/:id', { schema: { tags: ['feeds'], params: Ids } }, async (request) => {
    const viewer = guard.allow(request, 'feeds.view')
    const { id } = request.params as Static<typeof Ids>
    return all(viewer).find((feed) => feed.id === id) ?? missing('feed', id)
  })
}

/** Addresses and accounts are for those who set them; the others see what a feed is and how it is heard. */
function itemOf(id: string, row: FeedRow | undefined, view: FeedView | undefined, withSettings: boolean): FeedItem {
  const record = publicFeed(row ?? newFeed(id, 0))
  const { name, kind, version, firstAt, state } = record
  const path = pathOf(kind, id)
  return {
    ...NEVER,
    ...view,
    ...(withSettings ? record : { id, name, kind, version }),
    firstAt: row ? firstAt : null,
    state: state === 'paused' ? 'paused' : (view?.state ?? 'never'),
    ...(path !== undefined && { path }),
  }
}

const NEVER = {
  lastHeard: null,
  ...{ perMinute: 0, accepted: 0, duplicates: 0, repeats: 0, quarantined: 0 },
  drift: null,
  ...{ link: null, reconnects: 0, gap: null },
}
