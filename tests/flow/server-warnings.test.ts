import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PRESETS, type TryResult } from '../../shared/field-map.ts'
import type { WallState } from '../../shared/wall.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'
import { type CapMessage, capXml } from '../support/warnings.ts'

let server: RunningServer
let engineer: Session
const HOUR = 3_600_000

beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' } })
  engineer = await signIn(server, 'engineer')
})
afterAll(async () => {
  if (server) await discard(server)
})

/** domain time, in whole seconds as the messages write it */
const now = async () => Math.floor((await engineer.get<{ now: number }>('/api/clock')).now / 1000) * 1000
async function post(path: string, body: string, type = 'application/xml') {
  const url = `${server.url}${path}${path.includes('?') ? '&' : '?'}key=${server.feedKey}`
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
  return { status: response.status, text: await response.text() }
}
const warn = async (message: Partial<CapMessage>) => post('/feeds/cap/weather', capXml({ id: 'w1', sent: await now(), ...message }))
const shown = async () => (await engineer.get<WallState>('/api/wall')).warnings
const wallSays = (ids: string[]) =>
  eventually(async () => JSON.stringify((await shown()).map(({ id }) => id)) === JSON.stringify(ids), 5_000, `the wall shows ${ids}`)

describe('public warnings', () => {
  test('[P1] from the service to the wall’s top line, and away again when it is taken back', async () => {
    const start = await now()
    expect(await warn({ id: 'rain', expires: start + 6 * HOUR })).toEqual({
      status: 200,
      text: '{"accepted":1,"duplicates":0,"quarantined":0}',
    })
    await wallSays(['rain'])
    expect(await shown()).toMatchObject([{ text: '暴雨橙色预警', colour: 'orange', status: 'actual', until: start + 6 * HOUR }])
    await warn({
      id: 'rain-2',
      msgType: 'Update',
      references: 'rain',
      severity: 'Extreme',
      headline: '市气象台发布暴雨红色预警',
      expires: start + 6 * HOUR,
    })
    await wallSays(['rain-2'])
    expect(await shown()).toMatchObject([{ text: '暴雨红色预警', colour: 'red' }])
    await warn({ id: 'end', msgType: 'Cancel', references: 'rain-2', infos: '' })
    await wallSays([])
  })

  test('[I2] the same message again is a duplicate', async () => {
    const sent = await now()
    const twice = [await warn({ id: 'twice', sent, status: 'Test' }), await warn({ id: 'twice', sent, status: 'Test' })]
    expect(twice.map(({ text }) => JSON.parse(text))).toMatchObject([{ accepted: 1 }, { duplicates: 1, accepted: 0 }])
    await wallSays(['twice/test'])
    await warn({ id: 'untwice', msgType: 'Cancel', references: 'twice', status: 'Test', infos: '' })
    await wallSays([])
  })

  test('[A1] it ends at its time, raises no alert, and belongs to the community', async () => {
    const before = (await engineer.get<WallState>('/api/wall')).alertTotals.open
    await warn({ id: 'wind', expires: (await now()) + HOUR })
    await wallSays(['wind'])
    const { items } = await engineer.get<{ items: Record<string, unknown>[] }>('/api/signals?type=linwang.warning&limit=1')
    expect(items).toMatchObject([{ subject: '/feeds/weather', placeId: 'caihong', data: { identifier: 'wind' } }])
    await engineer.ask('POST', '/api/clock', { advance: '61m' })
    await wallSays([])
    expect((await engineer.get<WallState>('/api/wall')).alertTotals.open).toBe(before)
  })

  test('[A3] what holds outlives a restart', async () => {
    await warn({ id: 'keeps', expires: (await now()) + 6 * HOUR })
    await wallSays(['keeps'])
    await server.kill()
    server = await server.restart()
    engineer = await signIn(server, 'engineer')
    await wallSays(['keeps'])
    await warn({ id: 'keeps-end', msgType: 'Cancel', references: 'keeps', infos: '' })
    await wallSays([])
  })
})

describe('a field map', () => {
  const { map, sample } = PRESETS[0]!

  test('[I3] is tried without storing anything', async () => {
    const before = await engineer.get<{ items: unknown[] }>('/api/signals?type=linwang.report')
    const { status, body } = await engineer.ask<TryResult>('POST', '/api/feeds/try', { map, sample })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      signals: [{ type: 'linwang.report', id: 'GS20260601000001/0', time: '2026-06-01T04:18:11.000Z', address: null, device: null }],
      rejects: [],
      unused: [],
      unread: [],
    })
    expect(await engineer.get('/api/signals?type=linwang.report')).toEqual(before)
  })

  test('[I3] says where it stops, in the words of the sample', async () => {
    const broken = sample.replace('"state": 0', '"state": 9')
    const { body } = await engineer.ask<TryResult>('POST', '/api/feeds/try', { map, sample: broken })
    expect(body).toMatchObject({ signals: [], rejects: [{ reason: 'not-understood', where: '/state' }] })
    const missing = await engineer.ask<TryResult>('POST', '/api/feeds/try', { map, sample: sample.replace('"scene"', '"szene"') })
    expect(missing.body).toMatchObject({
      rejects: [{ reason: 'invalid-data', where: '/scene' }],
      unused: ['/data/category'],
      unread: ['/szene'],
    })
  })

  test('[I3] knows the devices of the feed', async () => {
    const { map: alarm, sample: text } = PRESETS[1]!
    const given = { map: alarm, sample: text.replace('smoke-01', 'no-such-device'), feed: 'zigbee2mqtt' }
    expect((await engineer.ask<TryResult>('POST', '/api/feeds/try', given)).body.signals).toMatchObject([
      { address: 'no-such-device', device: null },
    ])
  })

  test('[I3] a broken map is refused with the entry and the fix; a stranger may not try', async () => {
    const { status, body } = await engineer.ask('POST', '/api/feeds/try', { map: { type: 'linwang.contact', data: {} }, sample: '{}' })
    expect([status, body.errors]).toMatchObject([400, [{ field: 'map.data.open' }, { field: 'map.address' }]])
    expect((await engineer.ask('POST', '/api/feeds/try', { sample: '{}', feed: 'nobody' })).status).toBe(404)
    const officer = await signIn(server, 'officer')
    expect((await officer.ask('POST', '/api/feeds/try', { map, sample })).status).toBe(403)
  })

  test('[I3] once a feed has it, its messages are reports and the platform reads its own answer', async () => {
    expect((await engineer.ask('POST', '/api/feeds', { id: 'lifeline', kind: 'json', name: '城市生命线', map })).status).toBe(201)
    const body = JSON.stringify({
      ...JSON.parse(sample),
      dispatchtime: new Date((await now()) + 8 * HOUR).toISOString().slice(0, 19).replace('T', ' '),
    })
    const answer = await post('/feeds/json/lifeline', body, 'application/json')
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, map.answer!.body])
    const { items } = await engineer.get<{ items: Record<string, unknown>[] }>('/api/signals?type=linwang.report')
    expect(items).toMatchObject([
      { subject: '/feeds/lifeline', placeId: 'caihong', data: { number: 'GS20260601000001', category: '供水', state: 'waiting' } },
    ])
  })

  test('[I3] what came before there was a map waits, and is read once there is one', async () => {
    const { body: feed } = await engineer.ask<{ version: number }>('POST', '/api/feeds', { id: 'hotline', kind: 'json' })
    const dispatchtime = new Date((await now()) + 8 * HOUR).toISOString().slice(0, 19).replace('T', ' ')
    const text = JSON.stringify({ ...JSON.parse(sample), workordercode: 'GS-2', dispatchtime })
    expect(JSON.parse((await post('/feeds/json/hotline', text, 'application/json')).text)).toMatchObject({ quarantined: 1 })
    const { items } = await engineer.get<{ items: { id: string; detail: string }[] }>('/api/quarantine?feed=hotline')
    expect(items).toMatchObject([{ reason: 'not-understood', detail: expect.stringContaining('no field map yet') }])
    expect((await engineer.ask('PATCH', '/api/feeds/hotline', { version: feed.version, map: { ...map, id: '/~2' } })).status).toBe(400)
    expect((await engineer.ask('PATCH', '/api/feeds/hotline', { version: feed.version, map })).status).toBe(200)
    expect((await engineer.ask('POST', `/api/quarantine/${items[0]!.id}/retry`, {})).body).toMatchObject({ accepted: 1 })
    const reports = await engineer.get<{ items: object[] }>('/api/signals?type=linwang.report&feed=hotline')
    expect(reports.items).toMatchObject([{ data: { number: 'GS-2' } }])
  })
})
