import { expect, test } from 'vitest'
import { DEFAULT_LADDER } from '../../server/dispatch/ladder.ts'
import type { Order } from '../../shared/order.ts'
import { testLoop } from '../support/loop.ts'
import { actor } from '../support/work.ts'

const STEPS = [
  ['accept', 2],
  ['arrive', 10],
  ['handle', 60],
] as const
const tellings = ({ steps }: Order) =>
  steps.filter(({ act }) => act === 'deadline.missed' || act === 'escalated').map(({ why, from }) => [from, why])

test('[D1] from the lowest rung every rung above is told, in order and once, and the top for good', () => {
  const loop = testLoop()
  loop.raise()
  let order = loop.run('order.transfer', loop.order(), actor('officer', 'officer-a'), { assignee: 'head-c001', reason: '就近' })
  loop.tick(2)
  const levels = [loop.now('orders', order).rung?.level]
  for (let n = 0; n < 8; n++) {
    loop.tick(5)
    levels.push(loop.now('orders', order).rung?.level)
  }
  order = loop.now('orders', order)
  expect(levels).toEqual([2, 3, 4, 5, 6, 6, 6, 6, 6])
  expect(tellings(order).map(([, name]) => name)).toEqual(DEFAULT_LADDER.slice(1).map(({ name }) => name))
})

test('[D1] each step that is missed begins the ladder anew', () => {
  const loop = testLoop()
  loop.raise()
  const order = loop.order()
  for (const [step, minutes] of STEPS) {
    loop.tick(minutes)
    const late = loop.now('orders', order)
    expect(late, step).toMatchObject({ overdue: true, next: step, rung: { level: 3, of: 6 } })
    expect(tellings(late).at(-1), step).toEqual([step, DEFAULT_LADDER[2]!.name])
    expect(loop.run(`order.${step}`, late, actor('field', 'g1-day')).rung, step).toBeUndefined()
  }
  loop.tick(120)
  expect(loop.now('orders', order)).toMatchObject({ state: 'handled', overdue: true, rung: { level: 3 } })
})
