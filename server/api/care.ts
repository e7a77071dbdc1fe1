import { type Static, Type } from 'typebox'
import { AbsenceKind, CARE_STATES, ContactRelation, careStateOf, QuietHours } from '../../shared/care.ts'
import { contactsFor } from '../../shared/care-call.ts'
import type { Resident } from '../../shared/person.ts'
import { badRequest } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import type { Action } from '../access/policy.ts'
import { readPlan, readPlans } from '../store/care.ts'
import { careItem, carePlanFor, isLookedAfter, worldWith } from './care-view.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { PageQuery, pageById } from './paging.ts'
import { KeyHeader, listOf, PlaceId } from './queries.ts'
import { missing } from './registers.ts'
import { placesIn } from './sight.ts'

const maybe = Type.Optional
const orNone = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const Who = Type.Object({ residentId: Type.String() })
const Ms = Type.Number({ description: 'milliseconds since 1970' })
const Plan = Type.Object({
  version: Type.Integer({ minimum: 0, description: 'the version that you saw; 0 for the first plan' }),
  contacts: Type.Array(
    Type.Object({
      id: maybe(Type.String({ description: 'of a contact that is there; what is not sent of it stays as it is' })),
      relation: maybe(ContactRelation),
      staffId: maybe(Type.String({ description: 'name and number are those of the staff register' })),
      name: maybe(Type.String()),
      phone: maybe(Type.String()),
    }),
    { description: 'in the order in which they are called; the person comes first by itself' },
  ),
  detectors: maybe(Type.Record(Type.String(), Type.Boolean(), { description: 'kind of alert → false: off; what is not named is on' })),
  quiet: maybe(Type.Array(QuietHours)),
  consent: maybe(
    orNone(Type.Object({ at: Ms, by: Type.String({ description: 'self, or the id of a contact' }), until: maybe(orNone(Ms)) })),
  ),
})
const NewAbsence = Type.Object({
  kind: AbsenceKind,
  from: maybe(Ms),
  until: Type.Union([Ms, Type.String()], { description: 'the day of return: RFC 3339 or milliseconds' }),
  note: maybe(Type.String({ maxLength: 2000 })),
})
const Query = Type.Object({
  ...PageQuery,
  placeId: maybe(PlaceId),
  state: maybe(Type.String({ description: `${CARE_STATES.join(', ')}; several by comma` })),
})

/** Care plans: people with one, and those for whom one is expected. */
export function careRoutes(app: App, api: Api): void {
  const { access, world, engine, read } = api
  const guard = createGuard({ access, world })
  const tags = ['care']
  /** the person, when the viewer may do this there */
  const allowed = (request: Parameters<typeof guard.allow>[0], action: Action) => {
    guard.allow(request, action)
    const { residentId } = request.params as Static<typeof Who>
    const resident = world().resident(residentId) ?? missing('resident', residentId)
    return { resident, viewer: guard.allow(request, action, resident.placeId) }
  }
  const show = (resident: Resident, viewer: Parameters<typeof carePlanFor>[3]) =>
    carePlanFor(world(), resident, readPlan(read, resident.id), viewer, engine.clock().now)

  app.get(
    '/api/care',
    { schema: { tags, summary: 'People looked after, masked by role, with the state of their plan', querystring: Query } },
    async (request) => {
      const { placeId, state, ...query } = request.query
      const { viewer, scope } = guard.scopeOf(request, 'care.view', placeId)
      const { now } = engine.clock()
      const plans = new Map(readPlans(read).map((plan) => [plan.residentId, plan]))
      const inside = placesIn(world(), scope)
      const states = statesOf(state)
      const fits = (resident: Resident) => {
        const plan = plans.get(resident.id)
        if (inside && !inside.has(resident.placeId)) return false
        return (plan !== undefined || isLookedAfter(resident)) && (!states || states.includes(careStateOf(plan, now)))
      }
      const page = pageById(world().residents(), query, fits)
      return { ...page, items: page.items.map((resident) => careItem(world(), resident, plans.get(resident.id), viewer, now)) }
    },
  )

  app.get('/api/care/:residentId', { schema: { tags, summary: 'One plan, masked by role', params: Who } }, async (request) => {
    const { resident, viewer } = allowed(request, 'care.view')
    return show(resident, viewer)
  })

  const put = {
    tags,
    summary: 'The whole plan anew, but for what contacts leave out and absences',
    params: Who,
    headers: KeyHeader,
    body: Plan,
  }
  app.put('/api/care/:residentId', { schema: put }, async (request) => {
    const { resident, viewer } = allowed(request, 'care.manage')
    const { version, ...body } = request.body
    const key = request.headers['idempotency-key']
    await engine.command({ name: 'care.save', target: resident.id, version, body, actor: toActor(viewer) }, key)
    return show(resident, viewer)
  })

  const away = { tags, summary: 'Away until a day of return', params: Who, headers: KeyHeader, body: NewAbsence }
  app.post('/api/care/:residentId/absence', { schema: away }, async (request, reply) => {
    const { resident, viewer } = allowed(request, 'care.absence')
    const key = request.headers['idempotency-key']
    const answer = await engine.command({ name: 'care.absence', target: resident.id, body: request.body, actor: toActor(viewer) }, key)
    return reply.code(201).send(answer)
  })

  const back = {
    tags,
    summary: 'Back earlier, or not gone',
    params: Type.Object({ ...Who.properties, id: Type.String() }),
    headers: KeyHeader,
  }
  app.delete('/api/care/:residentId/absence/:id', { schema: back }, async (request, reply) => {
    const { resident, viewer } = allowed(request, 'care.absence')
    const key = request.headers['idempotency-key']
    await engine.command({ name: 'care.absence.end', target: resident.id, body: { id: request.params.id }, actor: toActor(viewer) }, key)
    return reply.code(204).send()
  })

  const Reason = Type.Object({ reason: Type.String({ minLength: 2, maxLength: 500 }), contactId: maybe(Type.String()) })
  const unmask = { tags, summary: 'Names and numbers to call; who asked and why is in the audit first', params: Who, body: Reason }
  app.post('/api/care/:residentId/unmask', { schema: unmask }, async (request) => {
    const { resident, viewer } = allowed(request, 'care.unmask')
    await engine.command({ name: 'care.unmask', target: resident.id, body: request.body, actor: toActor(viewer) })
    const { contactId } = request.body
    const all = contactsFor(worldWith(world(), readPlan(read, resident.id)), resident.id, resident.placeId, engine.clock().now)
    const items = all.filter(({ id }) => contactId === undefined || id === contactId)
    return { items: items.map((contact) => ({ ...contact, masked: false })) }
  })
}

function statesOf(state: string | undefined): string[] | undefined {
  const states = listOf(state)
  const unknown = states?.find((each) => !(CARE_STATES as readonly string[]).includes(each))
  if (unknown === undefined) return states
  throw badRequest(`There is no state ${unknown}`, {
    errors: [{ field: '?state', detail: 'unknown', fix: `one of ${CARE_STATES.join(', ')}` }],
  })
}
