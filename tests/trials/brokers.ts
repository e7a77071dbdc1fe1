import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import type { Device } from '../../shared/device.ts'
import type { WallState } from '../../shared/wall.ts'
import { launchBrowser } from '../support/browser.ts'
import { motion } from '../support/events.ts'
import { freePort, type RunningServer, startServer } from '../support/server.ts'
import { eventually, openSession, type Session, signIn } from '../support/session.ts'
import { publish, requireMosquitto, startMosquitto } from './mosquitto.ts'
import { announcement, doorStates, frigateEvent, helpPress } from './samples.ts'

/** What real senders say reaches the wall, through our own broker and through a mosquitto; and what waits at the mosquitto arrives once. */
const SENSOR = 'motion-b12-u1-302-living'
const folder = mkdtempSync(join(tmpdir(), 'linwang-brokers-'))
requireMosquitto()
const browser = await launchBrowser()
let result: Record<string, unknown>
try {
  result = { ok: true, embedded: await embedded(browser), outside: await outside(browser) }
} catch (error) {
  result = { ok: false, failed: (error as Error).message }
  process.exitCode = 1
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
console.log(JSON.stringify(result, null, 2))

async function embedded(browser: Browser) {
  const server = await startServer({ dataDir: join(folder, 'embedded') })
  try {
    return await toTheWall(server, server.mqttPort, browser)
  } finally {
    await server.stop()
  }
}

async function outside(browser: Browser) {
  const port = await freePort()
  const broker = await startMosquitto(join(folder, 'broker'), port)
  let server = await startServer({ dataDir: join(folder, 'outside'), env: { MQTT_URL: broker.url } })
  try {
    const shown = await toTheWall(server, port, browser)
    await server.kill()
    const waiting = sendNumbered(port, 'while-down', 50)
    server = await server.restart()
    const whileDown = await arrivedOnce(server, waiting)
    const inBetween = sendNumbered(port, 'killed-amid', 50)
    await server.kill()
    server = await server.restart()
    const killedAmid = await arrivedOnce(server, inBetween)
    await broker.kill()
    await broker.start()
    await sleep(3_000)
    const brokerKilled = await arrivedOnce(server, sendNumbered(port, 'broker-back', 20))
    return { ...shown, whileDown, killedAmid, brokerKilled }
  } finally {
    await server.kill()
    await broker.kill()
  }
}

async function toTheWall(server: RunningServer, port: number, browser: Browser) {
  const session = await signIn(server, 'engineer')
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await page.goto(`${server.url}/wall`)
  await page.waitForSelector('[data-cluster-id]')
  const device = async (kind: string, fits: (device: Device) => boolean = () => true) =>
    (await session.all<Device>(`/api/devices?kind=${kind}`)).filter(fits)
  const onTheWall = async (of: Device, send: () => void) => {
    const begin = performance.now()
    send()
    const alert = await eventually(
      async () => (await openSession(server.url).get<WallState>('/api/wall')).alerts.find(({ deviceId }) => deviceId === of.id),
      5_000,
      `an alert of ${of.id}`,
    )
    if (!alert.incidentId || !alert.orderId) throw new Error(`${alert.id} has no incident or no order`)
    await page.waitForSelector(`[data-alert-id="${alert.id}"][data-device-id="${of.id}"]`, { timeout: 5_000 })
    return { alert: alert.kind, incident: alert.incidentId, order: alert.orderId, domMs: Math.round(performance.now() - begin) }
  }
  const [button, silentButton] = await device('help-button')
  const help = await onTheWall(button!, () => publish(port, `zigbee2mqtt/${button!.address}`, helpPress(Date.now())))
  const rule = ({ rules = [] }: Device) => rules.find(({ event, from }) => event === 'intrusion' && from === undefined)
  const [camera] = await device('camera', (each) => rule(each) !== undefined)
  const frigate = await onTheWall(camera!, () => publish(port, 'frigate/events', frigateEvent(camera!.address, rule(camera!)!, Date.now())))
  const [door] = await device('door-contact')
  for (const state of doorStates()) publish(port, `zigbee2mqtt/${door!.address}`, state)
  publish(port, `zigbee2mqtt/${silentButton!.address}`, announcement(Date.now()))
  const doors = await eventually(async () => {
    const states = await session.all<{ data: { open: boolean } }>(`/api/signals?deviceId=${door!.id}`)
    return states.length === doorStates().length && states.map(({ data }) => data?.open)
  })
  const pressed = await session.all(`/api/alerts?deviceId=${silentButton!.id}`)
  if (pressed.length > 0) throw new Error('an announcement was taken for a press')
  await page.close()
  return { help, frigate, doors }
}

/** QoS 1 CloudEvents with ids of their own. */
function sendNumbered(port: number, name: string, count: number): string[] {
  const ids = Array.from({ length: count }, (_, n) => `${name}-${n}`)
  for (const id of ids) publish(port, 'linwang/trial/events', JSON.stringify(motion(SENSOR, true, { source: '/feeds/trial', id })))
  return ids
}

async function arrivedOnce(server: RunningServer, ids: readonly string[]) {
  const session: Session = await signIn(server, 'engineer')
  const stored = async () =>
    (await session.all<{ id: string }>('/api/signals?feed=trial')).map(({ id }) => id).filter((id) => ids.includes(id))
  await eventually(async () => new Set(await stored()).size === ids.length, 15_000, `all ${ids.length} arrive`)
  await sleep(1_500)
  const found = await stored()
  if (found.length !== ids.length) throw new Error(`${found.length} rows for ${ids.length} messages`)
  return { sent: ids.length, storedOnce: found.length }
}
