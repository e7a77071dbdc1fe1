import type { Incident } from '../../shared/incident.ts'
import { maskPhone } from '../../shared/mask.ts'
import { matterKindOf } from '../../shared/matter-kind.ts'
import type { MyOrder, MyOrders } from '../../shared/my-orders.ts'
import { MyOrders as MyOrdersSchema } from '../../shared/my-orders.ts'
import type { Order } from '../../shared/order.ts'
import { conflict } from '../../shared/problem.ts'
import type { Report } from '../../shared/report.ts'
import { possibleOrderActs } from '../../shared/transitions.ts'
import type { World } from '../../shared/world.ts'
import { isNear } from '../dispatch/claim.ts'
import { located } from '../dispatch/field.ts'
import { ordersOfPerson, ordersWaitingIn, reportsOf } from '../store/orders.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'

const MOST = 100
/** of the reporters' words */
const MOST_SAID = 5

/** What a phone keeps: one's own orders, those of one's team and those that one may claim, with all that is needed without a network. */
export function myOrderRoutes(app: App, api: Api): void {
  const { access, world, lists, read, engine } = api
  const guard = createGuard({ access, world })
  const schema = { tags: ['orders'], summary: 'My orders, those of my team and those that I may claim, as a phone keeps them' }
  app.get('/api/my/orders', { schema: { ...schema, response: { 200: MyOrdersSchema } } }, async (request): Promise<MyOrders> => {
    const viewer = guard.allow(request, 'order.work')
    const staff = viewer.staffId === undefined ? undefined : world().staff(viewer.staffId)
    if (!staff) throw conflict('This session belongs to nobody on the staff register, so it has no orders of its own.')
    const teams = world().teamsOf(staff.id)
    const own = ordersOfPerson(read, staff.id, MOST)
    const mine = own.filter(({ pool }) => pool === undefined)
    const waiting = ordersWaitingIn(
      read,
      teams.map(({ id }) => id),
      MOST * 2,
    )
    const team = waiting.filter(({ pool, assignee }) => pool === undefined && assignee !== staff.id)
    const claimable = waiting.filter(({ pool, placeId }) => pool !== undefined && isNear(world(), staff, placeId)).slice(0, MOST)
    const show = (orders: readonly Order[], isMine: boolean) => Promise.all(orders.map((order) => myOrder(order, isMine)))
    const shown = { mine: await show(mine, true), team: await show(team, false), claimable: await show(claimable, false) }
    return { now: engine.clock().now, ...shown }
  })

  async function myOrder(order: Order, isMine: boolean): Promise<MyOrder> {
    const { places } = world()
    const spot = located(world(), order.placeId)
    const kindName = world().matterKind(matterKindOf(order.kind) ?? order.kind)?.name
    const teamName = world().team(order.pool ?? order.teamId ?? '')?.name
    return {
      ...order,
      place: places.label(order.placeId),
      ...(spot && { lon: spot.lon!, lat: spot.lat! }),
      gridId: places.nearest(order.placeId, 'grid')?.id,
      buildingId: places.nearest(order.placeId, 'building')?.id,
      ...(kindName !== undefined && { kindName }),
      ...(teamName !== undefined && { teamName }),
      said: await saidOf(order.incidentId),
      contacts: contactsOf(world(), order, isMine),
      possible: possibleOrderActs(order).filter((act) => act !== 'pass' && act !== 'ring'),
    }
  }

  async function saidOf(incidentId: string): Promise<MyOrder['said']> {
    const ids = (await lists.thing<Incident>('incidents', incidentId))?.reports ?? []
    return reportsOf(read, ids.slice(0, MOST_SAID)).map(said)
  }
}

const said = ({ at, text, spot, photos }: Report) => ({ at, text, ...(spot && { spot }), photos })

function contactsOf(world: World, order: Order, isMine: boolean): MyOrder['contacts'] {
  const ids = [order.contactId, order.steps[0]?.by].filter(
    (id, n, all) => id !== undefined && id !== order.assignee && all.indexOf(id) === n,
  )
  return ids.flatMap((id) => {
    const staff = world.staff(id!)
    return staff ? [{ id: staff.id, name: staff.name, role: staff.role, phone: isMine ? staff.phone : maskPhone(staff.phone) }] : []
  })
}
