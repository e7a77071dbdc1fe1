import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulation, simulate } from '../../server/demo/simulation.ts'
import type { Broadcast } from '../../shared/broadcast.ts'
import type { Incident } from '../../shared/incident.ts'
import { isOpenIncident } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import type { PublicationForMe } from '../../shared/publication.ts'
import type { Report } from '../../shared/report.ts'
import { advance, clockOf, goTo } from '../support/domain-time.ts'
import { pilotRegisters } from '../support/registers.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'

/** No story and no town around it: the loop alone, from ten in the morning on. */
const NEVER = Number.POSITIVE_INFINITY
const pace = { step: 25, askClock: 10, look: 30, first: NEVER, reports: 0, gap: 0 }
const STEP = 10
const LONGEST = 45 * 60
const MOST = 12

let server: RunningServer
let supervisor: Session
let simulation: Simulation | undefined
/** most reported matters open at one look, and what was without an owner at any */
let most = 0
const ownerless: string[] = []

beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' }, patience: 120_000 })
  supervisor = await signIn(server, 'supervisor')
  await goTo(supervisor, 10)
  const registers = pilotRegisters()
  const residents = registers.residents.filter((_, n) => n % 12 === 0)
  const mqttUrl = `mqtt://127.0.0.1:${server.mqttPort}`
  simulation = await simulate({
    baseUrl: server.url,
    feedKey: server.feedKey,
    mqttUrl,
    seed: 5,
    registers: { ...registers, residents },
    stories: [],
    pace,
  })
}, 240_000)
afterAll(async () => {
  await simulation?.stop()
  if (server) await discard(server)
})

/** domain time goes on, and the people have looked since */
async function live(seconds: number) {
  await advance(supervisor, seconds)
  const now = await clockOf(supervisor)
  await eventually(() => simulation!.seen() >= now, 20_000)
}

async function look() {
  const [incidents, orders, reports] = await Promise.all([
    supervisor.all<Incident>('/api/incidents'),
    supervisor.all<Order>('/api/orders'),
    supervisor.all<Report>('/api/reports'),
  ])
  const open = incidents.filter(isOpenIncident)
  most = Math.max(most, open.filter(({ kind }) => kind.startsWith('report.')).length)
  const isOwned = ({ id, owner }: Incident) => owner !== undefined || orders.some((order) => order.incidentId === id && order.assignee)
  ownerless.push(...open.filter((one) => !isOwned(one)).map(({ id }) => id))
  ownerless.push(...orders.filter((order) => isOpenOrder(order) && !order.assignee).map(({ id }) => id))
  return { incidents, orders, reports, acts: new Set(orders.flatMap(({ steps }) => steps.map(({ act }) => act))) }
}
type Seen = Awaited<ReturnType<typeof look>>

/** Lets domain time run until it holds; gives what is to be seen then, and after how many seconds. */
async function until(holds: (seen: Seen) => boolean, longest = LONGEST): Promise<Seen & { after: number }> {
  for (let after = 0; ; after += STEP) {
    if (after % 60 === 0) {
      const seen = await look()
      if (holds(seen) || after >= longest) return { ...seen, after }
    }
    await live(STEP)
  }
}

const rated = ({ reports }: Seen) => reports.filter(({ rating }) => rating !== undefined)

test('[§9] at the first start there is something to read and to sign up for, and more people than places wait', async () => {
  const resident = await signIn(server, 'resident')
  const { items } = await resident.get<{ items: PublicationForMe[] }>('/api/my/publications')
  const kinds = items.map(({ kind }) => kind)
  expect(new Set(kinds)).toEqual(new Set(['notice', 'policy', 'service', 'activity', 'volunteer']))
  const course = items.find(({ title }) => title.startsWith('急救课堂'))!
  expect(course.taken).toBeGreaterThan(course.places!)
})

test('[§9] within half an hour matters are reported, sorted, claimed, worked on, verified and rated', async () => {
  const whole = await until(
    (seen) => rated(seen).length >= 2 && ['claimed', 'accepted', 'checked', 'verified'].every((act) => seen.acts.has(act)),
  )
  expect(whole.after).toBeLessThanOrEqual(30 * 60)
  expect([...whole.acts]).toEqual(expect.arrayContaining(['claimed', 'accepted', 'arrived', 'noted', 'checked', 'handled', 'verified']))
  expect(whole.incidents.some(({ timeline }) => timeline.some(({ what }) => what === 'incident.triaged'))).toBe(true)
  expect(rated(whole).length).toBeGreaterThanOrEqual(2)
}, 180_000)

test('two neighbours who report the same have one matter', async () => {
  const { incidents } = await look()
  expect(incidents.some(({ reports }) => reports.length > 1)).toBe(true)
})

test('[D3] nobody verified the own work', async () => {
  const { orders } = await look()
  const verified = orders.filter(({ state }) => state === 'verified')
  expect(verified.length).toBeGreaterThan(0)
  for (const order of verified)
    expect([order.handledBy, order.assignee]).not.toContain(order.steps.find(({ act }) => act === 'verified')!.by)
})

test('[D1] nothing is without an owner, and never more is open than a guest can follow', () => {
  expect(ownerless).toEqual([])
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(MOST)
})

test('people of every kind can be chosen for the phone page, masked, and each can sign in', async () => {
  const answer = await fetch(`${server.url}/api/demo/people`)
  const { items } = (await answer.json()) as {
    items: { id: string; name: string; role: string; roleName: { zh: string }; teams: object[] }[]
  }
  const roles = new Set(items.map(({ role }) => role))
  for (const role of ['grid-worker', 'party-member', 'volunteer', 'enforcement', 'property']) expect(roles).toContain(role)
  for (const { name } of items) expect(name).toContain('*')
  for (const role of ['party-member', 'volunteer', 'enforcement', 'property']) {
    const { id, teams } = items.find((one) => one.role === role)!
    expect(teams.length).toBeGreaterThan(0)
    const phone = await signIn(server, 'field', { staffId: id })
    expect(Object.keys(await phone.get('/api/my/orders'))).toEqual(expect.arrayContaining(['mine', 'team', 'claimable']))
  }
  expect(((await (await fetch(`${server.url}/api/demo/people?role=enforcement`)).json()) as { items: object[] }).items).toHaveLength(60)
})

test('the loudspeakers say what the officer sends, and what a fire proposes is confirmed after some seconds', async () => {
  const officer = await signIn(server, 'officer')
  const { body: draft } = await officer.ask<Broadcast>('POST', '/api/broadcasts', { text: '请不要在消防通道停车', placeId: 'caihong' })
  await officer.ask('POST', `/api/broadcasts/${draft.id}/send`, { version: draft.version })
  const state = async (id: string) => (await officer.get<Broadcast>(`/api/broadcasts/${id}`)).state
  await eventually(async () =>
    (await officer.get<Broadcast>(`/api/broadcasts/${draft.id}`)).speakers.every((one) => one.state === 'playing'),
  )
  await live(8)
  await eventually(async () => (await state(draft.id)) === 'ended')

  const gas = await connectAsync(`mqtt://127.0.0.1:${server.mqttPort}`)
  const { items } = await supervisor.get<{ items: { id: string; address: string }[] }>('/api/devices?kind=gas&limit=1')
  await gas.publishAsync(`zigbee2mqtt/${items[0]!.address}`, JSON.stringify({ gas: true }), { qos: 1 })
  await gas.endAsync()
  const proposed = await eventually(async () =>
    (await officer.get<{ items: Broadcast[] }>('/api/broadcasts')).items.find((one) => one.id !== draft.id),
  )
  expect(proposed.state).toBe('proposed')
  await live(25)
  await eventually(async () => ['sent', 'ended'].includes(await state(proposed.id)))
  const confirmed = await officer.get<Broadcast>(`/api/broadcasts/${proposed.id}`)
  expect(confirmed.steps.find(({ act }) => act === 'sent')?.by).toMatch(/^s\d+$/)
}, 60_000)
