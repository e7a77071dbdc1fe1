import { expect } from 'vitest'
import { ORDER_STATES, type Order, type OrderState } from '../../shared/order.ts'
import { ORDER_TRANSITIONS, type OrderAct } from '../../shared/transitions.ts'

export const acts = Object.keys(ORDER_TRANSITIONS) as OrderAct[]
/** Some acts have two names: handing over goes to a person or back to a pool or team, a call is how one verifies. */
export const COMMANDS: Partial<Record<OrderAct, string>> = { pass: 'order.transfer', ring: 'order.verify' }
/** They move nothing, so the record may show them in any state that the table allows. */
const KEEPS: readonly OrderAct[] = ['transfer', 'help', 'check', 'note', 'ring']
export const ADDS: readonly OrderAct[] = ['help', 'check', 'note']

/** What a hand sends with an act; `people` and `places` are three each to hand over to. */
export const bodies =
  ({ people, places }: { people: readonly string[]; places: readonly object[] }) =>
  (act: OrderAct, to: number, now: number): Record<string, unknown> => {
    const known: Partial<Record<OrderAct, Record<string, unknown>>> = {
      reject: { reason: '不能去' },
      pause: { reason: '等人', until: now + [2, 10, 20][to]! * 60_000 },
      transfer: { assignee: people[to]!, reason: '换班' },
      pass: { ...places[to]!, reason: '请求支援' },
      cancel: { reason: '误报' },
      note: { text: '已到楼下' },
      check: { index: 0, done: to === 0 },
      help: { text: '缺人手' },
      ring: { how: 'phone', outcome: 'no-answer' },
      verify: [{}, { how: 'on-spot' }, { how: 'phone', outcome: 'confirmed' }][to]!,
      handle: [{}, { note: '已处理' }, { checklist: [true] }][to]!,
      arrive: [{}, { lon: 106.63, lat: 26.58, accuracy: 20 }, {}][to]!,
    }
    return { ...(known[act] ?? {}) }
  }

/** Tried more often, so that runs come to the end of the way. */
export const ONWARD: readonly OrderAct[] = ['accept', 'claim', 'arrive', 'handle', 'verify', 'resume']

/** The states through which the order's own record says that it went. */
export function replay(order: Order): OrderState {
  const byPast = new Map(acts.map((act) => [pastOf[act], act]))
  let state: OrderState = 'dispatched'
  for (const { act, from, to } of order.steps) {
    const known = byPast.get(act)
    if (!known || KEEPS.includes(known)) continue
    const row: { from: readonly OrderState[]; to: string } = ORDER_TRANSITIONS[known]
    expect(from).toBe(state)
    expect(row.from).toContain(state)
    const after = row.to === 'step' ? (to as OrderState) : (row.to as OrderState)
    expect(ORDER_STATES).toContain(after)
    state = after
  }
  return state
}
const pastOf: Record<OrderAct, string> = {
  accept: 'accepted',
  claim: 'claimed',
  arrive: 'arrived',
  handle: 'handled',
  verify: 'verified',
  reject: 'rejected',
  pause: 'paused',
  resume: 'resumed',
  transfer: 'transferred',
  pass: 'passed',
  help: 'help',
  check: 'checked',
  note: 'noted',
  ring: 'rung',
  cancel: 'cancelled',
}
