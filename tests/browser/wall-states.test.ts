import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensurePage } from '../../server/page.ts'
import type { AlertView } from '../../shared/wall.ts'
import { launchBrowser } from '../support/browser.ts'
import { serveWall } from '../support/wall-server.ts'
import { type Scene, WALL_TIME, wallState } from '../support/wall-state.ts'

/** The page alone, over states that a test decides. */
let browser: Browser
beforeAll(async () => {
  await ensurePage(() => {})
  // the map has tests of its own; without graphics the rest of the wall must stand anyhow
  browser = await launchBrowser({ args: ['--disable-3d-apis'] })
}, 120_000)
afterAll(() => browser?.close())

async function open<T>(
  scene: Scene,
  size: [number, number],
  look: (page: Page, server: Awaited<ReturnType<typeof serveWall>>) => Promise<T>,
) {
  const server = await serveWall(wallState(scene))
  const page = await browser.newPage({ viewport: { width: size[0], height: size[1] } })
  try {
    await page.goto(`${server.url}/wall`)
    await page.locator('[data-cluster-id]').first().waitFor()
    return await look(page, server)
  } finally {
    await page.close()
    await server.close()
  }
}
const HD: [number, number] = [1920, 1080]

test('[A2] a wall that hears no feed does not say that all is well', () =>
  open('empty', HD, async (page) => {
    expect(await page.locator('header.top').textContent()).toMatch(/听不到任何数据源/)
    expect(await page.content()).not.toContain('一切平静')
  }))

test('[§7] a calm wall says so in one sentence and has no saturated alarm', () =>
  open('calm', HD, async (page) => {
    expect(await page.locator('header.top').textContent()).toMatch(/一切平静/)
    expect(await page.locator('[data-state="alert"]').count()).toBe(0)
    expect(await page.locator('[data-alert-id]').count()).toBe(0)
  }))

test('[X1] a drill is marked in the bar and on its row', () =>
  open('storm', HD, async (page) => {
    expect(await page.locator('header.top').textContent()).toMatch(/演练/)
    expect(await page.locator('li.alert em', { hasText: '演练' }).count()).toBe(1)
  }))

test('[I4] what came late says so on its row', () =>
  open('storm', HD, async (page) => {
    expect(await page.locator('li.alert em', { hasText: '迟到' }).count()).toBe(1)
  }))

test('[§5] every calling alert is in the page with its id, also beyond the edge', () =>
  open('storm', HD, async (page, server) => {
    const shown = await page.locator('[data-alert-id]').evaluateAll((all) => all.map((row) => row.getAttribute('data-alert-id')))
    expect(shown.sort()).toEqual(
      server
        .state()
        .alerts.map(({ id }) => id)
        .sort(),
    )
  }))

test('[P3] a patch with a new alert puts one row on top and moves nothing else of the list', () =>
  open('busy', HD, async (page, server) => {
    const ids = () => page.locator('[data-alert-id]').evaluateAll((all) => all.map((row) => row.getAttribute('data-alert-id')))
    const before = await ids()
    const item: AlertView = { ...server.state().alerts[0]!, id: 'alert-99', priority: 1, livingAlone: true, raisedAt: WALL_TIME + 5000 }
    server.patch([{ op: 'put', list: 'alerts', item }])
    await page.locator('[data-alert-id="alert-99"]').waitFor()
    expect(await ids()).toEqual(['alert-99', ...before])
    expect(await page.locator('html').getAttribute('data-revision')).toBe('413')
  }))

test('[P4] silence dims what is old and names the time', () =>
  open('busy', HD, async (page, server) => {
    server.hush(true)
    await page.locator('[data-stale]').waitFor({ timeout: 5000 })
    expect(await page.locator('html').getAttribute('data-link')).toBe('stale')
    server.hush(false)
    await expect.poll(() => page.locator('html').getAttribute('data-link'), { timeout: 5000 }).toBe('live')
  }))

/** The driver's own look into the page counts as a touch and lets sound through; here it stays held until the page asks for it. */
const HELD = `const Context = AudioContext
  window.AudioContext = class extends Context {
    get state() { return this.asked ? super.state : 'suspended' }
    resume() { this.asked = true; return super.resume() }
  }`

test('[§7] held-back sound says so; a touch opens it, and the shift is asked once whether it is heard', () =>
  open('busy', HD, async (page) => {
    await page.addInitScript(HELD)
    await page.reload()
    await page.getByRole('button', { name: '声音未开' }).click()
    await page.getByRole('button', { name: '听到了' }).click()
    await page.getByRole('button', { name: '声音已开' }).click()
    await expect.poll(() => page.locator('.sound').textContent()).toMatch(/静音到|恢复声音/)
  }))

/** Style and box of every element that has text of its own. */
const TEXTS = `[...document.querySelectorAll('main *')].filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
  .map((e) => ({ text: e.textContent.trim().slice(0, 30), size: parseFloat(getComputedStyle(e).fontSize), right: e.getBoundingClientRect().right }))`
type Text = { text: string; size: number; right: number }

test.each(['busy', 'storm', 'calm', 'blind'] as const)('[§7] no text of the %s wall is below 18 px at 1080 lines', (scene) =>
  open(scene, HD, async (page) => {
    const texts = (await page.evaluate(TEXTS)) as Text[]
    expect(texts.length).toBeGreaterThan(150)
    expect(texts.filter(({ size }) => size < 17.9)).toEqual([])
  }),
)

test('[§7] twice the lines are twice the size, not more of the same', async () => {
  const size = async (page: Page) =>
    Number(await page.evaluate(`parseFloat(getComputedStyle(document.querySelector('[data-cluster-id]')).fontSize)`))
  expect(await open('busy', [3840, 2160], size)).toBeCloseTo(2 * (await open('busy', HD, size)), 1)
})

test('[§7] without graphics the wall says that the map is missing and shows everything else', () =>
  open('busy', HD, async (page) => {
    await expect.poll(() => page.locator('section.stage').textContent()).toMatch(/地图没有画出来/)
    expect(await page.locator('[data-alert-id]').count()).toBeGreaterThan(4)
  }))

test('[§7] a wide wall gets columns: people alone and incidents stand beside the rest', async () => {
  const columns = async (page: Page) => [await page.locator('section.care').count(), await page.locator('section.incidents').count()]
  expect(await open('busy', HD, columns)).toEqual([0, 0])
  expect(await open('busy', [2560, 1080], columns)).toEqual([0, 1])
  expect(await open('busy', [5760, 1080], columns)).toEqual([1, 1])
})

test('[§7] only pulses run on an idle wall: nothing but opacity and transform is animated', () =>
  open('storm', HD, async (page) => {
    const names = (await page.evaluate(`[...new Set(document.getAnimations().filter((a) => a.effect.getTiming().iterations === Infinity)
      .flatMap((a) => a.effect.getKeyframes().flatMap(Object.keys)))]`)) as string[]
    const known = ['offset', 'computedOffset', 'easing', 'composite', 'opacity', 'transform', 'scale', 'translate']
    expect(names.filter((name) => !known.includes(name))).toEqual([])
  }))

test('[D1] the wall shows the ladder step of a missed order, the pool, and what nobody has looked at, each with word and clock', () =>
  open('loop', HD, async (page) => {
    const text = (selector: string) => page.locator(selector).allTextContents()
    expect((await text('[data-order-id="order-incident-r5"]'))[0]).toMatch(/水管爆裂 7栋 1单元 301.*超时.*升级至 社区党支部.*4\/6/s)
    expect((await text('[data-order-id="order-incident-r4"]'))[0]).toMatch(/接单.*剩.*待接单 彩虹社区党员先锋队/s)
    expect((await text('[data-triage]'))[0]).toMatch(/乱贴小广告 40栋.*研判.*已等.*升级至 社区工作人员/s)
    expect((await text('[data-stage="triage"]'))[0]).toMatch(/2▲.*待研判/s)
    const figure = async (name: string) => (await text(`[data-loop-figure="${name}"]`))[0]
    expect(await figure('reports')).toBe('23')
    expect(await figure('channels')).toMatch(/居民 12 +热线 7 +网格 4/)
    expect([await figure('closed'), await figure('on-time'), await figure('back'), await figure('rating')]).toEqual([
      '31',
      '97',
      '2',
      '4.69 人',
    ])
    const smallest = await page
      .locator('[data-order-id] *, [data-triage] *, [data-loop] *')
      .evaluateAll((all) =>
        Math.min(...all.filter((each) => each.textContent?.trim()).map((each) => Number.parseFloat(getComputedStyle(each).fontSize))),
      )
    expect(smallest).toBeGreaterThanOrEqual(18)
  }))

test('[§7] with a burst pipe reported and no alert the wall is not calm', () =>
  open('reported', HD, async (page) => {
    expect(await page.locator('header.top').textContent()).toMatch(/1栋 1单元 101 上报 水管爆裂/)
    expect(await page.locator('body').textContent()).not.toMatch(/一切平静|没有需要人的事/)
  }))
