import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'

/** Where a matter can be: buildings and spots of the own community, which everybody knows; and the own home. */
export function myPlaceRoutes(app: App, { access, world }: Api): void {
  const guard = createGuard({ access, world })
  const summary = 'The own home, and the buildings and spots of the community'
  app.get('/api/my/places', { schema: { tags: ['my'], summary } }, async (request) => {
    const { scope } = guard.allow(request, 'publications.view')
    const { places } = world()
    const community = places.nearest(scope, 'community') ?? places.get(scope)
    const all = community ? places.all().filter(({ id }) => places.within(id, community.id)) : []
    const items = all.flatMap(({ id, kind, name, lon, lat }) =>
      kind === 'building' || kind === 'spot' ? [{ id, kind, name, lon, lat }] : [],
    )
    const home = places.get(scope)?.kind === 'flat' ? { id: scope, label: places.label(scope) } : null
    return { community: community && { id: community.id, name: community.name }, home, items }
  })
}
