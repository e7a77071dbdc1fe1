import type { Order } from '../../shared/order.ts'
import type { OrderAct } from '../../shared/transitions.ts'
import { actorId } from '../command.ts'
import type { Command, Work } from '../work.ts'
import type { Moment } from './field.ts'
import { acted } from './orders.ts'
import { misfit, put } from './ready.ts'
import { withVerifier } from './verifier.ts'

export interface More {
  patch?: Partial<Order>
  moment?: Moment
  why?: string | undefined
  /** what the step says when nobody said why */
  how?: string | undefined
}

/** The act, done: what the table gives, what the act adds, and somebody to verify it. */
export function finish(work: Work, command: Command, order: Order, act: OrderAct, more: More): Order {
  const { patch, moment = { at: work.now }, why, how } = more
  const after = acted(work.world, order, act, { ...moment, by: actorId(command.actor), why: why ?? how })
  if (!after) throw misfit(order, act)
  return put(work, command, withVerifier(work, { ...after, ...patch }), why)
}
