import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensurePage } from '../../server/page.ts'
import type { WallState, WarningView } from '../../shared/wall.ts'
import { launchBrowser } from '../support/browser.ts'
import { serveWall } from '../support/wall-server.ts'
import { wallState } from '../support/wall-state.ts'

/** The top line over warnings that a test decides. */
let browser: Browser
beforeAll(async () => {
  await ensurePage(() => {})
  browser = await launchBrowser({ args: ['--disable-3d-apis'] })
}, 120_000)
afterAll(() => browser?.close())

async function open(state: WallState, width: number, look: (page: Page, put: (warning: WarningView) => void) => Promise<void>) {
  const server = await serveWall(state)
  const page = await browser.newPage({ viewport: { width, height: 1080 } })
  try {
    await page.goto(`${server.url}/wall`)
    await page.locator('[data-cluster-id]').first().waitFor()
    await look(page, (item) => server.patch([{ op: 'put', list: 'warnings', item }]))
  } finally {
    await page.close()
    await server.close()
  }
}
const boxes = (page: Page) => page.locator('header.top .box')
const isWhole = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((one) => one.scrollWidth <= one.clientWidth)

test(
  '[§7] a warning stands on the top line with colour, word, shape and end, beside the whole worst sentence',
  () =>
    open(wallState('storm'), 1920, async (page) => {
      expect(await boxes(page).count()).toBe(1)
      const worst = boxes(page).locator('.first')
      expect([await worst.getAttribute('data-warning-id'), await worst.getAttribute('data-colour')]).toEqual(['rain', 'red'])
      expect(await boxes(page).textContent()).toMatch(/红\s*暴雨红色预警/)
      expect(await isWhole(page, 'header.top .first strong')).toBe(true)
      expect(await isWhole(page, 'header.top button.line strong')).toBe(true)
      // below it its end and the others take turns
      await page.locator('header.top .second', { hasText: '至 16:00' }).waitFor({ timeout: 30_000 })
      await page.locator('header.top .second[data-warning-id="flood"]').waitFor({ timeout: 30_000 })
      expect(await boxes(page).textContent()).toMatch(/暴雨红色预警/)
    }),
  90_000,
)

test(
  '[X1] on a wide wall each has its box, and an exercise says so',
  () =>
    open(wallState('storm'), 5760, async (page) => {
      expect(
        await boxes(page)
          .locator('.first')
          .evaluateAll((all) => all.map((one) => one.getAttribute('data-warning-id'))),
      ).toEqual(['rain', 'flood', 'wind', 'drill'])
      expect(await boxes(page).nth(3).textContent()).toMatch(/演练\s*高温橙色预警/)
      expect(await boxes(page).nth(0).textContent()).not.toContain('演练')
    }),
  90_000,
)

test(
  '[P3] a new warning comes by a patch',
  () =>
    open({ ...wallState('calm'), warnings: [] }, 1920, async (page, put) => {
      expect(await boxes(page).count()).toBe(0)
      put(wallState('storm').warnings[0]!)
      await boxes(page).waitFor()
      expect(await boxes(page).textContent()).toMatch(/暴雨红色预警/)
    }),
  90_000,
)
