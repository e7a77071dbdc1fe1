import type { FastifyRequest } from 'fastify'
import type { Viewer } from '../../shared/access.ts'
import type { Order } from '../../shared/order.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { World } from '../../shared/world.ts'
import { isNear } from '../dispatch/claim.ts'
import type { Api } from './context.ts'
import { createGuard } from './guards.ts'
import { missing } from './registers.ts'

/**
 * Whether an order is somebody's to know: their own, or one that they did or may verify; that of a team of theirs; what waits in a pool of
 * theirs in their area. What another of the pool has claimed is that person's.
 */
export function concerns(world: World, staffId: string | undefined, order: Order): boolean {
  const staff = staffId === undefined ? undefined : world.staff(staffId)
  if (!staff) return false
  if ([order.assignee, order.handledBy, order.verifier].includes(staff.id)) return true
  const team = world.team(order.pool ?? order.teamId ?? '')
  if (!team?.members.includes(staff.id)) return false
  return order.pool === undefined ? team.form !== 'pool' : isNear(world, staff, order.placeId)
}

/** A pool that somebody is of, whoever of it has the order by now: a late claim hears who was first. */
const isOfItsPool = (world: World, staffId: string | undefined, { pool, teamId }: Order) =>
  staffId !== undefined && (world.team(pool ?? teamId ?? '')?.members.includes(staffId) ?? false)

/** An order by its id, for whoever may work on it. A helper learns of no other one, not even that it is there. */
export function createOrderGuard({ access, world, lists }: Pick<Api, 'access' | 'world' | 'lists'>) {
  const guard = createGuard({ access, world })
  return async (request: FastifyRequest, id: string, act?: string): Promise<{ viewer: Viewer; order: Order }> => {
    const asking = guard.allow(request, 'order.work')
    const order = (await lists.thing<Order>('orders', id)) ?? missing('order', id)
    if (!asking.helper) return { order, viewer: guard.allow(request, 'order.work', order.placeId) }
    const isTheirs = concerns(world(), asking.staffId, order) || (act === 'claim' && isOfItsPool(world(), asking.staffId, order))
    return { order, viewer: isTheirs ? asking : missing('order', id) }
  }
}

/** Of an order that somebody else has by now, a conflict tells a helper who has it and no more. */
export async function answeredFor<T>(world: World, { helper, staffId }: Viewer, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const current = error instanceof ProblemError ? (error.problem.current as Order | undefined) : undefined
    if (!helper || !current || !('assignee' in current) || concerns(world, staffId, current)) throw error
    const { id, state, assignee, teamId, version } = current
    throw new ProblemError({ ...(error as ProblemError).problem, current: { id, state, assignee, teamId, version } })
  }
}
