import { afterAll, beforeAll, expect, test } from 'vitest'
import { encipher, keysOf } from '../../server/feeds/sia-cipher.ts'
import { stampOf } from '../../server/feeds/sources/sia/moment.ts'
import type { Alert } from '../../shared/alert.ts'
import type { Place } from '../../shared/place.ts'
import { discard, freePort, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'
import { dialTcp, dialUdp, frame, KEY_HEX } from '../support/sia.ts'

let server: RunningServer
let engineer: Session
let officer: Session
let port: number
let homes: Place[]

beforeAll(async () => {
  port = await freePort()
  server = await startServer({ env: { SIA_PORT: `${port}` } })
  ;[engineer, officer] = [await signIn(server, 'admin'), await signIn(server, 'officer')]
  homes = (await officer.get<{ items: Place[] }>('/api/places?kind=flat&limit=5')).items
})
afterAll(async () => {
  if (server) await discard(server)
})

const alertsOf = async (deviceId: string) => (await officer.all<Alert>('/api/alerts')).filter((alert) => alert.deviceId === deviceId)
const bind = async (feed: string, address: string, kind: string, home: number) => {
  const { status, body } = await engineer.ask<{ device: { id: string }; replayed: object }>('POST', '/api/devices', {
    ...{ feed, address, kind, placeId: homes[home]!.id },
  })
  expect(status).toBe(201)
  return body
}

test('[I3] TCP: a panel that nobody knows is acknowledged and kept; once it is bound the next alarm is an alert, and its restore ends it', async () => {
  const panel = await dialTcp(port)
  panel.send(frame('"ADM-CID"0001L0#4711[#4711|1110 01 009]'))
  expect(await panel.replies(1)).toEqual(['"ACK"0001L0#4711[]'])
  const waiting = await engineer.get<{ items: { feed: string; address: string; reason: string }[] }>('/api/quarantine')
  expect(waiting.items).toMatchObject([{ feed: 'sia', address: '4711/9', reason: 'unknown-device' }])
  const { device } = await bind('sia', '4711', 'alarm-panel', 0)

  panel.send(frame('"ADM-CID"0002L0#4711[#4711|1110 01 009]') + frame('"ADM-CID"0002L0#4711[#4711|1110 01 009]'))
  expect((await panel.replies(3)).slice(1)).toEqual(Array(2).fill('"ACK"0002L0#4711[]'))
  const [alert] = await eventually(async () => ((await alertsOf(device.id)).length > 0 ? alertsOf(device.id) : undefined))
  expect(alert).toMatchObject({ kind: 'hazard.fire', priority: 1, status: 'actual', count: 1, placeId: homes[0]!.id })

  panel.send(frame('"ADM-CID"0003L0#4711[#4711|3110 01 009]'))
  await eventually(async () => (await alertsOf(device.id)).every(({ state }) => state.startsWith('returned') || state === 'normal'), 10_000)
  panel.end()
})

test('[I3] UDP: an account with a key calls for help under duress; plain words for it are not believed', async () => {
  const made = await engineer.ask('POST', '/api/feeds', {
    ...{ id: 'panels', kind: 'sia-dc09', name: '沿街报警主机', accounts: [{ account: '0815', key: KEY_HEX }] },
  })
  expect(made.status).toBe(201)
  expect(JSON.stringify(made.body)).not.toContain(KEY_HEX)
  const { device } = await bind('panels', '0815/3', 'help-button', 1)
  expect(await dialUdp(port, frame('"ADM-CID"0001#0815[#0815|1121 00 003]'))).toBe('"DUH"0001#0815[]')

  const [key] = keysOf(KEY_HEX)
  const secret = encipher(`#0815|1121 00 003]_${stampOf(Date.now())}`, key!)
  expect(await dialUdp(port, frame(`"*ADM-CID"0002#0815[${secret}`))).toContain('"*ACK"0002#0815[')
  const [alert] = await eventually(async () => ((await alertsOf(device.id)).length > 0 ? alertsOf(device.id) : undefined))
  expect(alert).toMatchObject({ kind: 'help', priority: 1, evidence: { cause: 'duress' } })
})

test('[I1] what was acknowledged is there after kill -9', async () => {
  const { device } = await bind('sia', '4712', 'alarm-panel', 2)
  const panel = await dialTcp(port)
  for (let n = 1; n <= 60; n++) panel.send(frame(`"ADM-CID"${`${n}`.padStart(4, '0')}#4712[#4712|1130 01 ${`${n}`.padStart(3, '0')}]`))
  await panel.replies(20)
  await server.kill()
  const acknowledged = (await panel.replies(60, 100)).length
  expect(acknowledged).toBeGreaterThanOrEqual(20)
  server = await server.restart()
  officer = await signIn(server, 'officer')
  const stored = await officer.all<{ subject: string }>(`/api/signals?device=${device.id}`)
  expect(stored.filter(({ subject }) => subject === device.id).length).toBeGreaterThanOrEqual(acknowledged)
})
