import { notFound } from '../../shared/problem.ts'
import type { World } from '../../shared/world.ts'
import { readEstate } from '../store/registers.ts'
import type { Api, App } from './context.ts'
import { planWithDevices } from './estate-plan.ts'
import { createGuard } from './guards.ts'

/** The plan of the estate as it was imported, with the devices of the register: outlines and positions, no people. */
export function estateRoutes(app: App, api: Api): void {
  const { allow } = createGuard(api)
  /** made once for each state of the registers */
  const made = new WeakMap<World, string>()
  const planOf = (world: World) => {
    const known = made.get(world)
    if (known !== undefined) return known
    const imported = readEstate(api.read)
    const plan = imported && planWithDevices(imported, world.devices())
    if (plan !== undefined) made.set(world, plan)
    return plan
  }
  app.get('/api/estate', { schema: { tags: ['registers'], summary: 'The plan of the estate, GeoJSON' } }, async (request, reply) => {
    allow(request, 'places.view')
    const plan = planOf(api.world())
    if (plan === undefined) throw notFound('No plan has been imported: add estate.geojson to the registers')
    return reply.type('application/geo+json').header('cache-control', 'no-cache').serializer(String).send(plan)
  })
}
