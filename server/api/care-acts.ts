import { type Static, Type } from 'typebox'
import type { Viewer } from '../../shared/access.ts'
import { type Alert, VerdictCode } from '../../shared/alert.ts'
import { CallOutcome, contactsFor, nextContact } from '../../shared/care-call.ts'
import { type Incident, isOpenIncident } from '../../shared/incident.ts'
import { toActor } from '../access/commander.ts'
import type { Action } from '../access/policy.ts'
import { readPlan } from '../store/care.ts'
import { detectorRecords } from '../store/verdicts.ts'
import { maskedContact, worldWith } from './care-view.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { Ids, KeyHeader, PlaceId } from './queries.ts'
import { missing } from './registers.ts'
import { placesIn, thingFor } from './sight.ts'

const version = Type.Integer({ description: 'the version that you saw; a later one answers 409 with `current`' })
const note = Type.Optional(Type.String({ maxLength: 2000 }))
const CallBody = Type.Object({ contactId: Type.String(), outcome: CallOutcome, note, version })
const VerdictBody = Type.Object({ verdict: VerdictCode, note, version })

type Asked = Parameters<ReturnType<typeof createGuard>['allow']>[0] & {
  params: unknown
  body: Static<typeof CallBody> | Static<typeof VerdictBody>
  headers: Static<typeof KeyHeader>
}

/** Days of the record of detectors. */
const RECORD_DAYS = 90

/** The first act on a person's alert, and the last word on it. */
export function careActRoutes(app: App, api: Api): void {
  const { access, world, engine, lists, read } = api
  const guard = createGuard({ access, world })
  const tags = ['care']

  const call = { tags, summary: 'How a telephone call went; `next` says what comes of it', params: Ids, headers: KeyHeader, body: CallBody }
  app.post('/api/incidents/:id/call', { schema: call }, async (request) => {
    const { thing: incident, viewer } = await done<Incident>(request, 'incident.call', 'incidents', 'incident.call')
    return { ...thingFor(incident, viewer), next: nextOf(incident, viewer) }
  })

  const early = {
    tags,
    summary: 'The same for an alert that has no incident; it may get one by it',
    params: Ids,
    headers: KeyHeader,
    body: CallBody,
  }
  app.post('/api/alerts/:id/call', { schema: early }, async (request) => {
    const { thing, viewer } = await done<Alert>(request, 'incident.call', 'alerts', 'alert.call')
    return thingFor(thing, viewer)
  })

  const contacts = { tags, summary: 'Whom to call about an incident, in order and masked, and who is next', params: Ids }
  app.get('/api/incidents/:id/contacts', { schema: contacts }, async (request) => {
    const { id } = request.params as Static<typeof Ids>
    const viewer = await allowed<Incident>(request, 'care.view', 'incidents', id)
    const incident = (await lists.thing<Incident>('incidents', id))!
    return { items: contactsOf(incident).map((contact) => maskedContact(contact, viewer)), next: nextOf(incident, viewer) }
  })

  const verdict = {
    tags,
    summary: '属实, 误报 or 演练: kept with the alert, changes no state',
    params: Ids,
    headers: KeyHeader,
    body: VerdictBody,
  }
  app.post('/api/alerts/:id/verdict', { schema: verdict }, async (request) => {
    const { thing, viewer } = await done<Alert>(request, 'alert.verdict', 'alerts', 'alert.verdict')
    return thingFor(thing, viewer)
  })

  const Query = Type.Object({ placeId: Type.Optional(PlaceId) })
  const record = { tags, summary: `What the alerts of the last ${RECORD_DAYS} days were found to be, by kind`, querystring: Query }
  app.get('/api/detectors', { schema: record }, async (request) => {
    const { scope } = guard.scopeOf(request, 'detectors.view', request.query.placeId)
    const since = engine.clock().now - RECORD_DAYS * 86_400_000
    return { since, items: detectorRecords(read, since, placesIn(world(), scope)) }
  })

  /** one command about a thing that the viewer may reach */
  async function done<T extends { placeId: string }>(request: Asked, action: Action, list: 'incidents' | 'alerts', name: string) {
    const { id } = request.params as Static<typeof Ids>
    const viewer = await allowed<T>(request, action, list, id)
    const { version: seen, ...body } = request.body
    const command = { name, target: id, version: seen, body, actor: toActor(viewer) }
    return { thing: await engine.command<T>(command, request.headers['idempotency-key']), viewer }
  }

  async function allowed<T extends { placeId: string }>(
    request: Parameters<typeof guard.allow>[0],
    action: Action,
    name: 'incidents' | 'alerts',
    id: string,
  ): Promise<Viewer> {
    guard.allow(request, action)
    const thing = (await lists.thing<T>(name, id)) ?? missing(name.slice(0, -1), id)
    return guard.allow(request, action, thing.placeId)
  }

  function contactsOf({ residentId, placeId }: Incident) {
    const plan = residentId === undefined ? undefined : readPlan(read, residentId)
    return contactsFor(worldWith(world(), plan), residentId, placeId, engine.clock().now)
  }

  /** verify: somebody else looks and closes; call: the next contact; visit: somebody is on the way */
  function nextOf(incident: Incident, viewer: Viewer) {
    if (!isOpenIncident(incident)) return { step: 'none' as const }
    if (incident.answered) return { step: 'verify' as const }
    const contact = incident.calls?.at(-1)?.outcome === 'help' ? undefined : nextContact(contactsOf(incident), incident.calls)
    return contact ? { step: 'call' as const, contact: maskedContact(contact, viewer) } : { step: 'visit' as const }
  }
}
