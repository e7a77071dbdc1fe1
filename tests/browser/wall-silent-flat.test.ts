import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulation, simulate } from '../../server/demo/simulation.ts'
import { loadStories } from '../../server/demo/story.ts'
import type { WallState } from '../../shared/wall.ts'
import { launchBrowser } from '../support/browser.ts'
import { advance, goTo } from '../support/domain-time.ts'
import { pilotRegisters, SCENARIOS } from '../support/registers.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { type Session, signIn } from '../support/session.ts'

/** The demo's silent flat, on the wall, with its reason. PICTURES: a folder for pictures. */
const FLAT = 'caihong-b12-u1-302'
const registers = pilotRegisters()
const few = registers.residents.filter(({ categories }) => categories.includes('living-alone'))
const stories = loadStories(SCENARIOS).filter(({ id }) => id === 'silent-flat')
const pace = { step: 25, askClock: 10, look: 3_600_000, first: 0, gap: 0, rest: [30_000, 60_000] as const, once: true }

let server: RunningServer
let supervisor: Session
let simulation: Simulation
let browser: Browser

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ env: { CLOCK: 'manual' }, patience: 120_000 }), launchBrowser()])
  supervisor = await signIn(server, 'supervisor')
  await goTo(supervisor, 11, 30)
  const sources = { baseUrl: server.url, feedKey: server.feedKey, mqttUrl: `mqtt://127.0.0.1:${server.mqttPort}` }
  simulation = await simulate({ ...sources, seed: 1, registers: { ...registers, residents: few }, stories, pace })
}, 240_000)
afterAll(async () => {
  await simulation?.stop()
  await browser?.close()
  if (server) await discard(server)
})

const silent = async () =>
  (await supervisor.get<WallState>('/api/wall')).alerts.find(({ kind, placeId }) => kind === 'inactivity' && placeId === FLAT)

test('[§9] the demo’s silent flat raises its alert, and the wall says why in Chinese, with the day and the line', async () => {
  for (let passed = 0; passed < 60 && !(await silent()); passed++) {
    await advance(supervisor, 30)
    await new Promise((wake) => setTimeout(wake, 150))
  }
  const alert = (await silent())!
  expect(alert).toMatchObject({ priority: 1, livingAlone: true, evidence: { learned: true } })
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await page.goto(`${server.url}/wall`)
  const row = page.locator(`[data-alert-id="${alert.id}"]`)
  await expect
    .poll(() => row.locator('[data-why]').textContent(), { timeout: 15_000 })
    .toMatch(/^平时(早上|上午|中午|下午) ?[\d:]+ ?(点|点半)? ?前必有动静，今天已静 \d+ 小时 \d+ 分，门未开过$/)
  expect(await row.textContent()).toMatch(/独居.*静默.*12栋 1单元 302.*先打电话.*把握[中高]学了 3\d 天/)
  expect(await row.locator('[data-line]').count()).toBe(1)
  if (process.env.PICTURES) {
    await page.waitForTimeout(22_000)
    await page.screenshot({ path: join(process.env.PICTURES, 'wall-silent-flat.jpg'), type: 'jpeg', quality: 82 })
  }
}, 180_000)
