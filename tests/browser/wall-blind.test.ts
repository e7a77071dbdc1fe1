import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { Order } from '../../shared/order.ts'
import type { WallState } from '../../shared/wall.ts'
import { launchBrowser } from '../support/browser.ts'
import { advance, clockOf, goTo } from '../support/domain-time.ts'
import { cloudEvent, motion, post } from '../support/events.ts'
import { pilotRegisters } from '../support/registers.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'

/** A gateway is pulled out for six hours: the homes behind it are blind, and nobody is called to them (A2). PICTURES: a folder for pictures. */
const { residents, devices } = pilotRegisters()
const SENSORS = new Set(['motion', 'door-contact'])
const alone = residents.filter(({ categories }) => categories.includes('living-alone'))
const homes = alone.map(({ placeId }) => devices.filter((device) => device.placeId === placeId && SENSORS.has(device.kind)))
/** buildings 1 to 5 hang on the gateway that goes out */
const isBehind = (placeId: string) => /^caihong-b0[1-5]-/.test(placeId)
const behind = alone.filter(({ placeId }) => isBehind(placeId))

let server: RunningServer
let supervisor: Session
let browser: Browser
let page: Page
const HOUR = 3_600_000

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ env: { CLOCK: 'manual' }, patience: 120_000 }), launchBrowser()])
  supervisor = await signIn(server, 'supervisor')
}, 180_000)
afterAll(async () => {
  await browser?.close()
  if (server) await discard(server)
})

/** every sensor reports and somebody stirs in the living room, in these homes */
async function stir(wanted: (placeId: string) => boolean, at: number) {
  const time = new Date(at).toISOString()
  const events = homes
    .filter(([first]) => first && wanted(first.placeId))
    .flatMap((sensors) => [
      ...sensors.map(({ id }) => cloudEvent({ subject: id, type: 'linwang.heartbeat', time, data: { online: true } })),
      motion(sensors.find(({ kind }) => kind === 'motion')!.id, true, { time }),
    ])
  expect((await post(server.url, server.feedKey, events)).status).toBe(202)
}
const careOf = async () => (await supervisor.get<WallState>('/api/wall')).care
const opened = async () => ({
  alerts: await supervisor.all<Alert>('/api/alerts?open=true'),
  orders: await supervisor.all<Order>('/api/orders?open=true'),
})
const CALLING = ['inactivity', 'not-returned', 'welfare-check', 'night-out', 'room-stay', 'no-door']

let pulled: number
test('[A2] a gateway out for six hours: the homes behind it are blind, with since and why, and nobody is called', async () => {
  pulled = await goTo(supervisor, 8, 30)
  await stir(() => true, pulled)
  // the feed itself is never still for ten minutes: it is the homes that are not heard
  for (let step = 0; step < 44; step++) {
    await advance(supervisor, 480)
    await stir((placeId) => !isBehind(placeId), await clockOf(supervisor))
  }
  await advance(supervisor, 420)
  await eventually(async () => (await careOf()).filter(({ state }) => state === 'blind').length === behind.length, 10_000, 'blind rows')
  const care = (await careOf()).filter(({ placeId }) => isBehind(placeId))
  for (const row of care)
    expect(row, row.place).toMatchObject({ state: 'blind', presence: 'unsure', blind: { since: pulled, reason: 'gateway' }, lineAt: null })
  const { alerts, orders } = await opened()
  expect(alerts.filter(({ kind }) => CALLING.includes(kind))).toEqual([])
  expect(alerts.map(({ kind, evidence }) => [kind, evidence.devices])).toEqual([['device-silent', behind.length * 3]])
  expect(orders).toEqual([])
}, 120_000)

test('[A2] the wall says it: hatched tiles 看不见 with since, blind cluster cells, never 在家', async () => {
  page = await browser.newPage({ viewport: { width: 5760, height: 1080 } })
  await page.goto(`${server.url}/wall`)
  const rows = page.locator('section.care [data-care-state="blind"]')
  await expect.poll(() => rows.count(), { timeout: 15_000 }).toBe(behind.length)
  for (const text of await rows.allTextContents()) expect(text).toMatch(/看不见\s*5时59分/)
  const care = (await careOf()).filter(({ placeId }) => isBehind(placeId))
  for (const cluster of new Set(care.map(({ clusterId }) => clusterId)))
    expect(await page.locator(`[data-cluster-id="${cluster}"]`).getAttribute('data-state'), cluster).toBe('blind')
  expect(await page.locator('header.top').textContent()).toContain(`${behind.length} 户看不见，不等于平安`)
  expect(await page.locator('header.top').textContent()).not.toContain('一切平静')
  await picture('wall-blind-5760')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await picture('wall-blind')
}, 60_000)

test('[A2] only after six hours somebody looks in', async () => {
  await advance(supervisor, 180)
  await eventually(async () => (await opened()).alerts.some(({ kind }) => kind === 'welfare-check'), 10_000, 'a welfare check')
  const { alerts, orders } = await opened()
  const checks = alerts.filter(({ kind }) => kind === 'welfare-check')
  expect(checks.map(({ placeId }) => placeId).sort()).toEqual(behind.map(({ placeId }) => placeId).sort())
  for (const { raisedAt } of checks) expect(raisedAt - pulled).toBeGreaterThanOrEqual(6 * HOUR)
  expect(new Set(orders.map(({ kind }) => kind))).toEqual(new Set(['welfare-check']))
})

async function picture(name: string) {
  if (!process.env.PICTURES) return
  await page.waitForTimeout(9000)
  await page.screenshot({ path: join(process.env.PICTURES, `${name}.jpg`), type: 'jpeg', quality: 82 })
}
