import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { Device } from '../../shared/device.ts'
import type { Incident } from '../../shared/incident.ts'
import { launchBrowser } from '../support/browser.ts'
import { help, post } from '../support/events.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'

/** An officer and a person looked after: list, plan, absence, call and verdict, on a real server in a real browser. */
interface Person {
  residentId: string
  placeId: string
  state: string
  person: { name: string; phone?: string; place: string; categories: string[] }
}
interface Plan {
  version: number
  state: string
  contacts: { id: string; relation: string; name: string }[]
  absences: { kind: string; until: number }[]
  absence: object | null
  detectors: Record<string, boolean>
}
let server: RunningServer
let browser: Browser
let page: Page
let officer: Session
let person: Person
let button: Device
const SHOTS = process.env.DESK_SHOTS

const shot = async (name: string) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.jpg`, type: 'jpeg', quality: 82 })
}
/** a busy machine takes its time */
const soon = <T>(look: () => Promise<T> | T) => expect.poll(look, { timeout: 15_000 })
const plan = () => officer.get<Plan>(`/api/care/${person.residentId}`)
const box = (name: string) => page.locator(`[data-box="${name}"]`)

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ patience: 120_000 }), launchBrowser()])
  officer = await signIn(server, 'officer')
  const buttons = await officer.all<Device>('/api/devices?kind=help-button')
  const people = await officer.all<Person>('/api/care?state=watched')
  const alone = people.filter(({ person: { phone, categories } }) => phone && categories.includes('living-alone'))
  person = alone.find(({ placeId }) => buttons.some((one) => one.placeId === placeId))!
  button = buttons.find(({ placeId }) => placeId === person.placeId)!
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(`${server.url}/desk`)
  await page.locator('[data-role="officer"]').click()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  if (server) await discard(server)
})

test('[P5] the list shows everybody looked after, masked, and finds them by flat and by the masked name', async () => {
  await page.locator('[data-nav="care"]').click()
  const rows = page.locator('[data-care-id]')
  await soon(() => rows.count()).toBe(229)
  expect(await page.locator('.list').textContent()).toMatch(/[\u4e00-\u9fff]\*/)
  await page.keyboard.press('/')
  await page.keyboard.type(person.person.place.replaceAll(' ', ''))
  await soon(() => rows.count()).toBe(1)
  await page.locator('[data-field="find"]').fill(`${person.person.name[0]}`)
  await soon(() => rows.count()).toBeGreaterThan(0)
  for (const name of await page.locator('.person b').allTextContents()) expect(name[0]).toBe(person.person.name[0])
  await page.locator('[data-field="find"]').fill('没有这个人')
  await page.locator('.empty').waitFor()
  await page.locator('.empty button').click()
  await soon(() => rows.count()).toBe(229)
  await shot('care')
})

test('[§7] arrows go through the list and Enter opens a person', async () => {
  await page.locator('[data-field="find"]').fill(person.person.place.replaceAll(' ', ''))
  await soon(() => page.locator('[data-care-id]').count()).toBe(1)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await soon(() => page.url()).toContain(`/desk/care/${person.residentId}`)
  await box('plan').waitFor()
})

test('[D2] contacts are moved and added, a detector is switched off, and the plan is saved as a whole', async () => {
  const before = await plan()
  await box('plan').locator('li[data-contact="c2"] [data-act="up"]').click()
  await box('plan').locator('[data-act="add-other"]').click()
  await page.keyboard.type('陈小芳')
  await box('plan').locator('[data-field="contact-phone"]').fill('137')
  await box('plan').locator('[data-detector="night-out"]').click()
  await page.locator('[data-act="save-plan"]').click()
  await soon(() => page.locator('.save [role="alert"]').textContent()).toMatch(/5 到 20 位/)
  await box('plan').locator('[data-field="contact-phone"]').fill('13700001234')
  await shot('care-plan')
  await page.locator('[data-act="save-plan"]').click()
  await soon(() => box('plan').getAttribute('data-version')).toBe(String(before.version + 1))
  const after = await plan()
  expect(after.contacts.slice(0, 2).map(({ id }) => id)).toEqual(['c2', 'c1'])
  expect(after.contacts.at(-1)).toMatchObject({ relation: 'family', name: '陈*芳' })
  expect(after.detectors).toEqual({ 'night-out': false })
  expect(after.contacts).toHaveLength(before.contacts.length + 1)
})

test('[D2] somebody else’s save in between is shown with what changed, and one’s own is kept on top', async () => {
  const { version, contacts } = await plan()
  await box('plan').locator('[data-detector="room-stay"]').click()
  const others = {
    version,
    contacts: contacts.slice(0, -1).map(({ id, relation }) => ({ id, relation })),
    detectors: { 'night-out': false },
  }
  const supervisor = await signIn(server, 'supervisor')
  expect((await supervisor.ask('PUT', `/api/care/${person.residentId}`, { ...others, consent: null })).status).toBe(200)
  await page.locator('[data-act="save-plan"]').click()
  await soon(() => page.locator('[data-conflict]').textContent()).toMatch(/别人改了：联系人、同意.*您改了：看什么/)
  await shot('care-conflict')
  await page.locator('[data-act="keep-mine"]').click()
  await page.locator('[data-act="save-plan"]').click()
  await soon(() => box('plan').getAttribute('data-version')).toBe(String(version + 2))
  expect(await plan()).toMatchObject({ detectors: { 'night-out': false, 'room-stay': false }, state: 'consent-missing' })
})

test('[D1] an absence is announced, undone, announced again and ended', async () => {
  const announce = async () => {
    await box('absence').locator('[data-act="absence"]').click()
    await box('absence').locator('[data-kind="hospital"]').click()
    await box('absence').locator('[data-days="7"]').click()
    await box('absence').locator('[data-act="announce"]').click()
    await soon(() => page.locator('[data-plan-state]').getAttribute('data-plan-state')).toBe('away')
  }
  await announce()
  await shot('care-away')
  await box('absence').locator('[data-act="undo-absence"]').click()
  await soon(() => page.locator('[data-plan-state]').getAttribute('data-plan-state')).not.toBe('away')
  await announce()
  await soon(async () => (await plan()).absence).toMatchObject({ kind: 'hospital' })
  await box('absence').locator('[data-act="end-absence"]').click()
  await soon(async () => (await plan()).absence).toBeNull()
})

test('[S2] names and numbers are shown after saying why, which is in the audit, and are masked again', async () => {
  expect(await box('plan').textContent()).not.toMatch(/1390000\d{4}/)
  await page.locator('[data-act="show"]').click()
  await page.locator('[data-reason]').first().click()
  await soon(() => box('plan').textContent()).toMatch(/1390000\d{4}/)
  await page.locator('[data-act="hide"]').click()
  await soon(() => box('plan').textContent()).not.toMatch(/1390000\d{4}/)
  const supervisor = await signIn(server, 'supervisor')
  const { items } = await supervisor.get<{ items: object[] }>('/api/audit?act=care.unmask')
  expect(items).toMatchObject([{ subject: person.residentId, why: '电话联系' }])
})

const called = async () => {
  const { items } = await officer.get<{ items: Alert[] }>(`/api/alerts?residentId=${person.residentId}&open=true`)
  return officer.get<Incident>(`/api/incidents/${items[0]!.incidentId}`)
}
test('[D1] a press asks for a call: nobody answers, the next one is named; a touch can be taken back; then all is well', async () => {
  await post(server.url, server.feedKey, help(button.id, { time: new Date().toISOString(), data: { residentId: person.residentId } }))
  await eventually(
    async () => (await officer.get<{ items: Alert[] }>(`/api/alerts?residentId=${person.residentId}&open=true`)).items[0]?.incidentId,
  )
  const whom = () => box('call').locator('.now').getAttribute('data-contact')
  await soon(() => whom()).toBe('self')
  await box('call').locator('[data-act="number"]').click()
  await soon(() => box('call').locator('a.phone').getAttribute('href')).toMatch(/^tel:1390000\d{4}$/)
  await shot('care-call')
  await box('call').locator('[data-outcome="ok"]').click()
  await box('call').locator('[data-act="undo-call"]').click()
  expect((await called()).calls ?? []).toEqual([])
  await box('call').locator('[data-outcome="no-answer"]').click()
  await box('call').locator('[data-act="now-call"]').click()
  await soon(() => whom()).toBe('c2')
  expect((await called()).calls).toMatchObject([{ contactId: 'self', outcome: 'no-answer' }])
  await soon(() => box('call').locator('[data-calls]').textContent()).toMatch(/本人 无人接/)
  // without the button it is noted after a few seconds by itself
  await box('call').locator('[data-outcome="ok"]').click()
  await soon(() => box('call').getAttribute('data-next')).toBe('verify')
  expect((await called()).calls).toMatchObject([{}, { contactId: 'c2', outcome: 'ok' }])
})

test('[D1] a verdict is one touch, may be changed, and is counted in the record', async () => {
  const line = box('history').locator('li').first()
  await line.locator('[data-verdict="real"]').click()
  await soon(() => line.locator('[data-verdict="real"]').getAttribute('aria-pressed')).toBe('true')
  await line.locator('[data-verdict="false"]').click()
  await soon(() => line.locator('[data-verdict="false"]').getAttribute('aria-pressed')).toBe('true')
  await page.locator('[data-nav="record"]').click()
  const score = page.locator('[data-score="help"]')
  await soon(() => score.getAttribute('data-false')).toBe('1')
  expect(await score.getAttribute('data-real')).toBe('0')
  await shot('care-record')
})

test('[§7] on a phone nothing stands beyond the edge', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of ['/desk/care', `/desk/care/${person.residentId}`, '/desk/record']) {
    await page.goto(server.url + path)
    await page.locator('.page-head h1').waitFor()
    await page.waitForTimeout(500)
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(390)
    expect(await page.locator('.desk-main').evaluate((main) => main.scrollWidth - main.clientWidth), path).toBe(0)
  }
})
