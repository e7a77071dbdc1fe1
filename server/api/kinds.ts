import { Type } from 'typebox'
import { MatterKind, OFFERED_TO } from '../../shared/matter-kind.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'

/** What can be reported, in the order of the register. */
export function kindRoutes(app: App, { access, world }: Api): void {
  const guard = createGuard({ access, world })
  const Query = Type.Object({ for: Type.Optional(Type.Enum([...OFFERED_TO], { description: 'the kinds that are offered there' })) })
  const schema = { tags: ['reports'], querystring: Query, response: { 200: Type.Object({ items: Type.Array(MatterKind) }) } }
  app.get('/api/kinds', { schema }, async (request) => {
    guard.allow(request, 'kinds.view')
    const wanted = request.query.for
    return {
      items: world()
        .matterKinds()
        .filter(({ offeredTo }) => wanted === undefined || offeredTo.includes(wanted)),
    }
  })
}
