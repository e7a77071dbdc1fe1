import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulation, simulate } from '../../server/demo/simulation.ts'
import { loadStories, type Story } from '../../server/demo/story.ts'
import type { Alert } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { pilotRegisters, SCENARIOS } from '../support/registers.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'

/** Those who live alone and the left-behind children: the stories need nobody else, and a small town is quickly lived. */
const registers = pilotRegisters()
const few = registers.residents.filter(({ categories }) => categories.includes('living-alone') || categories.includes('left-behind-child'))
const pace = {
  step: 25,
  askClock: 10,
  look: 40,
  reports: Number.POSITIVE_INFINITY,
  first: 0,
  gap: 0,
  rest: [30_000, 60_000] as const,
  once: true,
}
const MINUTE = 60
const NEVER = 25 * 60

let server: RunningServer
let supervisor: Session
let simulation: Simulation | undefined

beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' } })
  supervisor = await signIn(server, 'supervisor')
})
afterAll(async () => {
  await simulation?.stop()
  if (server) await discard(server)
})

const clock = async () => (await supervisor.get<{ now: number }>('/api/clock')).now
const advance = (seconds: number) => supervisor.ask('POST', '/api/clock', { advance: seconds })

/** To the next time that the community's clocks show this hour on a weekday from Monday to Friday. */
async function goTo(hour: number, minute: number) {
  const now = await clock()
  const local = new Date(now + 480 * MINUTE * 1000)
  const target = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate(), hour, minute) - 480 * MINUTE * 1000
  let days = target > now ? 0 : 1
  while ([0, 6].includes(new Date(target + days * 86_400_000 + 480 * MINUTE * 1000).getUTCDay())) days++
  await advance((target + days * 86_400_000 - now) / 1000)
}

const isNight = ({ id }: Story) => id === 'night-intrusion'
const allDay = (story: Story): Story => ({ ...story, hours: ['00:00', '23:59'], opens: true })
const only = (happy: boolean) => (story: Story) => ({ ...story, endings: story.endings.filter((ending) => ending.happy === happy) })

async function live(stories: readonly Story[]) {
  simulation = await simulate({
    baseUrl: server.url,
    feedKey: server.feedKey,
    mqttUrl: `mqtt://127.0.0.1:${server.mqttPort}`,
    seed: 3,
    registers: { ...registers, residents: few },
    stories,
    pace,
  })
}

const open = async () => {
  const [alerts, orders, incidents] = await Promise.all([
    supervisor.all<Alert>('/api/alerts?open=true'),
    supervisor.all<Order>('/api/orders?open=true'),
    supervisor.all<Incident>('/api/incidents?open=true'),
  ])
  return [...alerts, ...orders, ...incidents].map(({ id, kind, state, placeId }) => `${id} ${kind} ${state} ${placeId}`)
}

/** Lets domain time run until every kind was seen and nothing is open any more; gives what is still open in the end. */
async function until(kinds: readonly string[]) {
  for (let passed = 0; passed < NEVER; passed += 1) {
    await advance(30)
    const now = await clock()
    await eventually(() => simulation!.seen() >= now, 20_000)
    if (passed % 10 !== 9) continue
    const seen = new Set((await supervisor.all<Alert>('/api/alerts')).map(({ kind }) => kind))
    const left = await open()
    if (kinds.every((kind) => seen.has(kind)) && left.length === 0) return left
  }
  return open()
}

const KINDS = [
  'help',
  'hazard.smoke',
  'hazard.gas',
  'hazard.leak',
  'camera.thrown-object',
  'camera.fire-lane-blocked',
  'camera.waste-overflow',
  'camera.fall',
  'device-silent',
  'inactivity',
  'child-not-home',
]

test.each([
  ['happy', true],
  ['unhappy', false],
] as const)(
  '[§9] the stories of an evening and a night come to their %s end by real feeds and commands',
  async (_name, happy) => {
    const stories = loadStories(SCENARIOS).map(only(happy))
    await goTo(19, 0)
    await live(stories.filter((story) => !isNight(story)).map(allDay))
    expect(await until(KINDS)).toEqual([])
    await simulation!.stop()

    await goTo(23, 10)
    await live(stories.filter(isNight))
    expect(await until(['camera.intrusion'])).toEqual([])
    await simulation!.stop()
    simulation = undefined
  },
  300_000,
)

test('[D3] nobody verified the own work, and every closed matter tells who did what', async () => {
  const orders = await supervisor.all<Order>('/api/orders')
  expect(orders.filter(({ state }) => state === 'verified').length).toBeGreaterThan(10)
  for (const order of orders.filter(({ state }) => state === 'verified')) {
    const by = order.steps.find(({ act }) => act === 'verified')?.by
    expect(by, order.id).toBeDefined()
    expect([order.handledBy, order.assignee]).not.toContain(by)
  }
})

test('[D1] the unhappy endings show: a late worker, a refusal, work that was not good enough, a call that was for nothing', async () => {
  const orders = await supervisor.all<Order>('/api/orders')
  const acts = new Set(orders.flatMap(({ steps }) => steps.map(({ act }) => act)))
  expect([...acts]).toEqual(expect.arrayContaining(['deadline.missed', 'rejected', 'verified']))
})
