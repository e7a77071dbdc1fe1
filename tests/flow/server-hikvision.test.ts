import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { Device, DeviceKind } from '../../shared/device.ts'
import type { FeedView } from '../../shared/wall.ts'
import { alertDevice, MAC } from '../support/alert-device.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'

let server: RunningServer
let engineer: Session
beforeAll(async () => {
  server = await startServer()
  engineer = await signIn(server, 'engineer')
})
afterAll(async () => {
  if (server) await discard(server)
})

const makeFeed = async (feed: object) => (await engineer.ask<{ key: string }>('POST', '/api/feeds', feed)).body.key
const senders = async (feed: string) =>
  (await engineer.get<{ items: { feed: string; address: string; total: number }[] }>('/api/quarantine/senders')).items.filter(
    (sender) => sender.feed === feed,
  )
const alerts = async (deviceId: string) => (await engineer.get<{ items: Alert[] }>(`/api/alerts?deviceId=${deviceId}`)).items
const feedView = (id: string) => engineer.get<FeedView>(`/api/feeds/${id}`)
async function bind(feed: string, address: string, kind: DeviceKind) {
  const body = { feed, address, kind, placeId: 'caihong-b01', name: `${feed} ${address}` }
  const { status, body: answer } = await engineer.ask<{ device: Device; replayed: { accepted: number } }>('POST', '/api/devices', body)
  expect(status).toBe(201)
  return answer
}

const alert = (count: number, state: string) =>
  `<EventNotificationAlert><ipAddress>10.0.0.7</ipAddress><macAddress>${MAC}</macAddress><channelID>1</channelID><dateTime>${new Date().toISOString()}</dateTime><activePostCount>${count}</activePostCount><eventType>fielddetection</eventType><eventState>${state}</eventState><eventDescription>fielddetection alarm</eventDescription></EventNotificationAlert>`
const multipart = (xml: string) =>
  Buffer.concat([
    Buffer.from(
      `--boundary\r\n\r\nContent-Disposition: form-data; name="fielddetection"\r\nContent-Type: application/xml; charset="UTF-8"\r\nContent-Length: 1\r\n\r\n${xml}\r\n`,
    ),
    Buffer.from(
      '--boundary\r\nContent-Disposition: form-data; name="fielddetection"; filename="a.jpg";\r\nContent-Type: image/jpeg\r\n\r\n',
    ),
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.from('SECRETFACE'), 0xff, 0xd9]),
    Buffer.from('\r\n--boundary--\r\n'),
  ])

test('[A4] a camera that posts multipart: unknown, bound, one alert however often it is posted, and its end', async () => {
  const key = await makeFeed({ id: 'yard', kind: 'hikvision' })
  const post = (count: number, state: string) =>
    fetch(`${server.url}/feeds/hikvision/yard/${key}`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=boundary' },
      body: multipart(alert(count, state)),
    })
  expect((await post(1, 'inactive')).status).toBe(200)
  expect(await senders('yard')).toMatchObject([{ address: `${MAC}/1`, total: 1 }])
  const { device, replayed } = await bind('yard', `${MAC}/1`, 'camera')
  expect(replayed).toMatchObject({ accepted: 1 })
  for (const count of [1, 2, 3]) expect(await (await post(count, 'active')).json()).toMatchObject({ accepted: 1 })
  await eventually(async () => (await alerts(device.id)).length === 1)
  expect(await alerts(device.id)).toMatchObject([{ kind: 'camera.intrusion', state: 'active-unacknowledged', count: 1 }])
  await post(3, 'inactive')
  await eventually(async () => (await alerts(device.id))[0]?.state === 'returned-unacknowledged')
  const { items } = await engineer.get<{ items: { data: { pictures?: unknown[] } }[] }>(`/api/signals?deviceId=${device.id}`)
  expect(items[0]!.data.pictures).toMatchObject([{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: 16 }])
  expect(JSON.stringify(items)).not.toContain('SECRETFACE')
})

test('[I1] a recorder that we call and that drops the line: nothing that arrived is lost, and the gap is shown', async () => {
  const recorder = await alertDevice({ seed: 4, alerts: 60, start: Date.now() - 3_600_000, trouble: 0.05 })
  await makeFeed({
    ...{ id: 'nvr', kind: 'hikvision-alertstream', connection: { url: recorder.url, username: 'admin' }, password: 'right' },
  })
  await eventually(async () => (await feedView('nvr')).link?.state === 'up')
  await eventually(async () => (await senders('nvr')).length > 0)
  const { device } = await bind('nvr', `${MAC}/1`, 'camera')
  await eventually(async () => (await feedView('nvr')).reconnects > 0)
  expect(await feedView('nvr')).toMatchObject({ gap: { from: expect.anything() } })
  const sent = () => new Set(recorder.sent).size
  const heard = async () =>
    (await engineer.all<{ type: string }>(`/api/signals?deviceId=${device.id}`)).filter(({ type }) => type === 'linwang.camera')
  await eventually(async () => (await heard()).length > 5)
  expect((await heard()).length).toBeLessThanOrEqual(sent())
  expect((await feedView('nvr')).duplicates).toBe(0)
  await recorder.close()
  await eventually(async () => (await feedView('nvr')).link?.state === 'down')
})
