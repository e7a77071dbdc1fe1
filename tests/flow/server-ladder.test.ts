import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_LADDER } from '../../server/dispatch/ladder.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { Team } from '../../shared/team.ts'
import * as domain from '../support/domain-time.ts'
import { help, post } from '../support/events.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'

const MINUTE = 60_000
let server: RunningServer
let officer: Session

beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' }, patience: 180_000 })
  officer = await signIn(server, 'officer')
}, 200_000)
afterAll(async () => {
  if (server) await discard(server)
})

const advance = async (minutes: number) => expect((await domain.advance(officer, minutes * 60)).status).toBe(200)
const orderOf = (id: string) => officer.get<Order>(`/api/orders/${id}`)
const tellings = ({ steps }: Order) => steps.filter(({ act }) => act === 'deadline.missed' || act === 'escalated')

async function killed() {
  await server.kill()
  server = await server.restart()
  officer = await signIn(server, 'officer')
}

/** A press of a help button that nobody has pressed, and the order that comes of it. */
async function pressed(n: number): Promise<Order> {
  const button = (await officer.all<{ id: string }>('/api/devices?kind=help-button'))[n]!
  const time = new Date(await domain.clockOf(officer)).toISOString()
  await post(server.url, server.feedKey, help(button.id, { time }))
  const alert = await eventually(async () =>
    (await officer.all<{ deviceId?: string; incidentId?: string }>('/api/alerts')).find(({ deviceId }) => deviceId === button.id),
  )
  return (await officer.all<Order>(`/api/orders?incidentId=${alert.incidentId}`))[0]!
}

test('[D1] a missed deadline goes up every rung of the ladder, each told once and at its time, with the server killed before each', {
  timeout: 240_000,
}, async () => {
  const order = await pressed(0)
  const start = order.dispatchedAt
  const names = DEFAULT_LADDER.slice(2).map(({ name }) => name)
  const expected: [number, string, string][] = []
  for (const [n, name] of names.entries()) {
    await killed()
    expect(await orderOf(order.id), `rung ${name}: nothing was lost or told again`).toMatchObject({ overdue: n > 0 })
    expect(tellings(await orderOf(order.id))).toHaveLength(n)
    await advance(n === 0 ? 2 : 5)
    expected.push([2 + 5 * n, n === 0 ? 'deadline.missed' : 'escalated', name])
    const late = await orderOf(order.id)
    expect(tellings(late).map(({ at, act, why }) => [(at - start) / MINUTE, act, why])).toEqual(expected)
    expect(late.rung).toEqual({ level: n + 3, of: 6, name })
    const to = tellings(late).at(-1)!.to!.split(' ')
    expect(to[0], 'its owner is told as well').toBe(order.assignee)
    expect(to).toHaveLength(2)
  }
  await killed()
  await advance(120)
  expect(tellings(await orderOf(order.id)), 'the top is told once').toHaveLength(names.length)
  const { timeline } = await officer.get<Incident>(`/api/incidents/${order.incidentId}`)
  const lines = timeline.filter(({ what }) => what === 'deadline.missed' || what === 'order.escalated')
  expect(lines.map(({ note }) => note)).toEqual(names)
})

test('[D1] several rungs that were missed while nobody ticked are told one after the other, each with its own time', {
  timeout: 120_000,
}, async () => {
  const order = await pressed(1)
  await killed()
  await advance(13)
  const late = await orderOf(order.id)
  expect(tellings(late).map(({ at }) => (at - order.dispatchedAt) / MINUTE)).toEqual([2, 7, 12])
  expect(late.rung?.level).toBe(5)
  const supervisor = await signIn(server, 'supervisor')
  const { body } = await supervisor.ask<Order>('POST', `/api/orders/${order.id}/accept`, { version: late.version })
  expect(body).toMatchObject({ state: 'accepted', overdue: false, next: 'arrive' })
  expect(body.rung, 'the next step starts afresh').toBeUndefined()
})

test('[D1] what nobody of a pool claims is told to whoever dispatched it, then up; the second of two claims hears who has it', {
  timeout: 120_000,
}, async () => {
  const order = await pressed(2)
  const { items } = await officer.get<{ items: Team[] }>('/api/teams?form=pool')
  const party = items.find(({ id }) => id === 'party')!
  const body = { pool: party.id, reason: '请党员接单', version: order.version }
  const pooled = (await officer.ask<Order>('POST', `/api/orders/${order.id}/transfer`, body)).body
  expect(pooled).toMatchObject({ state: 'dispatched', pool: 'party', next: 'accept' })
  await killed()
  await advance(2)
  const late = await orderOf(order.id)
  expect(tellings(late).at(-1)).toMatchObject({ act: 'deadline.missed', to: late.assignee })
  await advance(5)
  expect(tellings(await orderOf(order.id)).at(-1)).toMatchObject({ act: 'escalated', why: '社区党支部' })

  const mates = (await officer.get<{ items: { people: { id: string }[] }[] }>('/api/teams?form=pool&people=true')).items[0]!.people
  const phones = await Promise.all(mates.map(({ id }) => signIn(server, 'field', { staffId: id })))
  const lists = await Promise.all(phones.map((phone) => phone.get<{ claimable: Order[] }>('/api/my/orders')))
  const able = phones.filter((_, n) => lists[n]!.claimable.some(({ id }) => id === order.id))
  expect([able.length, phones.length], 'those of its grid').toEqual([12, 60])
  const current = await orderOf(order.id)
  const answers = await Promise.all(
    able
      .slice(0, 2)
      .map((phone) =>
        phone.ask<Order & { detail: string; current: Order }>('POST', `/api/orders/${order.id}/claim`, { version: current.version }),
      ),
  )
  const [won, lost] = answers[0]!.status === 200 ? answers : answers.reverse()
  expect([won!.status, lost!.status]).toEqual([200, 409])
  expect(won!.body).toMatchObject({ state: 'accepted', teamId: 'party' })
  expect(lost!.body.detail).toContain('claimed')
  expect(lost!.body.current).toMatchObject({ assignee: won!.body.assignee, state: 'accepted' })
})
