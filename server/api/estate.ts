import { notFound } from '../../shared/problem.ts'
import { readEstate } from '../store/registers.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'

/** The plan of the estate as it was imported: outlines and device positions, no people. */
export function estateRoutes(app: App, api: Api): void {
  const { allow } = createGuard(api)
  app.get('/api/estate', { schema: { tags: ['registers'], summary: 'The plan of the estate, GeoJSON' } }, async (request, reply) => {
    allow(request, 'places.view')
    const plan = readEstate(api.read)
    if (plan === undefined) throw notFound('No plan has been imported: add estate.geojson to the registers')
    return reply.type('application/geo+json').header('cache-control', 'no-cache').serializer(String).send(plan)
  })
}
