import type { Viewer } from '../../shared/access.ts'
import { absenceAt, type CarePlan, type CareState, careStateOf, createCareBook } from '../../shared/care.ts'
import { contactsFor, type Reachable } from '../../shared/care-call.ts'
import { maskName, maskPhone } from '../../shared/mask.ts'
import type { Category, Resident } from '../../shared/person.ts'
import { sightOf } from '../../shared/sight.ts'
import type { World } from '../../shared/world.ts'
import { maskedResident } from './sight.ts'

/** What one viewer sees of plans. */

/** Those for whom a plan is expected. */
const LOOKED_AFTER: readonly Category[] = ['living-alone', 'left-behind-child']
export const isLookedAfter = ({ categories }: Resident) => categories.some((category) => LOOKED_AFTER.includes(category))

/** The numbers of colleagues are masked as well: they too are people's own. */
export function maskedContact({ id, relation, staffId, name, phone }: Reachable, viewer: Pick<Viewer, 'role' | 'helper'>) {
  const sight = sightOf(viewer)
  const shown = staffId !== undefined && sight.staff === 'full' ? name : maskName(name)
  return { id, relation, staffId, name: shown, ...(sight.phone === 'masked' && { phone: maskPhone(phone) }), masked: true }
}

/** The world with the plan as it is stored: the main thread's own knows none. */
export const worldWith = (world: World, plan: CarePlan | undefined): World => ({
  ...world,
  care: createCareBook((id) => (id === plan?.residentId ? plan : undefined)),
})

export function careItem(
  world: World,
  resident: Resident,
  plan: CarePlan | undefined,
  viewer: Pick<Viewer, 'role' | 'helper'>,
  now: number,
) {
  const state: CareState = careStateOf(plan, now)
  return {
    residentId: resident.id,
    placeId: resident.placeId,
    person: maskedResident(world, resident, viewer, now),
    state,
    version: plan?.version ?? 0,
    contacts: plan?.contacts.length ?? 0,
    consentUntil: plan?.consent?.until ?? null,
    absence: absenceAt(plan, now) ?? null,
  }
}

/** The whole plan; `callOrder` is whom to call, with the staff for the place where the plan names nobody. */
export function carePlanFor(
  world: World,
  resident: Resident,
  plan: CarePlan | undefined,
  viewer: Pick<Viewer, 'role' | 'helper'>,
  now: number,
) {
  const all = contactsFor(worldWith(world, plan), resident.id, resident.placeId, now)
  const callOrder = all.map((contact) => maskedContact(contact, viewer))
  const own = new Map(callOrder.map((contact) => [contact.id, contact]))
  return {
    ...careItem(world, resident, plan, viewer, now),
    contacts: (plan?.contacts ?? []).map(({ id, relation, staffId }) => own.get(id) ?? { id, relation, staffId, name: '', gone: true }),
    callOrder,
    detectors: plan?.detectors ?? {},
    quiet: plan?.quiet ?? [],
    consent: plan?.consent ?? null,
    absences: plan?.absences ?? [],
    changedAt: plan?.changedAt ?? null,
    changedBy: plan?.changedBy ?? null,
    changedByName: world.staff(plan?.changedBy ?? '')?.name ?? null,
  }
}
