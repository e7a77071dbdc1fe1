import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { hikvisionEvent } from '../support/hikvision.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'

/** Installation day as the engineer has it: a real server, its built page, a real browser, and a camera that posts over HTTP. */
let server: RunningServer
let browser: Browser
let page: Page
let engineer: Session
const MAC = '44:47:cc:0a:1b:2c'
const CAMERA = `${MAC}/1`
const SHOTS = process.env.DESK_SHOTS

const shot = async (name: string) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.jpg`, type: 'jpeg', quality: 82 })
}
const clock = async () => (await engineer.get<{ now: number }>('/api/clock')).now
/** as the firmware does it: the path from its menu, XML, no header of ours */
async function cameraPosts(path: string, body: string) {
  const response = await fetch(server.url + path, { method: 'POST', headers: { 'content-type': 'application/xml; charset="UTF-8"' }, body })
  return response.status
}
/** a busy machine takes its time */
const soon = <T>(look: () => Promise<T> | T) => expect.poll(look, { timeout: 12_000 })
const first = () => page.locator('[data-first]').getAttribute('data-first')

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ patience: 120_000 }), launchBrowser()])
  engineer = await signIn(server, 'engineer')
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(`${server.url}/desk`)
}, 180_000)
afterAll(async () => {
  await browser?.close()
  if (server) await discard(server)
})

test('[S1] the desk asks who you are; in demo one touch makes an engineer, and it says 演示', async () => {
  await page.locator('[data-role="engineer"]').waitFor()
  await page.locator('input[autocomplete="username"]').fill('nobody')
  await page.locator('input[autocomplete="current-password"]').fill('wrong')
  await page.keyboard.press('Enter')
  await soon(() => page.locator('[role="alert"]').textContent()).toMatch(/用户名或密码不对/)
  await page.locator('[data-role="engineer"]').click()
  await page.locator('[data-nav="feeds"]').waitFor()
  await soon(() => page.locator('.desk-top').textContent()).toMatch(/演示.*工程师/)
  await soon(() => page.url()).toMatch(/\/desk\/feeds$/)
  await soon(() => page.locator('html').getAttribute('data-link')).toBe('live')
})

let secretPath = ''
test('[§5] a Hikvision feed is made from the tiles and its URL is shown once, ready to copy', async () => {
  await page.locator('[data-act="new-feed"]').click()
  await page.locator('[data-tile="hikvision"]').click()
  await page.locator('[data-field="name"]').fill('东门摄像机')
  await page.locator('[data-field="id"]').fill('east-gate')
  await shot('wizard-name')
  await page.keyboard.press('Enter')
  await page.locator('[data-secret]').waitFor()
  const values = await page.locator('code.value').allTextContents()
  secretPath = values.find((value) => value.startsWith('/feeds/hikvision/east-gate/')) ?? ''
  expect(secretPath.length).toBeGreaterThan('/feeds/hikvision/east-gate/'.length + 20)
  expect(await page.locator('.setup').textContent()).toMatch(/高级配置 → HTTP 监听/)
  expect(await first()).toBe('waiting')
  await shot('wizard-waiting')
})

test('[I3] the first message of an unknown camera turns the panel within two seconds, and it can be bound there', async () => {
  const at = await clock()
  expect(await cameraPosts(secretPath, hikvisionEvent({ mac: MAC, ip: '192.168.1.64', at }))).toBe(200)
  await expect.poll(first, { timeout: 5000 }).toBe('unknown')
  await shot('wizard-unknown')
  await page.locator(`[data-bind="${CAMERA}"]`).click()
  await page.locator('[data-form="bind"] .peek code').first().waitFor()
  const camera = page.locator('input[name="device-kind"][value="camera"]')
  await soon(() => camera.isChecked()).toBe(true)
  await page.locator('[data-field="place"]').click()
  await page.keyboard.type('12栋')
  await page.locator('.n-base-select-option').first().waitFor()
  await shot('bind-place')
  await page.keyboard.press('Enter')
  await soon(() => page.locator('[data-field="device-name"]').inputValue()).toMatch(/12栋.*摄像头/)
  await page.locator('[data-field="device-name"]').fill('12栋 东门摄像头')
  await shot('bind-form')
  await page.locator('[data-act="bind"]').click()
  await page.locator('[data-bound]').waitFor()
  expect(await page.locator('[data-replayed]').textContent()).toBe('1')
  await shot('bind-done')
})

test('[I3] the bound camera is heard, listed with its feed and part of the wall’s map', async () => {
  const { items } = await engineer.get<{ items: { id: string; name: string; lon: number }[] }>('/api/devices?feed=east-gate')
  expect(items.map(({ name }) => name)).toEqual(['12栋 东门摄像头'])
  const plan = await engineer.get<{ features: { properties: { deviceId?: string } }[] }>('/api/estate')
  expect(plan.features.filter(({ properties }) => properties.deviceId === items[0]!.id)).toHaveLength(1)
  await cameraPosts(secretPath, hikvisionEvent({ mac: MAC, ip: '192.168.1.64', at: await clock() }))
  await page.goto(`${server.url}/desk/feeds/east-gate`)
  const row = page.locator(`[data-device-id="${items[0]!.id}"]`)
  await soon(() => row.getAttribute('data-state')).toBe('heard')
  await shot('feed-devices')
})

test('[§7] the link of a bound device leads to it on the wall', async () => {
  const { items } = await engineer.get<{ items: { id: string }[] }>('/api/devices?feed=east-gate')
  const wall = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await wall.goto(`${server.url}/wall?device=${items[0]!.id}`)
  await soon(() => wall.locator('[data-panel]').textContent()).toMatch(/12栋 东门摄像头/)
  if (SHOTS) {
    await wall.waitForTimeout(6000)
    await wall.screenshot({ path: `${SHOTS}/wall.jpg`, type: 'jpeg', quality: 82 })
  }
  await wall.close()
})

test('[I3] a bind is undone where it was made', async () => {
  const other = '44:47:cc:0a:1b:99'
  // its heartbeat: it raises nothing that would name the device
  const beat = { type: 'videoloss', state: 'inactive', count: 0 } as const
  await cameraPosts(secretPath, hikvisionEvent({ mac: other, ip: '192.168.1.65', at: await clock(), ...beat }))
  await page.locator('[data-nav="unknown"]').click()
  await page.locator(`[data-sender="${other}/1"]`).waitFor()
  await shot('unknown')
  await page.locator(`[data-bind="${other}/1"]`).click()
  await page.locator('[data-field="place"]').click()
  await page.keyboard.type('3栋')
  await page.keyboard.press('Enter')
  await page.locator('[data-act="map"]').click()
  await page.locator('.place-map canvas').waitFor({ timeout: 20_000 })
  await page.waitForTimeout(SHOTS ? 3000 : 500)
  await page.locator('.place-map .box').click({ position: { x: 200, y: 120 } })
  await soon(() => page.locator('.picker').textContent()).toMatch(/已点位置/)
  await shot('bind-map')
  await page.locator('[data-act="bind"]').click()
  await page.locator('[data-bound]').waitFor()
  const { items } = await engineer.get<{ items: { lon: number }[] }>(`/api/devices?feed=east-gate&address=${other}/1`)
  expect(items).toHaveLength(1)
  await page.locator('[data-act="undo-bind"]').click()
  await eventually(async () => {
    const left = await engineer.get<{ items: unknown[] }>(`/api/devices?feed=east-gate&address=${other}/1`)
    return left.items.length === 0
  })
  await page.keyboard.press('Escape')
})

test('[I3] what was not understood shows its bytes and the place where reading stopped; a slip of the hand is taken back', async () => {
  await cameraPosts(secretPath, '<EventNotificationAlert><ipAddress>192.168.1.64</ipAddress><eventType>VMD')
  await page.goto(`${server.url}/desk/quarantine`)
  await page.locator('[data-quarantine-id]').first().click()
  const detail = page.locator('[data-quarantine-detail]')
  await soon(() => detail.textContent()).toMatch(/EventNotificationAlert/)
  await shot('quarantine')
  await detail.getByRole('button', { name: '十六进制' }).click()
  await soon(() => detail.textContent()).toMatch(/000000/)
  await page.locator('[data-act="discard"]').click()
  await page.locator('[data-act="keep"]').click()
  // going on to another page does not send what was taken back
  await page.locator('[data-nav="feeds"]').click()
  await page.locator('[data-feed-id="east-gate"]').waitFor()
  await page.waitForTimeout(500)
  const held = async () => (await engineer.get<{ items: { reason: string }[] }>('/api/quarantine?state=held&feed=east-gate')).items
  expect((await held()).some(({ reason }) => reason !== 'unknown-device')).toBe(true)
})

test('[§5] a field map is tried as it is typed: signals, and what is wrong where', async () => {
  await page.locator('[data-nav="fieldmap"]').click()
  await page.locator('[data-signal-type]').first().waitFor()
  await shot('fieldmap')
  await page.locator('[data-field="map"]').fill('{"type": "linwang.hazard", "address": "/deviceId", "data": {"hazard": "/kind"}}')
  await soon(() => page.locator('[data-trial]').textContent()).toMatch(/map\.data\.active/)
  await shot('fieldmap-errors')
})

test('[D2] pause, a new secret and delete each say what they do; the paused feed refuses', async () => {
  await page.goto(`${server.url}/desk/feeds/east-gate`)
  await page.locator('[data-act="pause"]').click()
  await soon(() => page.locator('[data-feed-state]').first().getAttribute('data-feed-state')).toBe('paused')
  expect(await cameraPosts(secretPath, hikvisionEvent({ mac: MAC, ip: '192.168.1.64', at: await clock() }))).not.toBe(200)
  await page.locator('[data-act="pause"]').click()
  await soon(() => page.locator('[data-feed-state]').first().getAttribute('data-feed-state')).not.toBe('paused')
  await page.locator('[data-act="rotate"]').click()
  await page.locator('[data-act="rotate-now"]').click()
  await page.locator('.desk-modal [data-secret]').waitFor()
  await shot('rotate')
  expect(await cameraPosts(secretPath, hikvisionEvent({ mac: MAC, ip: '192.168.1.64', at: await clock() }))).toBe(200)
  await page.locator('.desk-modal button', { hasText: '记下了' }).click()
  await page.locator('[data-act="delete"]').click()
  await soon(() => page.locator('.desk-modal').textContent()).toMatch(/12栋 东门摄像头/)
  await shot('delete')
  await page.keyboard.press('Escape')
})

test('[P4] a desk that hears nothing says 停更 and comes back by itself', async () => {
  await page.goto(`${server.url}/desk/feeds`)
  await page.locator('[data-feed-id="east-gate"]').waitFor()
  await shot('feeds')
  server.process.kill('SIGSTOP')
  try {
    await page.locator('.desk-stale').waitFor({ timeout: 12_000 })
    await shot('stale')
  } finally {
    server.process.kill('SIGCONT')
  }
  await soon(() => page.locator('html').getAttribute('data-link')).toBe('live')
})

test('[S3] an officer sees the feeds and may change none', async () => {
  await page.getByRole('button', { name: '退出' }).click()
  await page.locator('[data-role="officer"]').click()
  await page.locator('[data-nav="duty"]').waitFor()
  await page.locator('[data-nav="feeds"]').click()
  await page.locator('[data-feed-id="east-gate"]').click()
  await page.locator('.figures').waitFor()
  expect(await page.locator('[data-act="pause"], [data-act="delete"], [data-act="rotate"]').count()).toBe(0)
  expect(await page.locator('[data-nav="fieldmap"]').count()).toBe(0)
})
