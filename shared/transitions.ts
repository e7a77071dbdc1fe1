import type { IncidentState } from './incident.ts'
import type { OrderState, OrderStep } from './order.ts'

/** One row of a transition table: the act is possible in these states and leads to that one. */
export interface Transition<S extends string> {
  readonly from: readonly S[]
  /** 'same': the state is kept; 'step': the state that awaits the order's `next` step (end of a pause) */
  readonly to: S | 'same' | 'step'
}

/** D1: the one table of work orders; nothing else changes an order's state. */
export const ORDER_TRANSITIONS = {
  accept: { from: ['dispatched'], to: 'accepted' },
  /** out of a pool: whoever is first has it, and has accepted it by that */
  claim: { from: ['dispatched'], to: 'accepted' },
  arrive: { from: ['accepted'], to: 'arrived' },
  handle: { from: ['arrived'], to: 'handled' },
  verify: { from: ['handled'], to: 'verified' },
  /** by its owner: cannot take it; by the verifier of a handled one: not good enough. Either way a new order follows at once. */
  reject: { from: ['dispatched', 'accepted', 'arrived', 'handled'], to: 'rejected' },
  pause: { from: ['dispatched', 'accepted', 'arrived'], to: 'paused' },
  resume: { from: ['paused'], to: 'step' },
  transfer: { from: ['dispatched', 'accepted', 'arrived', 'paused'], to: 'same' },
  /** to a pool or a team: somebody there has to take it up anew */
  pass: { from: ['dispatched', 'accepted', 'arrived', 'paused'], to: 'dispatched' },
  help: { from: ['dispatched', 'accepted', 'arrived', 'paused'], to: 'same' },
  check: { from: ['accepted', 'arrived'], to: 'same' },
  note: { from: ['dispatched', 'accepted', 'arrived', 'paused', 'handled'], to: 'same' },
  /** the verifier's telephone call that settled nothing: nobody answered */
  ring: { from: ['handled'], to: 'same' },
  cancel: { from: ['dispatched', 'accepted', 'arrived', 'paused', 'handled'], to: 'cancelled' },
} as const satisfies Record<string, Transition<OrderState>>
export type OrderAct = keyof typeof ORDER_TRANSITIONS

/** D1: the one table of incidents. `handle`, `await` and `release` follow from the orders, the others from people. */
export const INCIDENT_TRANSITIONS = {
  handle: { from: ['open', 'awaiting-verification'], to: 'handling' },
  await: { from: ['open', 'handling'], to: 'awaiting-verification' },
  /** nobody works on it any more: every order was rejected or cancelled */
  release: { from: ['handling', 'awaiting-verification'], to: 'open' },
  close: { from: ['open', 'handling', 'awaiting-verification'], to: 'closed' },
  reopen: { from: ['closed'], to: 'open' },
  merge: { from: ['open', 'handling', 'awaiting-verification'], to: 'merged' },
  /** two matters after all; the orders that come back then move it on */
  unmerge: { from: ['merged'], to: 'open' },
} as const satisfies Record<string, Transition<IncidentState>>
export type IncidentAct = keyof typeof INCIDENT_TRANSITIONS

/** The state in which each step is awaited, and the step that each state awaits. */
export const AWAITS = { dispatched: 'accept', accepted: 'arrive', arrived: 'handle', handled: 'verify' } as const satisfies Partial<
  Record<OrderState, OrderStep>
>
const STATE_AWAITING: Record<OrderStep, OrderState> = { accept: 'dispatched', arrive: 'accepted', handle: 'arrived', verify: 'handled' }

/** What an act asks of an order: an order held by an earlier one is not begun, and one that lies in no pool is claimed by nobody. */
export interface ActedOn {
  state: OrderState
  next: OrderStep | null
  pool?: string | undefined
  heldBy?: string | undefined
}

const NOT_WHILE_HELD: readonly OrderAct[] = ['accept', 'claim', 'pause']

/** Where the act leads, or undefined when it does not fit the state. */
export function orderAfter(act: OrderAct, order: ActedOn): OrderState | undefined {
  const row: Transition<OrderState> = ORDER_TRANSITIONS[act]
  if (!row.from.includes(order.state)) return undefined
  if (act === 'claim' && order.pool === undefined) return undefined
  if (NOT_WHILE_HELD.includes(act) && order.heldBy !== undefined) return undefined
  if (row.to === 'same') return order.state
  if (row.to === 'step') return order.next ? STATE_AWAITING[order.next] : undefined
  return row.to
}

export function incidentAfter(act: IncidentAct, state: IncidentState): IncidentState | undefined {
  const row: Transition<IncidentState> = INCIDENT_TRANSITIONS[act]
  return row.from.includes(state) ? (row.to as IncidentState) : undefined
}

export const possibleOrderActs = (order: ActedOn): OrderAct[] =>
  (Object.keys(ORDER_TRANSITIONS) as OrderAct[]).filter((act) => orderAfter(act, order) !== undefined)
export const possibleIncidentActs = (state: IncidentState): IncidentAct[] => actsFrom(INCIDENT_TRANSITIONS, state)

function actsFrom<A extends string, S extends string>(table: Record<A, Transition<S>>, state: S): A[] {
  return (Object.keys(table) as A[]).filter((act) => table[act].from.includes(state))
}
