import { type Static, Type } from 'typebox'
import type { Viewer } from '../../shared/access.ts'
import type { Alert } from '../../shared/alert.ts'
import type { ContactRelation } from '../../shared/care.ts'
import { contactsFor } from '../../shared/care-call.ts'
import type { Staff, StaffRole } from '../../shared/person.ts'
import type { World } from '../../shared/world.ts'
import { readPlan } from '../store/care.ts'
import { maskedContact, worldWith } from './care-view.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { Ids } from './queries.ts'
import { missing } from './registers.ts'

const Who = Type.Object({ residentId: Type.String() })

/** What somebody of the staff is to the person looked after. */
const RELATION: Partial<Record<StaffRole, ContactRelation>> = {
  'cluster-head': 'cluster-head',
  'grid-worker': 'grid-worker',
  'building-head': 'other',
  'community-staff': 'community',
  'party-branch': 'community',
  volunteer: 'other',
}

/** Who can be called: the staff whose duty covers a person's home, and whom to call about an alert without an incident. */
export function carePeopleRoutes(app: App, api: Api): void {
  const { access, world, engine, lists, read } = api
  const guard = createGuard({ access, world })

  const staff = { tags: ['care'], summary: 'Staff whose duty covers the home, nearest first: contacts to choose from', params: Who }
  app.get('/api/care/:residentId/staff', { schema: staff }, async (request) => {
    guard.allow(request, 'care.view')
    const { residentId } = request.params as Static<typeof Who>
    const resident = world().resident(residentId) ?? missing('resident', residentId)
    const viewer = guard.allow(request, 'care.view', resident.placeId)
    return { items: staffFor(world(), resident.placeId).map((one) => choice(world(), one, viewer)) }
  })

  const contacts = { tags: ['care'], summary: 'Whom to call about an alert, in order and masked', params: Ids }
  app.get('/api/alerts/:id/contacts', { schema: contacts }, async (request) => {
    guard.allow(request, 'care.view')
    const { id } = request.params as Static<typeof Ids>
    const alert = (await lists.thing<Alert>('alerts', id)) ?? missing('alert', id)
    const viewer = guard.allow(request, 'care.view', alert.placeId)
    const plan = alert.residentId === undefined ? undefined : readPlan(read, alert.residentId)
    const all = contactsFor(worldWith(world(), plan), alert.residentId, alert.placeId, engine.clock().now)
    return { items: all.map((contact) => maskedContact(contact, viewer)) }
  })
}

function staffFor({ places, allStaff }: World, placeId: string): Staff[] {
  const above = places.path(placeId).flatMap(({ id, clusterId }) => (clusterId === undefined ? [id] : [id, clusterId]))
  const nearness = new Map(above.map((id, n) => [id, n]))
  return allStaff()
    .filter((one) => RELATION[one.role] !== undefined && nearness.has(one.placeId))
    .sort((one, other) => nearness.get(one.placeId)! - nearness.get(other.placeId)!)
}

function choice(world: World, { id, name, phone, role, placeId }: Staff, viewer: Pick<Viewer, 'role' | 'helper'>) {
  const relation = RELATION[role]!
  const contact = maskedContact({ id, relation, staffId: id, name, phone }, viewer)
  return { ...contact, role, place: world.places.label(placeId) }
}
