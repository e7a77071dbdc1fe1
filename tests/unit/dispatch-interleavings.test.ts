import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOpenOrder, ORDER_STATES, type Order, type OrderState } from '../../shared/order.ts'
import { ProblemError } from '../../shared/problem.ts'
import { ORDER_TRANSITIONS, type OrderAct, orderAfter } from '../../shared/transitions.ts'
import { testLoop } from '../support/loop.ts'
import { actor } from '../support/work.ts'

/** Settable, so that a run that failed can be had again. */
const SEED = Number(process.env.SEED ?? 20260302)
const RUNS = 10_000

const hands = [actor('officer', 'officer-a'), actor('officer', 'officer-b'), actor('field', 'g1-day')]
const acts = Object.keys(ORDER_TRANSITIONS) as OrderAct[]
const bodies = {
  reject: { reason: '不能去' },
  pause: { reason: '等人', until: 0 },
  transfer: { assignee: 'g1-other', reason: '换班' },
  cancel: { reason: '误报' },
}

/** A hand clicks on what its screen shows: `look` refreshes the screen first. */
const click = fc.record({
  hand: fc.nat({ max: hands.length - 1 }),
  act: fc.constantFrom(...acts),
  look: fc.boolean(),
  minutes: fc.nat({ max: 3 }),
})

/** The states through which the order's own record says that it went. */
function replay(order: Order): OrderState {
  const byPast = new Map(acts.map((act) => [pastOf[act], act]))
  let state: OrderState = 'dispatched'
  for (const { act, from, to } of order.steps) {
    const known = byPast.get(act)
    if (!known || known === 'transfer') continue
    const row: { from: readonly OrderState[]; to: string } = ORDER_TRANSITIONS[known]
    expect(from).toBe(state)
    expect(row.from).toContain(state)
    if (row.to !== 'step') expect(to).toBe(row.to)
    expect(ORDER_STATES).toContain(to)
    state = to as OrderState
  }
  return state
}
const pastOf: Record<OrderAct, string> = {
  accept: 'accepted',
  arrive: 'arrived',
  handle: 'handled',
  verify: 'verified',
  reject: 'rejected',
  pause: 'paused',
  resume: 'resumed',
  transfer: 'transferred',
  cancel: 'cancelled',
}

test(`[D2] ${RUNS} interleavings of two officers and a phone on one order: the table allows every history and no update is lost (seed ${SEED})`, () => {
  let done = 0
  let refused = 0
  fc.assert(
    fc.property(fc.array(click, { minLength: 1, maxLength: 14 }), (clicks) => {
      const loop = testLoop()
      loop.raise()
      const id = loop.order().id
      const screens: Order[] = hands.map(() => loop.order())
      let successes = 0
      for (const { hand, act, look, minutes } of clicks) {
        if (minutes > 0) loop.tick(minutes)
        const before = loop.work.orders.get(id)!
        if (look) screens[hand] = before
        const seen = screens[hand]!
        const body = act === 'pause' ? { ...bodies.pause, until: loop.work.now + 120_000 } : bodies[act as keyof typeof bodies]
        try {
          const after = loop.run(`order.${act}`, seen, hands[hand]!, { ...body })
          expect(seen.version).toBe(before.version)
          expect(after.state).toBe(orderAfter(act, before))
          expect(after.version).toBe(before.version + 1)
          expect(after.steps.slice(0, before.steps.length)).toEqual(before.steps)
          screens[hand] = after
          successes += 1
        } catch (error) {
          if (!(error instanceof ProblemError)) throw error
          expect([403, 409, 422]).toContain(error.problem.status)
          expect(loop.work.orders.get(id)).toBe(before)
          if (error.problem.status === 409) expect(error.problem.current).toEqual(before)
          refused += 1
        }
      }
      const order = loop.work.orders.get(id)!
      const woken = order.steps.filter(({ act, by }) => act === 'resumed' && by === 'system').length
      expect(order.version).toBe(1 + successes + woken)
      expect(loop.work.audits).toHaveLength(successes)
      expect(replay(order)).toBe(order.state)
      expect(order.assignee).toBeTruthy()
      if (order.state === 'verified') expect(order.steps.findLast(({ act }) => act === 'verified')!.by).not.toBe(order.handledBy)
      if (order.state === 'rejected') expect([...loop.work.orders.open()].some(isOpenOrder)).toBe(true)
      done += successes
    }),
    { numRuns: RUNS, seed: SEED },
  )
  expect(done).toBeGreaterThan(RUNS)
  expect(refused).toBeGreaterThan(RUNS)
}, 120_000)
