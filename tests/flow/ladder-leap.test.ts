import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { DEFAULT_LADDER } from '../../server/dispatch/ladder.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { arrivalOf, lookInto, openEngine, registersDir, START } from '../support/engine.ts'
import { help } from '../support/events.ts'
import { eventually } from '../support/session.ts'

const MINUTE = 60_000
const DOWN = 40 * MINUTE

/** The clock as it would have been saved by a server that was stopped so long ago. */
function stoppedAgo(dataDir: string, ms: number) {
  const db = new Database(join(dataDir, 'linwang.db'))
  const clock = JSON.stringify({ mode: 'real', rate: 1, at: START, wall: Date.now() - ms })
  const { changes } = db.prepare("UPDATE settings SET value = ? WHERE name = 'clock'").run(clock)
  expect(changes).toBe(1)
  db.close()
}

test('[D1] deadlines that passed while the server was down: with the first tick every rung is told once, in order, each with its own time', {
  timeout: 120_000,
}, async () => {
  const dataDir = await registersDir()
  const before = await openEngine(dataDir)
  await before.receive(arrivalOf(help('help-b01-u1-101', { time: new Date(START).toISOString() })))
  await before.close()
  stoppedAgo(dataDir, DOWN)

  const engine = await openEngine(dataDir, { clock: { mode: 'real' } })
  const db = lookInto(dataDir)
  const stored = <T>(table: string) => JSON.parse(db.prepare(`SELECT doc FROM ${table}`).pluck().get() as string) as T
  const tellings = ({ steps }: Order) => steps.filter(({ act }) => act === 'deadline.missed' || act === 'escalated')
  const names = DEFAULT_LADDER.slice(2).map(({ name }) => name)
  const late = await eventually(() => {
    const order = stored<Order>('orders')
    return tellings(order).length > 0 && order
  }, 20_000)
  const told = tellings(late)
  expect(told.map(({ at, act, why }) => [(at - START) / MINUTE, act, why])).toEqual(
    names.map((name, n) => [2 + 5 * n, n === 0 ? 'deadline.missed' : 'escalated', name]),
  )
  expect(late).toMatchObject({ overdue: true, rung: { level: 6, of: 6, name: names.at(-1) } })
  const lines = stored<Incident>('incidents').timeline.filter(({ what }) => what === 'deadline.missed' || what === 'order.escalated')
  expect(lines.map(({ note }) => note)).toEqual(names)

  const messages = () =>
    db
      .prepare("SELECT recipient, kind FROM outbox WHERE kind IN ('order.overdue', 'order.escalated') AND channel = 'page' ORDER BY n")
      .all()
  const above = told.map(({ to }) => to!.split(' ').find((id) => id !== late.assignee)!)
  expect(new Set(above).size, 'each rung is somebody else').toBe(names.length)
  const expected = above.flatMap((recipient) => [
    { recipient: late.assignee, kind: 'order.overdue' },
    { recipient, kind: 'order.escalated' },
  ])
  expect(messages()).toEqual(expected)

  // the next ticks, and another start, have nothing to add
  const ticks = () => db.prepare('SELECT count(*) AS n FROM ticks').pluck().get() as number
  const seen = ticks()
  await eventually(() => ticks() > seen + 1, 20_000)
  await engine.close()
  await openEngine(dataDir, { clock: { mode: 'real' } })
  const again = ticks()
  await eventually(() => ticks() > again, 20_000)
  expect(messages()).toEqual(expected)
  expect(tellings(stored<Order>('orders'))).toHaveLength(names.length)
})
