import { type Static, Type } from 'typebox'
import type { Incident } from '../../shared/incident.ts'
import { maskName, maskPhone } from '../../shared/mask.ts'
import { Suggestions } from '../../shared/suggestion.ts'
import { Team } from '../../shared/team.ts'
import { toActor } from '../access/commander.ts'
import { atRisk } from '../dispatch/people.ts'
import { emptyRungs, suggest } from '../dispatch/suggest.ts'
import { orderLoads } from '../store/orders.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { answeredFor, createOrderGuard } from './own-orders.ts'
import { Ids, PlaceId } from './queries.ts'
import { missing } from './registers.ts'

const Reason = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) })
const Person = Type.Object({ id: Type.String(), name: Type.String(), role: Type.String(), phone: Type.String(), onDuty: Type.Boolean() })
const TeamItem = Type.Intersect([Team, Type.Object({ onDuty: Type.Number(), people: Type.Array(Person) })])

/** Whom to send, and who lives where somebody is sent to. */
export function dispatchRoutes(app: App, api: Api): void {
  suggestions(app, api)
  teams(app, api)
  people(app, api)
}

function suggestions(app: App, { access, world, lists, engine, read }: Api): void {
  const guard = createGuard({ access, world })
  const summary = 'Whom to send, best first, with the reasons; `empty` names the rungs on which nobody is on duty'
  const schema = { tags: ['incidents'], summary, params: Ids, response: { 200: Suggestions } }
  app.get('/api/incidents/:id/suggest', { schema }, async (request) => {
    const { id } = request.params as Static<typeof Ids>
    guard.allow(request, 'incident.handle')
    const incident = (await lists.thing<Incident>('incidents', id)) ?? missing('incident', id)
    guard.allow(request, 'incident.handle', incident.placeId)
    const { now } = engine.clock()
    const loads = orderLoads(read)
    return {
      items: suggest(world(), incident, now, (staffId) => loads.get(staffId) ?? 0),
      empty: emptyRungs(world(), incident.placeId, now),
      atRisk: atRisk(world(), incident.kind, incident.placeId, now),
    }
  })
}

function teams(app: App, { access, world, engine }: Api): void {
  const guard = createGuard({ access, world })
  const querystring = Type.Object({
    placeId: Type.Optional(PlaceId),
    form: Type.Optional(Type.String()),
    people: Type.Optional(Type.Boolean()),
  })
  const summary = 'Pools, teams and outside contacts; with `people=true` who is in them'
  app.get(
    '/api/teams',
    { schema: { tags: ['registers'], summary, querystring, response: { 200: Type.Object({ items: Type.Array(TeamItem) }) } } },
    async (request) => {
      const { placeId, form, people: withPeople } = request.query
      const { viewer, scope } = guard.scopeOf(request, 'teams.view', placeId)
      const { places } = world()
      const near = world()
        .teams()
        .filter((team) => places.within(scope, team.placeId) || places.within(team.placeId, scope))
      const { now } = engine.clock()
      const isOffice = viewer.role !== 'field'
      const person = (id: string) => {
        const staff = world().staff(id)
        if (!staff) return []
        const shown = isOffice ? staff : { ...staff, name: maskName(staff.name), phone: maskPhone(staff.phone) }
        return [{ id, name: shown.name, role: staff.role, phone: shown.phone, onDuty: world().isOnDuty(id, now) }]
      }
      const items = near
        .filter((team) => form === undefined || team.form === form)
        .map((team) => ({
          ...team,
          onDuty: team.members.filter((id) => world().isOnDuty(id, now)).length,
          people: withPeople ? team.members.flatMap(person) : [],
        }))
      return { items }
    },
  )
}

function people(app: App, api: Api): void {
  const ownOrder = createOrderGuard(api)
  const summary = 'Who lives there, as far as the order needs it; who asked is in the audit first'
  app.post('/api/orders/:id/people', { schema: { tags: ['orders'], summary, params: Ids, body: Reason } }, async (request) => {
    const { id } = request.params as Static<typeof Ids>
    const { viewer } = await ownOrder(request, id)
    const command = { name: 'order.people', target: id, body: request.body, actor: toActor(viewer) }
    return answeredFor(api.world(), viewer, api.engine.command<object>(command))
  })
}
