import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MyOrders } from '../../shared/my-orders.ts'
import type { Order } from '../../shared/order.ts'
import type { Report } from '../../shared/report.ts'
import { type BadLine, badLine } from '../support/bad-line.ts'
import { launchBrowser } from '../support/browser.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { type Session, signIn } from '../support/session.ts'

/** A party member's phone on a line that is cut: a real server, its built page, a real browser. */
let server: RunningServer
let line: BadLine
let browser: Browser
let context: BrowserContext
let page: Page
let officer: Session
const SHOTS = process.env.FIELD_SHOTS

const shot = async (name: string) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` })
}
/** a busy machine takes its time */
const PATIENCE = 30_000
const soon = <T>(look: () => Promise<T> | T) => expect.poll(look, { timeout: PATIENCE })
const waiting = async () => Number(await page.locator('.field').getAttribute('data-waiting'))
const order = (id: string) => officer.get<Order>(`/api/orders/${id}`)
const stateShown = () => page.locator('[data-order]').getAttribute('data-state')
const press = (selector: string | Locator) =>
  (typeof selector === 'string' ? page.locator(selector) : selector).click({ timeout: PATIENCE })
/** what reached the server of this order, in order; an answer that got lost is there twice */
const posts = (id: string) => line.heard.filter(({ method, path }) => method === 'POST' && path.startsWith(`/api/orders/${id}/`))
const stepsBy = ({ steps }: Order, who: string) => steps.filter(({ by }) => by === who)

async function sessionOf(role: string) {
  const response = await fetch(`${server.url}/api/session`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ role }) },
  })
  const [name = '', value = ''] = response.headers.getSetCookie()[0]!.split(';')[0]!.split('=')
  return { cookie: { name, value } }
}

async function cut(isCut: boolean) {
  line.cut(isCut)
  await context.setOffline(isCut)
}

/** Somebody reports it, and the officer sends it to the pool of party members. */
async function pooled(placeId: string, kind = 'elder-help') {
  const { body: report } = await officer.ask<Report>('POST', '/api/reports', {
    ...{
      kind,
      placeId,
      text: '家里水管一直滴水，老人一个人弄不了',
      channel: 'hotline',
      reporter: { name: '王秀兰', phone: '13900000017' },
    },
  })
  const incident = await officer.get<{ id: string; version: number }>(`/api/incidents/${report.incidentId}`)
  const sent = await officer.ask<Order>('POST', `/api/incidents/${incident.id}/dispatch`, { pool: 'party', version: incident.version })
  expect(sent.status, JSON.stringify(sent.body)).toBeLessThan(300)
  return sent.body.id
}

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ patience: 180_000 }), launchBrowser()])
  line = await badLine(server.url)
  officer = await signIn(server, 'officer')
  context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' },
    ...{ geolocation: { longitude: 106.6268, latitude: 26.58245, accuracy: 12 }, permissions: ['geolocation'] },
  })
  page = await context.newPage()
  page.on('pageerror', (error) => console.error('page:', error.stack))
  page.on(
    'console',
    (message) => message.type() === 'error' && !/Failed to load resource/.test(message.text()) && console.error(message.text()),
  )
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await line?.close()
  if (server) await discard(server)
})

let me = ''
let first = ''
test('[§5] one touch makes a party member, who sees what waits nearby and claims it', async () => {
  await page.goto(`${line.url}/field`)
  await page.locator('[data-enter="party-member"]').waitFor({ timeout: PATIENCE })
  await shot('sign-in')
  await press('[data-enter="party-member"]')
  await page.locator('.van-tabbar').waitFor()
  me = await page.evaluate(async () => (await (await fetch('/api/session')).json()).user.staffId)
  const where = await page.evaluate(async () => (await (await fetch('/api/session')).json()).user.scope)
  expect(where).toBe('caihong-g1')
  await shot('empty')
  first = await pooled('caihong-b01-u1-302')
  await press(page.getByRole('tab').nth(1))
  await soon(() => page.locator(`[data-order-id="${first}"]`).isVisible()).toBe(true)
  await shot('claimable')
  await press(`[data-order-id="${first}"] [data-step="claim"]`)
  await soon(stateShown).toBe('accepted')
  expect((await order(first)).assignee).toBe(me)
  await page.locator('.plan svg').waitFor()
  await shot('order')
  await page.locator('[data-act="locate"]').click()
  await soon(() => page.locator('.plan .tools').textContent()).toMatch(/离这里约 \d+ 米/)
  await shot('order-located')
}, 180_000)

test('[§5] the page belongs to the phone: a worker keeps it, a manifest makes it installable', async () => {
  await soon(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
  const manifest = await (await fetch(`${server.url}/field.webmanifest`)).json()
  expect(manifest).toMatchObject({ start_url: '/field', display: 'standalone' })
  for (const { src, sizes } of manifest.icons) {
    const bytes = await (await fetch(server.url + src)).arrayBuffer()
    const { width, height, format } = await sharp(Buffer.from(bytes)).metadata()
    expect(`${format} ${width}x${height}`).toBe(`png ${sizes}`)
  }
})

test('[§5] without a network it is done on the phone: arrived, ticked, noted with a photo, finished; and it stays after a reload', async () => {
  await cut(true)
  await soon(() =>
    page.evaluate(() =>
      fetch('/api/clock')
        .then(() => 'answered')
        .catch(() => 'silence'),
    ),
  ).toBe('silence')
  await soon(() => page.locator('.field').getAttribute('data-stale')).toBe('true')
  await expect
    .poll(() => page.locator('[data-bar="waiting"]').textContent(), { timeout: PATIENCE })
    .toMatch(/网络不通，显示 \d\d:\d\d 的内容/)
  await press('.bottom [data-step="arrive"]')
  await soon(stateShown).toBe('arrived')
  await press('[data-check="0"]')
  await press('[data-check="1"]')
  await soon(() => page.locator('[data-check="1"]').getAttribute('aria-checked')).toBe('true')
  await page.locator('[data-field="note"]').fill('水龙头垫圈坏了，已换上新的')
  const jpeg = await sharp({ create: { width: 1200, height: 900, channels: 3, background: '#8a7f6f' } })
    .jpeg()
    .toBuffer()
  await page.locator('.shots input[type="file"]').first().setInputFiles({ name: 'tap.jpg', mimeType: 'image/jpeg', buffer: jpeg })
  await page.locator('.shots img').first().waitFor()
  await press('[data-act="note"]')
  await soon(waiting).toBe(4)
  await shot('offline')
  // the toast lies over the button for a moment
  await page.locator('.van-toast').waitFor({ state: 'hidden' })
  await press('.bottom [data-step="handle"]')
  await page.locator('[data-field="handle-note"]').fill('修好了，试过不漏')
  await press('[data-sheet="handle"] [data-act="handle"]')
  await soon(stateShown).toBe('handled')
  expect(await waiting()).toBe(5)
  await page.reload()
  await soon(stateShown).toBe('handled')
  expect(await waiting()).toBe(5)
  await soon(() => page.locator('[data-photo^="local:"] img').count()).toBe(1)
  await shot('offline-reloaded')
  expect((await order(first)).state).toBe('accepted')
  await page.goto(`${line.url}/field/me`)
  await soon(() => page.locator('[data-errand]').count()).toBe(5)
  await shot('offline-queue')
}, 180_000)

test('[D2] with the network again each act reaches the server once, in order, with the time it was done, though answers get lost', async () => {
  line.loseAnswer(/\/arrive$/)
  line.loseAnswer(/^\/api\/photos$/)
  line.loseAnswer(/\/handle$/)
  await new Promise((wake) => setTimeout(wake, 1500))
  const back = Date.now()
  await cut(false)
  await soon(waiting).toBe(0)
  const now = await order(first)
  expect(now.state).toBe('handled')
  expect(stepsBy(now, me).map(({ act }) => act)).toEqual(['claimed', 'arrived', 'checked', 'checked', 'noted', 'handled'])
  const sent = posts(first)
  expect(sent.filter(({ delivered }) => delivered).map(({ path }) => path.split('/').at(-1))).toEqual([
    'claim',
    'arrive',
    'check',
    'check',
    'note',
    'handle',
  ])
  // the lost ones came again with the same key
  for (const command of ['arrive', 'handle']) {
    const keys = sent.filter(({ path }) => path.endsWith(command)).map(({ key }) => key)
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
  }
  const offline = stepsBy(now, me).slice(1)
  for (const step of offline) {
    expect(step.receivedAt).toBeGreaterThanOrEqual(back - 50)
    expect(step.at).toBeLessThan(back)
  }
  expect(offline.map(({ at }) => at)).toEqual(offline.map(({ at }) => at).toSorted((a, b) => a - b))
  expect(now.checklist?.map(({ done }) => done)).toEqual([true, true, false].slice(0, now.checklist?.length))
  expect(now.notes?.map(({ text }) => text)).toEqual(['水龙头垫圈坏了，已换上新的', '修好了，试过不漏'])
  expect(now.photos).toHaveLength(1)
  expect(line.heard.filter(({ path }) => path === '/api/photos').length).toBe(2)
  const photo = await officer.ask('GET', '/api/photos/none')
  expect(photo.status).toBe(404)
  expect(now.placeChecked).toBe(true)
  expect(now.handledBy).toBe(me)
}, 120_000)

test('[D3] it waits for somebody else to verify it, who does', async () => {
  await page.goto(`${line.url}/field`)
  await soon(() => page.locator(`[data-order-id="${first}"]`).getAttribute('data-state')).toBe('handled')
  const { version } = await order(first)
  const verified = await officer.ask<Order>('POST', `/api/orders/${first}/verify`, { version, how: 'photo' })
  expect(verified.body.state).toBe('verified')
  await soon(() => page.locator(`[data-order-id="${first}"]`).count()).toBe(0)
})

test('[D2] what somebody else changed meanwhile is shown, waits for a decision, and the rest goes on from there', async () => {
  const id = await pooled('caihong-b01-u1-402')
  await press(page.getByRole('tab').nth(1))
  await press(`[data-order-id="${id}"] [data-step="claim"]`)
  await soon(stateShown).toBe('accepted')
  await cut(true)
  await press('.bottom [data-step="arrive"]')
  await soon(stateShown).toBe('arrived')
  await page.locator('.van-toast').waitFor({ state: 'hidden' })
  await press('.bottom [data-step="handle"]')
  await press('[data-sheet="handle"] [data-act="handle"]')
  await soon(waiting).toBe(2)
  const seen = await order(id)
  expect((await officer.ask('POST', `/api/orders/${id}/arrive`, { version: seen.version })).status).toBe(200)
  await cut(false)
  const box = page.locator('[data-conflict="arrive"]')
  await box.waitFor({ timeout: PATIENCE })
  await soon(() => box.locator('[data-now]').textContent()).toMatch(/服务器上现在是：已到场/)
  expect(await box.textContent()).toMatch(/后面还有 1 步在等/)
  await shot('conflict')
  expect(await waiting()).toBe(2)
  expect((await order(id)).state).toBe('arrived')
  await page.reload()
  await press('[data-conflict="arrive"] [data-act="drop"]')
  await soon(waiting).toBe(0)
  const after = await order(id)
  expect(after.state).toBe('handled')
  expect(stepsBy(after, me).map(({ act }) => act)).toEqual(['claimed', 'handled'])
}, 120_000)

test('[D2] an order that was given to somebody else while the phone was deaf is said to be so, and nothing of it is swallowed', async () => {
  const id = await pooled('caihong-b01-u1-502')
  await page.goto(`${line.url}/field`)
  await press(page.getByRole('tab').nth(1))
  await press(`[data-order-id="${id}"] [data-step="claim"]`)
  await soon(stateShown).toBe('accepted')
  await cut(true)
  await press('.bottom [data-step="arrive"]')
  await soon(waiting).toBe(1)
  const seen = await order(id)
  const given = await officer.ask('POST', `/api/orders/${id}/transfer`, { version: seen.version, assignee: 's007', reason: '换人' })
  expect(given.status).toBe(200)
  await cut(false)
  const box = page.locator('[data-conflict="arrive"]')
  await box.waitFor({ timeout: PATIENCE })
  await soon(() => box.textContent()).toMatch(/这张工单现在不归您/)
  await shot('not-mine')
  await press('[data-conflict="arrive"] [data-act="drop"]')
  await soon(waiting).toBe(0)
  expect((await order(id)).state).toBe('accepted')
}, 120_000)

test('[D2] a note of the officer meanwhile is no conflict: the state and the owner are as they were', async () => {
  const id = await pooled('caihong-b01-u1-602')
  await page.goto(`${line.url}/field`)
  await press(page.getByRole('tab').nth(1))
  await press(`[data-order-id="${id}"] [data-step="claim"]`)
  await soon(stateShown).toBe('accepted')
  await cut(true)
  await press('.bottom [data-step="arrive"]')
  await soon(waiting).toBe(1)
  expect((await officer.ask('POST', `/api/orders/${id}/note`, { text: '老人在家' })).status).toBe(200)
  await cut(false)
  await soon(waiting).toBe(0)
  expect(stepsBy(await order(id), me).map(({ act }) => act)).toEqual(['claimed', 'arrived'])
}, 120_000)

test('[D1] whoever claims second is told who has it', async () => {
  const id = await pooled('caihong-b01-u1-702')
  await page.goto(`${line.url}/field`)
  await press(page.getByRole('tab').nth(1))
  await page.locator(`[data-order-id="${id}"]`).waitFor({ timeout: PATIENCE })
  const other = await signIn(server, 'field', { staffId: 's231' })
  const list = await other.get<MyOrders>('/api/my/orders')
  const { version } = list.claimable.find((one) => one.id === id)!
  expect((await other.ask('POST', `/api/orders/${id}/claim`, { version })).status).toBe(200)
  await press(`[data-order-id="${id}"] [data-step="claim"]`)
  await soon(() => page.locator('.van-dialog').textContent()).toMatch(/龙思琪已经接了这张单/)
  await page.waitForTimeout(SHOTS ? 600 : 0)
  await shot('claimed-by-other')
  await page.locator('.van-dialog button').click()
})

test('[§5] a find waits without a network too, and then has a number', async () => {
  await page.goto(`${line.url}/field/report`)
  await page.locator('[data-act="new-report"]').click()
  await page.locator('[data-kind="illegal-parking"]').waitFor({ timeout: PATIENCE })
  await soon(() => page.evaluate(() => fetch('/api/my/places').then((answer) => answer.status))).toBe(200)
  await cut(true)
  await press('[data-kind="illegal-parking"]')
  await shot('report')
  await press('[data-act="here"]')
  await soon(() => page.locator('[data-act="here"]').getAttribute('aria-pressed')).toBe('true')
  await page.locator('[data-field="text"]').fill('消防通道停了一辆白色轿车')
  await press('[data-act="report"]')
  await soon(() => page.locator('[data-report="waiting"]').count()).toBe(1)
  await cut(false)
  await soon(waiting).toBe(0)
  await soon(() => page.locator('[data-report="received"], [data-report="dispatched"]').first().textContent()).toMatch(/编号 \d{8}-\d+/)
  await shot('reported')
}, 120_000)

test('[S3] a session that ends meanwhile asks for its owner again, and then all of it is sent', async () => {
  const id = await pooled('caihong-b01-u1-802')
  await page.goto(`${line.url}/field`)
  await press(page.getByRole('tab').nth(1))
  await press(`[data-order-id="${id}"] [data-step="claim"]`)
  await soon(stateShown).toBe('accepted')
  await cut(true)
  await press('.bottom [data-step="arrive"]')
  await soon(waiting).toBe(1)
  await context.clearCookies()
  // the desk is open in the same browser
  const { cookie } = await sessionOf('officer')
  await context.addCookies([{ ...cookie, url: line.url }])
  await cut(false)
  await page.locator('[data-enter="party-member"]').waitFor({ timeout: PATIENCE })
  expect((await order(id)).state).toBe('accepted')
  await shot('signed-out')
  await press('[data-enter="party-member"]')
  await soon(waiting).toBe(0)
  expect(stepsBy(await order(id), me).map(({ act }) => act)).toEqual(['claimed', 'arrived'])
}, 120_000)

test('[S2] who lives there is written down before it is shown, and nothing of a person stays after signing out', async () => {
  const list = await page.evaluate(async () => (await (await fetch('/api/my/orders')).json()).mine as { id: string; state: string }[])
  const id = list.find(({ state }) => state === 'accepted' || state === 'arrived')?.id
  await page.goto(`${line.url}/field/order/${id}`)
  await press('[data-act="people"]')
  await page.locator('[data-people]').waitFor({ timeout: PATIENCE })
  await shot('people')
  const supervisor = await signIn(server, 'supervisor')
  const rows = await supervisor.all<{ act: string; subject?: string }>('/api/audit?act=order.people')
  expect(rows.some(({ subject }) => subject === id)).toBe(true)
  await page.goto(`${line.url}/field/messages`)
  await page.locator('[data-notice="order.new"]').first().waitFor({ timeout: PATIENCE })
  await shot('messages')
  await page.goto(`${line.url}/field/me`)
  await page.locator('[data-act="quiet"]').waitFor({ timeout: PATIENCE })
  await shot('me')
  await press('[data-act="out"]')
  await page.locator('[data-enter="party-member"]').waitFor({ timeout: PATIENCE })
  const kept = await page.evaluate(
    () =>
      new Promise<number>((done, fail) => {
        const request = indexedDB.open('linwang-field')
        request.onerror = () => fail(request.error)
        request.onsuccess = () => {
          const stores = request.result.transaction(['errands', 'kept'], 'readonly')
          const counts = ['errands', 'kept'].map((name) => stores.objectStore(name).count())
          stores.oncomplete = () => done(counts.reduce((sum, count) => sum + count.result, 0))
        }
      }),
  )
  expect(kept).toBe(0)
}, 120_000)

test('[S3] whoever comes next sees their own orders alone, by urgency', async () => {
  await press('[data-enter="grid-worker"]')
  await page.locator('.van-tabbar').waitFor({ timeout: PATIENCE })
  const worker = await page.evaluate(async () => (await (await fetch('/api/session')).json()).user as { staffId: string; scope: string })
  const grid = worker.scope.slice(-1)
  const { items } = await officer.get<{ items: { id: string; kind: string }[] }>(`/api/places?kind=flat&under=caihong-g${grid}&limit=1000`)
  const flats = items.filter(({ id, kind }) => kind === 'flat' && !id.startsWith('caihong-b01-'))
  for (const [n, kind] of ['sewer', 'elder-help', 'burst-pipe'].entries()) {
    const { body: report } = await officer.ask<Report>('POST', '/api/reports', {
      ...{ kind, placeId: flats[n * 40]!.id, text: '住户来电', channel: 'hotline', reporter: { phone: '13900000018' } },
    })
    const { version } = await officer.get<{ version: number }>(`/api/incidents/${report.incidentId}`)
    const assigned = { assignee: worker.staffId, version }
    const sent = await officer.ask('POST', `/api/incidents/${report.incidentId}/dispatch`, assigned)
    // by the ladder it may be theirs already
    expect([200, 201, 409], JSON.stringify(sent.body)).toContain(sent.status)
  }
  await page.goto(`${line.url}/field`)
  const cards = page.locator('.van-tab__panel').first().locator('[data-order-id]')
  await soon(() => cards.count()).toBeGreaterThanOrEqual(3)
  const urgency = await cards.evaluateAll((list) => list.map((card) => Number(/\bp(\d)/.exec(card.className)?.[1])))
  expect(urgency).toEqual(urgency.toSorted((a, b) => a - b))
  expect(await page.locator(`[data-order-id="${first}"]`).count()).toBe(0)
  await press(page.locator('[data-step="accept"]').nth(1))
  await page.waitForTimeout(SHOTS ? 1500 : 0)
  await shot('orders')
}, 120_000)
