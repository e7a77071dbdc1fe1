import { Type } from 'typebox'
import { createProjector, type Projector, projectionKey } from '../../shared/project.ts'
import type { World } from '../../shared/world.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { PlaceId } from './queries.ts'

/** The wall state, as this viewer may see it: the same projection as on `/live`. */
export function wallRoutes(app: App, { access, world, state }: Api): void {
  const guard = createGuard({ access, world })
  const projectors = createProjectors()
  const querystring = Type.Object({ scope: Type.Optional(PlaceId) })
  app.get('/api/wall', { schema: { tags: ['wall'], querystring } }, async (request) => {
    const { viewer, scope } = guard.scopeOf(request, 'wall.view', request.query.scope)
    return projectors(world(), { ...viewer, scope })(state())
  })
}

/** A projection remembers what it made, so asking again costs little; at most 50 kinds of viewers are remembered, for one state of the registers. */
function createProjectors() {
  let known = new Map<string, Projector>()
  let of: World | undefined
  return (world: World, watcher: Parameters<typeof createProjector>[0]): Projector => {
    if (of !== world || known.size > 50) known = new Map()
    of = world
    const key = projectionKey(watcher)
    const projector = known.get(key) ?? createProjector(watcher, world)
    known.set(key, projector)
    return projector
  }
}
