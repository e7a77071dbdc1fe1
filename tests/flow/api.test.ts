import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAccess } from '../../server/access/access.ts'
import { loadSecrets } from '../../server/access/secrets.ts'
import { createApp, type LinwangApp } from '../../server/app.ts'
import { startEngine } from '../../server/engine/client.ts'
import type { Engine } from '../../server/engine/protocol.ts'
import { createWorld } from '../../server/registers/world.ts'
import { createSpeakerRoom } from '../../server/speakers/room.ts'
import { type Db, openReader } from '../../server/store/open.ts'
import { readRegisters } from '../../server/store/registers.ts'
import { help } from '../support/events.ts'
import { testFeeds } from '../support/feeds.ts'
import { REGISTERS } from '../support/registers.ts'

const START = Date.parse('2026-11-23T10:00:00+08:00')
const dataDir = mkdtempSync(join(tmpdir(), 'linwang-api-flow-'))
const secrets = loadSecrets(dataDir)
let engine: Engine
let read: Db
let linwang: LinwangApp

/** The server without its pages and its port: the engine in its thread, the pilot registers, a clock that stands. */
async function start() {
  const clock = { mode: 'manual' as const, start: START }
  engine = await startEngine({ dataDir, mode: 'demo', simulate: false, clock, registers: REGISTERS, auditKey: secrets.auditKey })
  read = openReader(dataDir)
  let current = createWorld(readRegisters(read))
  const world = () => current
  engine.onCommit(({ registers }) => {
    if (registers) current = createWorld(readRegisters(read))
  })
  const access = createAccess({ mode: 'demo', secrets, read, engine, world })
  const log = pino({ level: 'silent' })
  const config = { mode: 'demo' as const, simulate: false }
  const { book, gates, sealing } = testFeeds(read, engine, access)
  linwang = await createApp({
    config,
    engine,
    access,
    read,
    world,
    book,
    gates,
    sealing,
    dataDir,
    speakers: createSpeakerRoom({ mode: 'demo', engine, read, world, sealing, log, origin: () => undefined }),
    auditKey: secrets.auditKey,
    log,
    withPages: false,
  })
}
async function stop() {
  await linwang.app.close()
  await engine.close()
  read.close()
}
beforeAll(start)
afterAll(async () => {
  await stop()
  rmSync(dataDir, { recursive: true })
})

const as = async (role: string, more = {}) => {
  const answer = await linwang.app.inject({ method: 'POST', url: '/api/session', payload: { role, ...more } })
  expect(answer.statusCode, answer.body).toBe(200)
  return { cookie: String(answer.headers['set-cookie']).split(';')[0]! }
}
const get = async (path: string, headers = {}) => (await linwang.app.inject({ url: `/api/${path}`, headers })).json()
const post = async (path: string, payload: object, headers = {}) => {
  const answer = await linwang.app.inject({ method: 'POST', url: `/api/${path}`, payload, headers })
  return { status: answer.statusCode, body: answer.json() }
}
const feed = (event: object) =>
  linwang.app.inject({
    method: 'POST',
    url: '/feeds/events',
    payload: event,
    headers: { authorization: `Bearer ${secrets.feedKey}`, 'content-type': 'application/cloudevents+json' },
  })

describe('[§5] from a help press to verified closure, by REST alone', () => {
  test('press → alert, incident, order → acknowledged, accepted, arrived, handled, verified by another', async () => {
    const officer = await as('officer')
    const button = (await get('devices?kind=help-button&limit=1', officer)).items[0]
    const receipt = await feed(help(button.id, { source: `/feeds/${button.feed}`, time: new Date(START).toISOString() }))
    expect([receipt.statusCode, receipt.json()]).toMatchObject([202, { accepted: 1, duplicates: 0, quarantined: 0 }])

    const alert = (await get('alerts?open=true', officer)).items[0]
    expect(alert).toMatchObject({
      kind: 'help',
      priority: 1,
      status: 'actual',
      state: 'active-unacknowledged',
      deviceId: button.id,
      count: 1,
    })
    expect((await post(`alerts/${alert.id}/acknowledge`, { version: alert.version }, officer)).body).toMatchObject({
      state: 'active-acknowledged',
    })
    expect((await post(`alerts/${alert.id}/acknowledge`, { version: alert.version }, officer)).status).toBe(409)

    let order = (await get(`orders?incidentId=${alert.incidentId}`, officer)).items[0]
    const worker = await as('field', { staffId: order.assignee })
    for (const step of ['accept', 'arrive', 'handle']) {
      const { status, body } = await post(`orders/${order.id}/${step}`, { version: order.version }, worker)
      expect([step, status]).toEqual([step, 200])
      order = body
    }
    expect((await post(`orders/${order.id}/verify`, { version: order.version }, worker)).status).toBe(422)
    expect((await post(`orders/${order.id}/verify`, { version: order.version }, officer)).body).toMatchObject({ state: 'verified' })

    const incident = await get(`incidents/${alert.incidentId}`, officer)
    expect(incident).toMatchObject({ state: 'closed', alerts: [alert.id], orders: [order.id] })
    expect(incident.timeline.length).toBeGreaterThan(5)
    expect((await get(`alerts/${alert.id}`, officer)).state).toBe('normal')
    const signal = (await get(`signals?deviceId=${button.id}`, officer)).items[0]
    expect(signal).toMatchObject({
      source: `/feeds/${button.feed}`,
      type: 'linwang.help',
      subject: button.id,
      revision: expect.any(Number),
    })
  })

  test('[S2] each step left its row, and the chain is whole', async () => {
    const supervisor = await as('supervisor')
    const acts = (await get('audit', supervisor)).items.map(({ act }: { act: string }) => act)
    for (const act of ['alert.acknowledge', 'order.accept', 'order.arrive', 'order.handle', 'order.verify', 'session.create'])
      expect(acts).toContain(act)
    expect(await get('audit/verify', supervisor)).toMatchObject({ ok: true, rows: expect.any(Number) })
  })
})

describe('[§5] the pilot community', () => {
  test('totals of the wall', async () => {
    const { totals, revision } = await get('wall')
    expect(totals).toMatchObject({ grids: 5, clusters: 115, buildings: 45, households: 1305, residents: 6908, cameras: 113, speakers: 5 })
    expect(revision).toBeGreaterThan(0)
  })

  test('[A2] a device that never spoke is not said to be heard', async () => {
    const states = async (query: string) =>
      new Set((await get(`devices?limit=1000&${query}`)).items.map(({ state }: { state: string }) => state))
    expect([...(await states('kind=motion'))]).toEqual(['never'])
    expect([...(await states('kind=gate'))]).toEqual(['never'])
    const id = (await get('devices?kind=motion&limit=1')).items[0].id
    const heard = {
      specversion: '1.0',
      id: 'seen',
      source: '/feeds/zigbee2mqtt',
      type: 'linwang.motion',
      subject: id,
      data: { occupied: true },
    }
    expect((await feed(heard)).json()).toMatchObject({ accepted: 1 })
    expect([...(await states(`id=${id}`))]).toEqual(['heard'])
    expect((await get(`signals?subject=${id}&source=/feeds/zigbee2mqtt`, await as('officer'))).items).toMatchObject([{ id: 'seen' }])
  })

  test('[S3] the grids of five grid workers make up the community, and nobody is in two', async () => {
    const grids = (await get('places?kind=grid')).items
    const sums = await Promise.all(
      grids.map(async ({ id }: { id: string }) => (await get('wall', await as('field', { scope: id }))).totals.residents),
    )
    expect(sums.reduce((a: number, b: number) => a + b, 0)).toBe(6908)
  })

  test('[P5] no full name reaches the anonymous wall', async () => {
    const names = new Set(readRegisters(read).residents.map(({ name }) => name))
    const shown = JSON.stringify(await get('wall')) + JSON.stringify(await get('residents?limit=1000'))
    const told = [...shown.matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name!)
    expect(told.some((name) => name.includes('*'))).toBe(true)
    expect(told.filter((name) => names.has(name))).toEqual([])
  })

  test('[S2] unmasking by an officer', async () => {
    const officer = await as('officer')
    const { body } = await post('residents/r0001/unmask', { reason: '核实求助' }, officer)
    expect(body.name).not.toContain('*')
    expect((await get('audit?act=resident.unmask', await as('supervisor'))).items[0]).toMatchObject({ subject: 'r0001', why: '核实求助' })
  })
})

describe('[I3] quarantine', () => {
  test('an unknown device is shown by its address, can be tried again or put away, and both are in the audit', async () => {
    const engineer = await as('engineer')
    const receipt = await feed(help('help-from-nowhere', { source: '/feeds/zigbee2mqtt', time: new Date(START).toISOString() }))
    expect([receipt.statusCode, receipt.json()]).toMatchObject([202, { accepted: 0, quarantined: 1 }])
    const item = (await get('quarantine', engineer)).items[0]
    expect(item).toMatchObject({ reason: 'unknown-device', address: 'help-from-nowhere', feed: 'zigbee2mqtt' })
    expect((await get(`quarantine/${item.id}`, engineer)).body).toContain('help-from-nowhere')
    expect((await post(`quarantine/${item.id}/retry`, {}, engineer)).status).toBe(200)
    expect((await post(`quarantine/${item.id}/discard`, {}, engineer)).body).toMatchObject({ state: 'discarded' })
    expect((await post(`quarantine/${item.id}/retry`, {}, await as('officer'))).status).toBe(403)
    const acts = (await get(`audit?subject=${item.id}`, await as('supervisor'))).items.map(({ act, by }: { act: string; by: string }) => [
      act,
      by,
    ])
    const { id } = (await get('session', engineer)).user
    expect(acts).toEqual([
      ['quarantine.discard', id],
      ['quarantine.retry', id],
    ])
  })
})

describe('[A1] [§5] clock and registers', () => {
  test('the clock goes on when told', async () => {
    const officer = await as('officer')
    const before = (await get('clock')).now
    expect((await post('clock', { advance: '90m' }, officer)).body.now).toBe(before + 90 * 60_000)
    expect(engine.clock().now).toBe(before + 90 * 60_000)
    expect((await post('clock', { advance: 1 })).body.now).toBe(before + 90 * 60_000 + 1_000)
    expect((await post('clock', { rate: 60 }, officer)).status).toBeGreaterThanOrEqual(400)
  })

  test('an import that is wrong says where, and changes nothing', async () => {
    const files = { 'places.csv': 'id,kind,parent_id,name\nx,castle,,X\n' }
    const { status, body } = await post('registers/import', { files }, await as('engineer'))
    expect(status).toBe(422)
    expect(body.errors[0]).toMatchObject({ field: expect.stringContaining('.csv'), fix: expect.any(String) })
    expect((await get('wall')).totals.residents).toBe(6908)
  })
})

describe('[S1] sessions', () => {
  test('last over a restart; the token is nowhere in the data', async () => {
    const officer = await as('officer')
    await stop()
    await start()
    expect(await get('session', officer)).toMatchObject({ user: { role: 'officer' } })
    const token = officer.cookie.split('=')[1]!
    for (const file of readdirSync(dataDir)) expect(readFileSync(join(dataDir, file)).includes(token), file).toBe(false)
  })
})
