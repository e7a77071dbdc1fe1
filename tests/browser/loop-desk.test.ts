import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { Report } from '../../shared/report.ts'
import { launchBrowser } from '../support/browser.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { type Session, signIn } from '../support/session.ts'

/** An officer at the desk: writes down a call, finds it in the queue, triages, sends, makes two one and takes them apart; on a real server. */
let server: RunningServer
let browser: Browser
let page: Page
let officer: Session
const SHOTS = process.env.DESK_SHOTS

const shot = async (name: string) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.jpg`, type: 'jpeg', quality: 82 })
}
/** a busy machine takes its time */
const soon = <T>(look: () => Promise<T> | T) => expect.poll(look, { timeout: 20_000 })
const box = (name: string) => page.locator(`[data-box="${name}"]`)
const rows = () => page.locator('[data-incident-id]')
const incident = (id: string) => officer.get<Incident>(`/api/incidents/${id}`)

async function pick(field: string, typed: string) {
  await page.locator(`[data-field="${field}"] input`).first().fill(typed)
  await page.locator('.n-base-select-option', { hasText: typed }).first().click()
}
async function call(kind: string, placeId: string, text: string, phone = '13712340000'): Promise<string> {
  const body = { channel: 'hotline', kind, placeId, text, reporter: { name: '赵敏', phone } }
  const { body: report } = await officer.ask<Report>('POST', '/api/reports', body)
  return (await officer.get<Report>(`/api/reports/${report.id}`)).incidentId!
}

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ patience: 120_000 }), launchBrowser()])
  officer = await signIn(server, 'officer')
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(`${server.url}/desk`)
  await page.locator('[data-role="officer"]').click()
  await page.locator('[data-nav="queue"]').waitFor()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  if (server) await discard(server)
})

let first: string
test('[D1] a call is written down: its history stands beside it, the kind is guessed from the words, the number is told', async () => {
  await call('street-light', 'caihong-b07', '楼前路灯不亮', '13712345678')
  await page.goto(`${server.url}/desk/report/new`)
  await page.locator('[data-field="phone"]').fill('137 1234 5678')
  await soon(() => box('caller').textContent()).toMatch(/路灯不亮/)
  expect(await box('caller').textContent()).not.toMatch(/赵敏/)
  await page.locator('[data-field="text"]').fill('楼道漏水渗水，墙皮都掉了')
  await page.locator('[data-act="save"]').click()
  await soon(() => page.locator('[role="alert"]').textContent()).toMatch(/还缺：类别、地点/)
  await page.locator('[data-guess="leak"]').click()
  await pick('place', '12栋')
  await shot('entry')
  await page.locator('[data-act="save"]').click()
  await soon(() => page.locator('[data-no]').textContent()).toMatch(/^\d{8}-\d{4}$/)
  first = (await box('made').getAttribute('data-incident'))!
  expect(await incident(first)).toMatchObject({ kind: 'report.leak', placeId: 'caihong-b12', state: 'open', channels: ['hotline'] })
})

test('[§7] two characters find it in the queue, an arrow and Enter open it', async () => {
  await page.locator('[data-nav="queue"]').click()
  await soon(() => rows().count()).toBe(2)
  await page.keyboard.press('/')
  await page.keyboard.type('墙皮')
  await soon(() => rows().count()).toBe(1)
  await page.keyboard.press('ArrowDown')
  await soon(() => page.evaluate(() => document.activeElement?.getAttribute('data-incident-id'))).toBe(first)
  await page.keyboard.press('Enter')
  await soon(() => page.url()).toContain(`/desk/incidents/${first}`)
  await box('triage').waitFor()
})

test('[P5] who called is masked until somebody has said why', async () => {
  expect(await box('reports').textContent()).toMatch(/137\*{4}5678/)
  await box('reports').locator('[data-act="unmask"]').click()
  await page.locator('[data-reason]').first().click()
  await soon(() => box('reports').textContent()).toMatch(/13712345678|137 1234 5678/)
  const supervisor = await signIn(server, 'supervisor')
  const { items } = await supervisor.get<{ items: object[] }>('/api/audit?act=report.unmask')
  expect(items).toHaveLength(1)
})

test('[D2] triage is kept; what somebody else did in between is told, not overwritten', async () => {
  await box('triage').locator('[data-priority="2"]').waitFor()
  const { version } = await incident(first)
  // the page still shows the version of before for a moment
  await page.route('**/record', (route) => route.abort())
  await officer.ask('POST', `/api/incidents/${first}/triage`, { priority: 4, version, reason: '不急' })
  await box('triage').locator('[data-priority="3"]').click()
  await box('triage').locator('[data-act="triage"]').click()
  await soon(() => page.locator('[data-said]').textContent()).toMatch(/刚刚“研判”/)
  await page.unroute('**/record')
  await soon(() => page.locator('[data-incident]').getAttribute('data-version')).toBe(String((await incident(first)).version))
  await box('triage').locator('[data-priority="3"]').click()
  await box('triage').locator('[data-act="triage"]').click()
  await soon(async () => (await incident(first)).priority).toBe(3)
})

test('[D1] the suggestion says why, one touch sends, and the order stands on the page with its clock', async () => {
  const suggestion = box('send').locator('[data-suggestion]').first()
  await soon(() => suggestion.textContent()).toMatch(/这类事归它管|会水工/)
  await shot('incident')
  await suggestion.locator('[data-act="dispatch"]').click()
  const card = page.locator('[data-order-id]').first()
  await soon(() => card.getAttribute('data-order-state')).toBe('dispatched')
  const [id] = (await incident(first)).orders
  const order = await officer.get<Order>(`/api/orders/${id}`)
  expect(await card.getAttribute('data-assignee')).toBe(order.assignee)
  await soon(() => card.textContent()).toMatch(/接单还有/)
  await soon(() => box('timeline').textContent()).toMatch(/派单.*研判.*收到上报/s)
})

test('[D3] steps are noted for whoever has no phone, and another verifies: refused brings a new order', async () => {
  const card = page.locator('[data-order-id]').first()
  for (const act of ['accept', 'arrive', 'handle']) {
    await card.locator(`[data-act="${act}"]`).click()
    await page.locator(`[data-act="${act}"]`).waitFor({ state: 'detached' })
  }
  // the officer noted the work as done, so it is somebody else's to verify
  await soon(() => card.locator('[data-box="verify"]').textContent()).toMatch(/要由别人核查/)
  const supervisor = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const other = await supervisor.newPage()
  await other.goto(`${server.url}/desk`)
  await other.locator('[data-role="supervisor"]').click()
  await other.locator('[data-nav="queue"]').waitFor()
  await other.goto(`${server.url}/desk/incidents/${first}`)
  await other.locator('[data-act="refuse"]').click()
  await other.locator('[data-field="why"]').fill('还在滴水')
  await other.locator('[data-act="submit"]').click()
  await expect.poll(() => other.locator('[data-order-id]').count(), { timeout: 20_000 }).toBe(2)
  await supervisor.close()
  expect((await incident(first)).timeline.map(({ what }) => what)).toEqual(expect.arrayContaining(['order.rejected', 'incident.released']))
})

test('[A4] what may be the same is made one by a touch, taken apart by another, and not proposed once it is told apart', async () => {
  await call('no-water', 'caihong-b20', '从早上开始停水，做不了饭')
  const second = await call('sewer', 'caihong-b20', '停水又堵，从早上开始做不了饭')
  const { proposals = [] } = await incident(second)
  expect(proposals.length).toBeGreaterThan(0)
  const other = proposals[0]!.incidentId
  await page.goto(`${server.url}/desk/incidents/${second}`)
  const line = page.locator(`[data-proposal="${other}"]`)
  await soon(() => line.textContent()).toMatch(/同一/)
  await shot('proposal')
  await line.locator('[data-act="merge"]').click()
  await soon(async () => (await incident(second)).state).toBe('merged')
  expect((await incident(other)).reports).toHaveLength(2)
  await box('merged').locator('[data-act="unmerge"]').click()
  await soon(async () => (await incident(second)).state).toBe('open')
  expect((await incident(other)).reports).toHaveLength(1)
  await page.locator(`[data-proposal="${other}"] [data-act="apart"]`).click()
  await box('proposals').waitFor({ state: 'detached' })
  expect(await incident(second)).toMatchObject({ apart: [other], proposals: [] })
  expect((await incident(other)).apart).toEqual([second])
})

test('[D1] a quarrel keeps its ledger', async () => {
  const quarrel = await call('neighbour-dispute', 'caihong-b07', '楼上楼下为噪声吵起来')
  await page.goto(`${server.url}/desk/incidents/${quarrel}`)
  await box('mediation').locator('[data-act="talk"]').click()
  await box('mediation').locator('.n-dynamic-tags .n-button').click()
  await page.keyboard.type('楼上住户')
  await page.keyboard.press('Enter')
  await box('mediation').locator('[data-field="talk"]').fill('约定十点后不拖桌椅')
  await box('mediation').locator('[data-act="save-talk"]').click()
  await soon(() => box('mediation').locator('[data-talk]').count()).toBe(1)
  expect((await incident(quarrel)).mediations).toMatchObject([{ parties: ['楼上住户'], text: '约定十点后不拖桌椅', outcome: 'going-on' }])
})

test('[D2] a notice is written, seen as residents see it, published, and withdrawn', async () => {
  await page.goto(`${server.url}/desk/publish/new`)
  await page.locator('[data-field="title"]').fill('周三停水检修')
  await page.locator('[data-field="body"]').fill('下午两点到四点，请提前储水。')
  await soon(() => page.locator('[data-preview]').textContent()).toMatch(/周三停水检修/)
  await page.locator('[data-act="publish"]').click()
  await soon(() => box('publication').getAttribute('data-state')).toBe('published')
  const resident = await signIn(server, 'resident')
  expect((await resident.get<{ items: object[] }>('/api/my/publications')).items).toMatchObject([{ title: '周三停水检修' }])
  await page.locator('[data-act="withdraw"]').click()
  await page.locator('.n-popconfirm__action .n-button').last().click()
  await soon(() => box('publication').getAttribute('data-state')).toBe('withdrawn')
  expect((await resident.get<{ items: object[] }>('/api/my/publications')).items).toEqual([])
})

test('[X1] nothing is heard before the second yes: a draft is dropped, a drill is sent and says that it is one', async () => {
  await page.goto(`${server.url}/desk/speak`)
  const said = async () => (await officer.get<{ items: { text: string; state: string; speakers: object[] }[] }>('/api/broadcasts')).items
  await page.locator('[data-speaker="speaker-2"]').click()
  await page.locator('[data-field="speech"]').fill('请大家到广场集合')
  await page.locator('.n-checkbox').click()
  await page.locator('[data-act="prepare"]').click()
  await soon(() => box('sure').textContent()).toMatch(/演练：请大家到广场集合.*1 个喇叭：.*东门云喇叭/s)
  await shot('speak')
  await box('sure').locator('[data-act="discard"]').click()
  await soon(said).toMatchObject([{ state: 'discarded' }])
  await page.locator('[data-act="prepare"]').click()
  await box('sure').locator('[data-act="send"]').click()
  await soon(async () => (await said())[0]).toMatchObject({ text: '演练：请大家到广场集合', speakers: [{ deviceId: 'speaker-2' }] })
  await soon(() => page.locator('[data-broadcast]').count()).toBe(2)
})

test('[D1] the bell rings when somebody is told, and leads to the matter', async () => {
  const before = Number(await page.locator('[data-bell]').getAttribute('data-unread'))
  const urgent = await call('lift-trapped', 'caihong-b30-u1', '电梯停在四楼，里面有人')
  await soon(async () => Number(await page.locator('[data-bell]').getAttribute('data-unread'))).toBeGreaterThan(before)
  await page.locator('[data-bell]').click()
  await soon(() => page.locator('[data-notice]').first().textContent()).toMatch(/电梯困人/)
  await page.locator('[data-notice]').first().click()
  await soon(() => page.url()).toContain(`/desk/incidents/${urgent}`)
})

test('[§7] on a phone nothing stands beyond the edge', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of ['queue', `incidents/${first}`, 'report/new', 'publish', 'speak', 'notify', 'dangers']) {
    await page.goto(`${server.url}/desk/${path}`)
    await page.locator('h1').first().waitFor()
    await page.waitForTimeout(800)
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(390)
    expect(await page.locator('.desk-main').evaluate((main) => main.scrollWidth - main.clientWidth), path).toBe(0)
  }
})
