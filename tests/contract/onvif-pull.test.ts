import { afterEach, expect, test } from 'vitest'
import { createOnvifPull, type PullTuning } from '../../server/feeds/outgoing/onvif-pull.ts'
import type { Feed } from '../../shared/feed.ts'
import { feedDevice, NOW, testIntake } from '../support/intake.ts'
import { type OnvifDeviceOptions, onvifDevice } from '../support/onvif-device.ts'
import { silentLog, testReceiver, until } from '../support/receiver.ts'

const began = performance.now()
const now = () => Math.floor(NOW + performance.now() - began)
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A camera, the client that pulls from it, and what intake makes of it. */
async function pulling(options: Partial<OnvifDeviceOptions> = {}, tuning: PullTuning = {}, path = '') {
  const device = await onvifDevice({ now, ...options })
  const t = testIntake({ devices: [feedDevice('cam-1', 'camera', 'yard', { address: 'yard' })] })
  const receiver = testReceiver(t)
  const stopping = new AbortController()
  const links: { state: string; reason?: string }[] = []
  const engine = {
    pressure: 0,
    receive(arrival: Parameters<typeof receiver.receive>[0]) {
      t.now = now()
      if (arrival.source === 'feed-link') links.push(JSON.parse(new TextDecoder().decode(arrival.bytes)))
      return receiver.receive(arrival)
    },
  }
  const feed: Feed = {
    ...{ id: 'yard', kind: 'onvif-pull', name: 'yard', state: 'active', version: 1, firstAt: NOW },
    connection: { url: device.url + path, username: 'admin' },
  }
  const waits = { first: 10, longest: 40, refused: 5_000, random: () => 1 }
  const client = createOnvifPull({ wait: 1_000, pause: 20, waits, ...tuning })
  const ended = client({ feed, password: 'right', engine, log: silentLog, signal: stopping.signal, now })
  const stop = async () => {
    stopping.abort()
    await ended
  }
  closing.push(async () => {
    await stop()
    await device.close()
    receiver.close()
  })
  const events = () =>
    receiver.signals.flatMap(({ type, data, replay }) => (type === 'linwang.camera' ? [[data.active, replay === true]] : []))
  const view = () => t.intake.health(now()).find(({ id }) => id === 'yard')!
  return { device, receiver, links, events, view, stop }
}

const motion = (on: boolean, operation = 'Changed', at = now()) =>
  `<wsnt:NotificationMessage><wsnt:Topic>tns1:RuleEngine/CellMotionDetector/Motion</wsnt:Topic><wsnt:Message><tt:Message UtcTime="${new Date(at).toISOString()}" PropertyOperation="${operation}"><tt:Source><tt:SimpleItem Name="VideoSourceConfigurationToken" Value="000"/></tt:Source><tt:Data><tt:SimpleItem Name="IsMotion" Value="${on}"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`

test.each([
  ['with a token in the SOAP header', {}],
  ['with HTTP digest as well', { digest: true }],
  ['whose clock is an hour ahead', { ahead: 3_600_000 }],
  ['that knows neither the time nor where its events are nor how to renew', { simple: true, grants: 600 }],
])('[I1] a camera %s is heard', async (_how, options) => {
  const { device, events, links } = await pulling(options)
  await until(() => device.calls.includes('PullMessages'))
  device.say(motion(true))
  await until(() => events().length === 1)
  device.say(motion(false))
  await until(() => events().length === 2)
  expect(events()).toEqual([
    [true, false],
    [false, false],
  ])
  expect(links).toMatchObject([{ state: 'up' }])
  expect(device.refused).toBe(0)
})

test('[A4] the states that a subscription begins with are a replay, every time', async () => {
  const { device, events, links, view } = await pulling()
  await until(() => device.calls.includes('PullMessages'))
  device.states = [motion(true, 'Initialized')]
  device.forget()
  await until(() => events().length === 1)
  device.forget()
  device.say(motion(true, 'Initialized'))
  await until(() => events().length === 2)
  await until(() => links.length >= 5)
  expect(events().every(([, replay]) => replay)).toBe(true)
  expect(links.map(({ state }) => state)).toEqual(['up', 'down', 'up', 'down', 'up'])
  expect(links[1]).toMatchObject({ reason: 'unknown subscription' })
  expect(view()).toMatchObject({ reconnects: 2, gap: { from: expect.any(Number), to: expect.any(Number) } })
})

test('[I1] the same state told again is a duplicate, not another signal', async () => {
  const { device, view } = await pulling()
  device.states = [motion(false, 'Initialized', NOW - 5_000)]
  await until(() => device.calls.includes('PullMessages'))
  device.forget()
  await until(() => view()?.duplicates === 1)
  expect(view()).toMatchObject({ duplicates: 1 })
})

test('[I1] it subscribes again when the line drops, and says that there was a gap', async () => {
  const { device, events, view } = await pulling()
  await until(() => device.calls.includes('PullMessages'))
  device.drop()
  await until(() => device.calls.filter((call) => call === 'CreatePullPointSubscription').length === 2)
  device.say(motion(true))
  await until(() => events().length === 1)
  expect(view()).toMatchObject({ link: { state: 'up' }, reconnects: 1 })
  expect(view().gap).not.toBeNull()
})

test('[I1] a camera that stalls in the middle is given up', async () => {
  const { device, links } = await pulling({}, { wait: 0, soon: 200 })
  await until(() => device.calls.includes('PullMessages'))
  device.stalls = true
  await until(() => links.some(({ state }) => state === 'down'), 3_000)
  device.drop()
  await until(() => links.at(-1)?.state === 'up')
})

test('[I1] it renews before the subscription ends', async () => {
  const { device, links } = await pulling({ grants: 2_000 }, { wait: 0, pause: 50 })
  await until(() => device.calls.filter((call) => call === 'Renew').length >= 2, 5_000)
  expect(device.calls.filter((call) => call === 'CreatePullPointSubscription')).toHaveLength(1)
  expect(links).toHaveLength(1)
})

test('[I5] a camera that answers at once without anything is not asked without end', async () => {
  const { device } = await pulling({ hasty: true }, { pause: 50 })
  await until(() => device.calls.includes('PullMessages'))
  await new Promise((done) => setTimeout(done, 500))
  expect(device.calls.filter((call) => call === 'PullMessages').length).toBeLessThan(12)
})

test('[I5] while the engine is full nothing more is pulled, and nothing is lost', async () => {
  const { device, receiver, events } = await pulling()
  await until(() => device.calls.includes('PullMessages'))
  receiver.hold()
  device.say(motion(true))
  await until(() => receiver.arrivals.some(({ source }) => source === 'onvif'))
  const pulls = device.calls.length
  device.say(motion(false))
  await new Promise((done) => setTimeout(done, 200))
  expect(device.calls.length).toBe(pulls)
  receiver.release()
  await until(() => events().length === 2)
})

test('[I1] an empty answer says that the camera is there', async () => {
  const { receiver } = await pulling({ hasty: true })
  await until(() => receiver.signals.some(({ type }) => type === 'linwang.heartbeat'))
  expect(receiver.signals).toMatchObject([{ type: 'linwang.heartbeat', deviceId: 'cam-1', data: { online: true } }])
})

test('[S1] a wrong password is not tried again at once: cameras lock the account', async () => {
  const { device, links } = await pulling({ password: 'other' })
  await until(() => links.length > 0)
  await new Promise((done) => setTimeout(done, 300))
  expect(links).toMatchObject([{ state: 'down', reason: expect.stringContaining('refuses the name or password') }])
  expect(device.refused).toBeLessThanOrEqual(2)
})

test('[I1] it takes its leave when it is told to stop', async () => {
  const { device, stop } = await pulling()
  await until(() => device.calls.includes('PullMessages'))
  await stop()
  expect(device.calls.at(-1)).toBe('Unsubscribe')
})
