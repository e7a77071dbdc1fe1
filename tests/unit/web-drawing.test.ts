import { expect, test } from 'vitest'
import type { DeviceView, IncidentView, OrderView } from '../../shared/wall.ts'
import { worstReport } from '../../web/ui/alerts.ts'
import { dayStrip } from '../../web/ui/day-strip.ts'
import { clockTime, halfHour, lengthParts, roughParts, shortTime } from '../../web/ui/time.ts'
import { cameraDots } from '../../web/wall/bottom/camera-dots.ts'
import { leaders } from '../../web/wall/middle/leaders.ts'
import { fitting } from '../../web/wall/right/fitting.ts'
import { isTall, leftOf, pressing, urgency } from '../../web/wall/right/orders.ts'
import { rowsIn } from '../../web/wall/wide/rows.ts'
import { WALL_TIME } from '../support/wall-state.ts'

const said = (ms: number) => lengthParts(ms).map(({ n, unit }) => `${n}${unit[0]}`)

test('[§7] a length of time is said in its two largest units', () => {
  expect(said(0)).toEqual(['0s'])
  expect(said(59_999)).toEqual(['59s'])
  expect(said(61_000)).toEqual(['1m', '01s'])
  expect(said(13_260_000)).toEqual(['3h', '41m'])
  expect(said(90_000_000)).toEqual(['1d', '1h'])
  expect(said(-5)).toEqual(['0s'])
})

test('[§7] a median is said in one unit', () => {
  expect(roughParts(38)).toEqual({ n: '38', unit: 'second' })
  expect(roughParts(480)).toEqual({ n: '8', unit: 'minute' })
  expect(roughParts(9000)).toEqual({ n: '2.5', unit: 'hour' })
})

test('[§7] the clock is that of the community, not of the screen', () => {
  expect(clockTime(WALL_TIME, 480)).toBe('10:42:07')
  expect(shortTime(WALL_TIME, 0)).toBe('02:42')
  expect(halfHour(WALL_TIME, 480)).toBe(21)
})

const levels = (value: number) => Array<number>(48).fill(value)
const since = WALL_TIME - 3.5 * 3_600_000

test('[§7] the silent hours are tinted up to now', () => {
  const strip = dayStrip({ usual: levels(3), today: levels(0), silentSince: since, state: 'silent' }, 21, 480)
  expect(strip.tint).toEqual({ x: 140, width: 75 })
  expect(strip.today).toBe('')
})

test('[A2] hours that nobody heard are drawn as blind, not as quiet', () => {
  const today = levels(-1).fill(-2, 18, 22)
  const strip = dayStrip({ usual: levels(0), today, silentSince: since, state: 'blind' }, 21, 480)
  expect(strip.deaf.match(/M[0-9]+ 97l/g)).toHaveLength(2)
  expect(strip.today).toBe('')
})

test('[§7] a silence that began yesterday tints all of today', () => {
  const strip = dayStrip({ usual: [], today: [], silentSince: WALL_TIME - 14 * 3_600_000, state: 'silent' }, 21, 480)
  expect(strip.tint).toEqual({ x: 0, width: 215 })
})

test('[§7] the line is drawn where the silence crosses it, and only on its day', () => {
  const at = (lineAt: number | null) =>
    dayStrip({ usual: [], today: [], silentSince: since, state: 'usual', lineAt }, 21, 480, WALL_TIME).line
  expect(at(Date.UTC(2026, 10, 22, 4, 0))).toBe(240)
  expect(at(Date.UTC(2026, 10, 23, 4, 0))).toBeUndefined()
  expect(at(null)).toBeUndefined()
})

test('[§7] somebody of whom nothing is wrong has no tint', () => {
  expect(dayStrip({ usual: [], today: [], silentSince: since, state: 'usual' }, 21, 480).tint).toBeUndefined()
})

const order = (more: Partial<OrderView>) => ({ id: 'o', overdue: false, dueAt: 1000, since: 0, dispatchedAt: 0, ...more }) as OrderView

test('[§7] overdue orders come first, those without a deadline last', () => {
  const orders = [order({ id: 'never', dueAt: null }), order({ id: 'soon', dueAt: 5 }), order({ id: 'late', overdue: true, dueAt: 9 })]
  expect(pressing(orders, []).map((one) => one.order?.id)).toEqual(['late', 'soon', 'never'])
})

const reported = (more: Partial<IncidentView>) =>
  ({ id: 'i', kind: 'report.leak', priority: 3, status: 'actual', openedAt: 0, ...more }) as IncidentView

test('[§7] what waits for triage stands among the orders by its own deadline; what is triaged does not', () => {
  const orders = [
    order({ id: 'late', overdue: true, dueAt: 9 }),
    order({ id: 'soon', dueAt: 5 }),
    order({ id: 'held', dueAt: null, held: true }),
  ]
  const incidents = [
    reported({ id: 'new', triageBy: 4 }),
    reported({ id: 'old', triageBy: 99, triageLate: true }),
    reported({ id: 'sent' }),
  ]
  const ids = pressing(orders, incidents).map((one) => (one.order ?? one.incident).id)
  expect(ids).toEqual(['late', 'old', 'new', 'soon', 'held'])
})

test('[D1] an escalated, pooled or held order has a second line', () => {
  const rung = { level: 4, of: 6, name: '社区党支部' }
  expect([order({}), order({ rung }), order({ pool: true }), order({ held: true })].map((one) => isTall({ order: one }))).toEqual([
    ...[false, true, true, true],
  ])
  expect(isTall({ incident: reported({ triageRung: rung }) })).toBe(true)
})

test('[§7] an urgent report is the worst thing unless an alert is as urgent; one that can wait is not', () => {
  const alert = { priority: 2 } as never
  expect(worstReport([reported({ priority: 1 }), reported({ id: 'two', priority: 2 })], alert)?.id).toBe('i')
  expect(worstReport([reported({ priority: 2 })], alert)).toBeUndefined()
  expect(worstReport([reported({ priority: 2 })], undefined)?.id).toBe('i')
  expect(worstReport([reported({ priority: 3 }), reported({ priority: 1, status: 'exercise' })], undefined)).toBeUndefined()
})

test('[§7] a deadline bar shrinks from one to nothing and says when it is near', () => {
  expect([0, 500, 2000].map((now) => leftOf(order({}), now))).toEqual([1, 0.5, 0])
  expect([null, 0, 0.1, 0.5].map(urgency)).toEqual(['none', 'late', 'soon', 'fine'])
})

const camera = (id: string): DeviceView => ({ id, kind: 'camera', placeId: 'p', feed: 'frigate', state: 'silent', since: null })

test('[§7] 113 cameras are 113 dots, and each unheard one is marked once', () => {
  const dots = cameraDots(113, [camera('cam-007'), camera('lobby'), camera('other-7')])
  expect(dots).toHaveLength(113)
  expect(dots[6]?.id).toBe('cam-007')
  expect(dots.filter(Boolean)).toHaveLength(3)
})

test('[§7] a callout is tied to its place, and to nothing when that is out of sight', () => {
  const frame = { left: 100, top: 50, width: 900, height: 700 }
  const box = { left: 600, top: 140, width: 300, height: 80 }
  const alert = { id: 'a', priority: 1 } as never
  const [line] = leaders([alert], [box], frame, () => ({ x: 550, y: 400 }))
  expect(line).toMatchObject({ path: 'M550 170V194L550 400', to: { x: 550, y: 400 } })
  expect(leaders([alert], [box], frame, () => ({ x: 550, y: 800 }))).toEqual([])
  expect(leaders([alert], [box], frame, () => null)).toEqual([])
})

test('[§7] only whole rows are counted as seen', () => {
  expect(fitting([1, 1, 1], 2.5)).toBe(2)
  expect(fitting([], 9)).toBe(0)
})

test('[§7] people alone stand in even rows while they fit, else in as many as stand whole', () => {
  expect(rowsIn(7.25, 29)).toEqual({ rows: 29, height: 0.25 })
  expect(rowsIn(3, 86)).toEqual({ rows: 10, height: 0.3 })
  expect(rowsIn(9, 3)).toEqual({ rows: 3, height: 0.32 })
})
