import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { Device } from '../../shared/device.ts'
import type { FeedView } from '../../shared/wall.ts'
import { type OnvifDevice, onvifDevice } from '../support/onvif-device.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'

let server: RunningServer
let engineer: Session
let camera: OnvifDevice
beforeAll(async () => {
  server = await startServer()
  engineer = await signIn(server, 'engineer')
  camera = await onvifDevice({ now: Date.now, digest: true })
})
afterAll(async () => {
  await camera?.close()
  if (server) await discard(server)
})

const senders = async () =>
  (await engineer.get<{ items: { feed: string; address: string; reason: string }[] }>('/api/quarantine/senders')).items
const alerts = async (deviceId: string) => (await engineer.get<{ items: Alert[] }>(`/api/alerts?deviceId=${deviceId}`)).items
const bind = async (feed: string, address: string, placeId: string) => {
  const body = { feed, address, kind: 'camera', placeId, name: `${feed} ${address}` }
  const answer = await engineer.ask<{ device: Device; replayed: object }>('POST', '/api/devices', body)
  expect(answer.status).toBe(201)
  return answer.body.device
}

test('[A4] a Dahua camera that nobody knew: its next Start and Stop are one alert with an end', async () => {
  const made = await engineer.ask<{ key: string }>('POST', '/api/feeds', { id: 'fence', kind: 'dahua' })
  const upload = (text: string) => fetch(`${server.url}/feeds/dahua/fence/${made.body.key}`, { method: 'POST', body: text })
  const event = (action: string) => {
    const data = { Name: 'Fence', UTC: Math.floor(Date.now() / 1000), UTCMS: Date.now() % 1000, Object: { ObjectType: 'Human' } }
    return `Code=CrossRegionDetection;action=${action};index=3;data=${JSON.stringify(data, null, 3)}`
  }
  expect((await upload(event('Stop'))).status).toBe(200)
  expect(await senders()).toMatchObject([{ feed: 'fence', address: '127.0.0.1/3', reason: 'unknown-device' }])
  const { id } = await bind('fence', '127.0.0.1/3', 'caihong-b01')
  const answer = await upload(event('Start'))
  expect([answer.status, await answer.json()]).toEqual([200, { accepted: 1, duplicates: 0, quarantined: 0 }])
  await eventually(async () => (await alerts(id)).length === 1)
  expect(await alerts(id)).toMatchObject([{ kind: 'camera.intrusion', state: 'active-unacknowledged', count: 1 }])
  await upload(event('Stop'))
  await eventually(async () => (await alerts(id))[0]?.state === 'returned-unacknowledged')
  expect(await alerts(id)).toHaveLength(1)
})

const inside = (on: boolean, operation = 'Changed') =>
  `<wsnt:NotificationMessage><wsnt:Topic>tns1:RuleEngine/FieldDetector/ObjectsInside</wsnt:Topic><wsnt:Message><tt:Message UtcTime="${new Date().toISOString()}" PropertyOperation="${operation}"><tt:Source><tt:SimpleItem Name="VideoSourceConfigurationToken" Value="000"/><tt:SimpleItem Name="Rule" Value="yard"/></tt:Source><tt:Data><tt:SimpleItem Name="IsInside" Value="${on}"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`
const feedView = () => engineer.get<FeedView>('/api/feeds/yard-onvif')

test('[A4] an ONVIF camera that we call: what it sees begins and ends; what it tells after a new subscription raises nothing', async () => {
  camera.states = [inside(true, 'Initialized')]
  const made = await engineer.ask('POST', '/api/feeds', {
    ...{ id: 'yard-onvif', kind: 'onvif-pull', connection: { url: camera.url, username: 'admin' }, password: 'right' },
  })
  expect(made.status).toBe(201)
  expect(JSON.stringify(made.body)).not.toContain('right')
  await eventually(async () => (await feedView()).link?.state === 'up')
  await eventually(async () => (await senders()).length > 0)
  expect(await senders()).toMatchObject([{ feed: 'yard-onvif', address: 'yard-onvif', reason: 'unknown-device' }])
  const device = await bind('yard-onvif', 'yard-onvif', 'caihong-b02')
  await eventually(async () => (await feedView()).accepted >= 1)
  expect(await alerts(device.id)).toEqual([])
  camera.say(inside(true))
  await eventually(async () => (await alerts(device.id)).length === 1)
  camera.say(inside(false))
  await eventually(async () => (await alerts(device.id))[0]?.state === 'returned-unacknowledged')
  camera.forget()
  await eventually(async () => (await feedView()).reconnects === 1)
  expect(await feedView()).toMatchObject({ link: { state: 'up' }, gap: { from: expect.anything(), to: expect.anything() } })
  expect(await alerts(device.id)).toMatchObject([{ kind: 'camera.intrusion', state: 'returned-unacknowledged', count: 1 }])
})

test('[I1] a camera that pushes gets its empty envelope, with the secret as its password', async () => {
  const made = await engineer.ask<{ key: string }>('POST', '/api/feeds', { id: 'pushed', kind: 'onvif' })
  const push = (password: string) =>
    fetch(`${server.url}/feeds/onvif/pushed`, {
      method: 'POST',
      headers: {
        'content-type': 'application/soap+xml; charset=utf-8',
        authorization: `Basic ${Buffer.from(`camera:${password}`).toString('base64')}`,
      },
      body: `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><wsnt:Notify>${inside(true)}</wsnt:Notify></s:Body></s:Envelope>`,
    })
  expect((await push('guess')).status).toBe(401)
  const answer = await push(made.body.key)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toContain('application/soap+xml')
  expect(await answer.text()).toContain('Envelope')
  expect(await senders()).toMatchObject([{ feed: 'pushed', address: '127.0.0.1' }])
})
