import { Type } from 'typebox'
import { maskName } from '../../shared/mask.ts'
import { STAFF_ROLES, type Staff, type StaffRole } from '../../shared/person.ts'
import { notFound } from '../../shared/problem.ts'
import { orderLoads } from '../store/orders.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'

/** Who of the staff carries a phone, in the order of a list to choose from. */
const WITH_PHONE = {
  'grid-worker': { zh: '网格员', en: 'Grid worker' },
  'party-member': { zh: '党员', en: 'Party member' },
  volunteer: { zh: '志愿者', en: 'Volunteer' },
  enforcement: { zh: '综合执法队员', en: 'Enforcement officer' },
  property: { zh: '物业人员', en: 'Property worker' },
  'community-staff': { zh: '社区工作人员', en: 'Community staff' },
  'building-head': { zh: '楼栋长', en: 'Building head' },
  'cluster-head': { zh: '联户长', en: 'Cluster head' },
  shop: { zh: '商户', en: 'Shop' },
} as const satisfies Partial<Record<StaffRole, { zh: string; en: string }>>
type PhoneRole = keyof typeof WITH_PHONE
const ROLES = Object.keys(WITH_PHONE) as PhoneRole[]

const Words = Type.Object({ zh: Type.String(), en: Type.String() })
const Person = Type.Object({
  id: Type.String({ description: 'for POST /api/session {role: "field", staffId}' }),
  name: Type.String({ description: 'masked' }),
  role: Type.Enum([...STAFF_ROLES]),
  roleName: Words,
  placeId: Type.String(),
  place: Type.String(),
  teams: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  onDuty: Type.Boolean(),
  orders: Type.Number({ description: 'how many open orders they have' }),
})
const Query = Type.Object({ role: Type.Optional(Type.Enum([...ROLES], { description: 'one role alone, and more of it' })) })

/** Of each role, and of one that was asked for. */
const [FEW, MANY] = [5, 60]

/** Demo alone: people to try the phone page as. */
export function demoRoutes(app: App, { access, world, engine, read }: Api): void {
  const guard = createGuard({ access, world })
  const summary = 'Demo: people of the staff to sign in as, those with open orders and on duty first'
  const schema = { tags: ['session'], summary, querystring: Query, response: { 200: Type.Object({ items: Type.Array(Person) }) } }
  app.get('/api/demo/people', { schema }, async (request) => {
    if (access.mode !== 'demo') throw notFound('There is a list of people to sign in as in demo alone')
    guard.allow(request, 'wall.view')
    const { now } = engine.clock()
    const loads = orderLoads(read)
    const person = (staff: Staff) => ({
      ...{ id: staff.id, name: maskName(staff.name), role: staff.role, roleName: WITH_PHONE[staff.role as PhoneRole] },
      ...{ placeId: staff.placeId, place: world().places.label(staff.placeId) },
      teams: world()
        .teamsOf(staff.id)
        .map(({ id, name }) => ({ id, name })),
      onDuty: world().isOnDuty(staff.id, now),
      orders: loads.get(staff.id) ?? 0,
    })
    const { role } = request.query
    const all = Map.groupBy(world().allStaff(), (staff) => staff.role)
    const of = (one: PhoneRole, most: number) => spread((all.get(one) ?? []).map(person), most)
    return { items: role ? of(role, MANY) : ROLES.flatMap((one) => of(one, FEW)) }
  })
}

type Listed = { placeId: string; onDuty: boolean; orders: number; teams: { id: string }[] }

/** Who has something to do first, then who is on duty, one of each team and area before a second of any. */
export function spread<T extends Listed>(people: readonly T[], most: number): T[] {
  const sorted = people.toSorted((a, b) => b.orders - a.orders || Number(b.onDuty) - Number(a.onDuty))
  const seen = new Map<string, number>()
  const turn = sorted.map((one) => {
    const group = `${one.teams[0]?.id ?? ''} ${one.placeId}`
    const nth = seen.get(group) ?? 0
    seen.set(group, nth + 1)
    return { one, nth: one.orders > 0 ? 0 : nth }
  })
  return turn
    .toSorted((a, b) => a.nth - b.nth || Number(b.one.onDuty) - Number(a.one.onDuty))
    .slice(0, most)
    .map(({ one }) => one)
}
