import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { help, post } from '../support/events.ts'
import { pilotRegisters } from '../support/registers.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'

/** The whole way: a real server, its built page, a real browser. */
let server: RunningServer
let browser: Browser
let page: Page
const BUTTON = 'help-b12-u1-302'
const row = (device: string) => page.locator(`[data-alert-id][data-device-id="${device}"]`)
const html = (name: string) => page.locator('html').getAttribute(name)

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ patience: 120_000 }), launchBrowser()])
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await page.goto(`${server.url}/wall`)
  await page.locator('[data-cluster-id]').first().waitFor()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  if (server) await discard(server)
})

test('[§5] the wall is live without a sign-in and says its revision', async () => {
  await expect.poll(() => html('data-link')).toBe('live')
  expect(Number(await html('data-revision'))).toBeGreaterThanOrEqual(0)
})

test('[§7] every one of the 115 clusters is one cell that says its state', async () => {
  const cells = page.locator('[data-cluster-id]')
  expect(await cells.count()).toBe(115)
  const states = await cells.evaluateAll((all) => all.map((cell) => cell.getAttribute('data-state')))
  for (const state of states) expect(['calm', 'attention', 'alert', 'blind']).toContain(state)
})

const flatWithButton = () => {
  const { devices, residents } = pilotRegisters()
  const device =
    devices.find(({ id, kind }) => id === BUTTON && kind === 'help-button') ?? devices.find(({ kind }) => kind === 'help-button')!
  return { device, residents: residents.filter(({ placeId }) => placeId === device.placeId) }
}

test('[P5] a help press becomes a row with its ids, and no unmasked name or number is on the page', async () => {
  const { device, residents } = flatWithButton()
  await post(server.url, server.feedKey, help(device.id))
  await row(device.id).waitFor({ timeout: 5000 })
  const text = await page.content()
  for (const { name, phone } of residents) {
    expect(text).not.toContain(name)
    if (phone) expect(text).not.toContain(phone)
  }
})

test('[§7] the sentence at the top says the worst: where, what, who is on it', async () => {
  const sentence = page.locator('header.top button.line')
  await expect.poll(() => sentence.textContent()).toMatch(/栋.*求助/)
})

test('[§7] Enter on an alert opens its panel, Esc closes it and gives the focus back', async () => {
  const { device } = flatWithButton()
  await row(device.id).locator('button').focus()
  await page.keyboard.press('Enter')
  await page.locator('[data-panel]').waitFor()
  await expect.poll(() => page.locator('[data-panel]').textContent()).toMatch(/求助/)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('[data-panel]').count()).toBe(0)
  expect(await row(device.id).locator('button:focus').count()).toBe(1)
})

test('[§5] an officer acknowledges from the panel and the row says so', async () => {
  const { device } = flatWithButton()
  await row(device.id).locator('button').click()
  await page.getByRole('button', { name: '以值班员身份登录' }).click()
  await page.getByRole('button', { name: '确认收到' }).click()
  await expect.poll(() => row(device.id).getAttribute('data-state')).toBe('active-acknowledged')
  await page.keyboard.press('Escape')
})

test('[§7] a cluster and a grid each show what is there', async () => {
  for (const [open, said] of [
    ['[data-cluster-id="caihong-c010"]', /联户/],
    ['article.grid button.row', /一网格/],
  ] as const) {
    await page.locator(open).first().click()
    await expect.poll(() => page.locator('[data-panel]').textContent(), { timeout: 5000 }).toMatch(said)
    await expect.poll(() => page.locator('[data-panel]').textContent(), { timeout: 5000 }).not.toMatch(/正在取|没取到/)
    await page.keyboard.press('Escape')
  }
})

test('[§7] the wall speaks English by a switch and Chinese again', async () => {
  await page.getByRole('button', { name: 'EN', exact: true }).click()
  await expect.poll(() => html('lang')).toBe('en')
  await expect.poll(() => page.locator('header.top').textContent()).toMatch(/Live/)
  await page.getByRole('button', { name: '中文', exact: true }).click()
  await expect.poll(() => html('lang')).toBe('zh-CN')
})

test('[P4] a wall that hears nothing says so within 3 s, with the time it last knew, and comes back by itself', async () => {
  server.process.kill('SIGSTOP')
  try {
    const banner = page.locator('[data-stale]')
    await banner.waitFor({ timeout: 4500 })
    expect(await banner.textContent()).toMatch(/停更 · 最后更新 \d\d:\d\d:\d\d/)
    expect(await html('data-link')).toBe('stale')
  } finally {
    server.process.kill('SIGCONT')
  }
  await expect.poll(() => html('data-link'), { timeout: 10_000 }).toBe('live')
  expect(await page.locator('[data-stale]').count()).toBe(0)
})
