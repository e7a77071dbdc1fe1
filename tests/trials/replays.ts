import { execFileSync, spawnSync } from 'node:child_process'
import type { Page } from 'playwright-core'
import type { Place } from '../../shared/place.ts'
import type { SignalType } from '../../shared/signal.ts'
import { launchBrowser } from '../support/browser.ts'
import { sample, sampleThere } from '../support/samples.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'
import { bind, onTheWall } from './bound-device.ts'
import { publish } from './mosquitto.ts'

/**
 * What real devices said, sent again by curl and mosquitto_pub: each bound device's alarm reaches the wall, or its state the store. The
 * messages are as they were caught but for their time, which is put to now: what is years old raises nothing.
 *
 *     npm run trial:replays
 */
interface Replay {
  name: string
  feed: string
  address: string
  kind: string
  send(server: RunningServer): void
  /** kind of the alert that the wall shows; absent: the signal is recorded and alerts nobody */
  alert?: string
  signal: SignalType
}

const iso = () => `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`
const local = () => iso().slice(0, 19).replace('T', ' ')

function curl({ url, feedKey }: RunningServer, path: string, type: string, body: string | Buffer): void {
  const args = [
    '-sS',
    '--fail-with-body',
    '-X',
    'POST',
    '-H',
    `Content-Type: ${type}`,
    '--data-binary',
    '@-',
    `${url}${path}?key=${feedKey}`,
  ]
  execFileSync('curl', args, { input: body })
}
const hikvision = (file: string, type: string) => (server: RunningServer) =>
  curl(server, '/feeds/hikvision/north', type, sample(`hikvision/${file}`).replace(/<dateTime>[^<]*/, `<dateTime>${iso()}`))

const REPLAYS: Replay[] = [
  {
    ...{ name: 'Hikvision, somebody in the area', feed: 'north', address: 'ac:b9:2f:49:44:75/1', kind: 'camera' },
    ...{ send: hikvision('fielddetection_human.xml', 'application/xml'), alert: 'camera.intrusion', signal: 'linwang.camera' },
  },
  {
    ...{ name: 'Hikvision, fire with two pictures', feed: 'north', address: 'a4:4c:62:22:d7:3c/2', kind: 'camera' },
    ...{ send: hikvision('post-fireDetection-multipart.body', 'multipart/form-data; boundary=boundary') },
    ...{ alert: 'camera.fire', signal: 'linwang.camera' },
  },
  {
    ...{ name: 'Hikvision terminal, a fingerprint that opened', feed: 'north', address: 'a4:d5:c2:24:dd:74/1', kind: 'gate' },
    ...{ signal: 'linwang.passage' },
    send: (server) =>
      curl(
        server,
        '/feeds/hikvision/north',
        'application/json',
        sample('hikvision/acs-fingerprint-pass-38.json').replace('2025-10-22T13:43:48+08:00', iso()),
      ),
  },
  {
    ...{ name: 'Dahua, somebody crosses the line', feed: 'south', address: '127.0.0.1/15', kind: 'camera' },
    ...{ alert: 'camera.intrusion', signal: 'linwang.camera' },
    send: (server) =>
      curl(
        server,
        '/feeds/dahua/south',
        'text/plain',
        sample('dahua/crossline-human-2019.txt')
          .replace(/"LocaleTime"\s*:\s*"[^"]*"/, `"LocaleTime" : "${local()}"`)
          .replace(/"UTC"\s*:\s*\d+/, `"UTC" : ${Math.floor(Date.now() / 1000)}`),
      ),
  },
  {
    ...{ name: 'CTWing smoke, the sample said silenced, now alarm', feed: 'nbiot', address: '860000000000001', kind: 'smoke' },
    ...{ alert: 'hazard.smoke', signal: 'linwang.hazard' },
    send: (server) =>
      curl(
        server,
        '/feeds/ctwing/nbiot',
        'application/json',
        sample('nbiot/ctwing-smoke-lian-alarm.json')
          .replace('"Alarm_Status":2', '"Alarm_Status":1')
          .replace(/"timestamp":\d+/, `"timestamp":${Date.now()}`),
      ),
  },
  {
    ...{ name: 'ONVIF, an Axis camera sees motion', feed: 'axis', address: '94fbe18e-0af8-40d2-8539-67b6ea550c6e', kind: 'camera' },
    ...{ signal: 'linwang.camera' },
    send: (server) =>
      curl(
        server,
        '/feeds/onvif/axis',
        'application/soap+xml',
        sample('onvif/axis/VMD4_ANY_CHANGE.xml').replace(/UtcTime="[^"]*"/, `UtcTime="${new Date().toISOString()}"`),
      ),
  },
  {
    ...{
      name: 'GB/T 28181, motion through a gateway',
      feed: 'wvp',
      address: '13131313131320000001',
      kind: 'camera',
      signal: 'linwang.camera',
    },
    send: (server) =>
      curl(
        server,
        '/feeds/gb28181/wvp',
        'application/xml',
        sample('gb28181/hik-alarm-issue55.xml').replace(/<AlarmTime>[^<]*/, `<AlarmTime>${iso().slice(0, 19)}`),
      ),
  },
  {
    ...{ name: 'zigbee2mqtt, an emergency button', feed: 'zigbee2mqtt', address: '0xa4c13899607febd1', kind: 'help-button' },
    ...{ alert: 'help', signal: 'linwang.help' },
    send: ({ mqttPort }) =>
      publish(mqttPort, 'zigbee2mqtt/0xa4c13899607febd1', `{"action":"emergency","battery":100,"last_seen":"${iso()}","linkquality":18}`),
  },
  {
    ...{
      name: 'zigbee-herdsman-converters, water',
      feed: 'zigbee2mqtt',
      address: 'cellar',
      kind: 'leak',
      alert: 'hazard.leak',
      signal: 'linwang.hazard',
    },
    send: ({ mqttPort }) => publish(mqttPort, 'zigbee2mqtt/cellar', '{"water_leak":true,"battery_low":false}'),
  },
]

const FEEDS = { north: 'hikvision', south: 'dahua', nbiot: 'ctwing', axis: 'onvif', wvp: 'gb28181', weather: 'cap' }

if (!sampleThere('hikvision/fielddetection_human.xml')) console.log('Skipped: the samples do not lie beside the project.')
else if (spawnSync('curl', ['--version']).error || spawnSync('mosquitto_pub', ['--help']).error)
  console.log('Skipped: this trial needs curl and mosquitto_pub (apt-get install curl mosquitto-clients).')
else await trial()

async function trial() {
  const server = await startServer()
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await page.goto(`${server.url}/wall`)
    await page.waitForSelector('[data-cluster-id]')
    console.log(JSON.stringify({ ok: true, replays: await replayAll(server, page) }, null, 2))
  } catch (error) {
    console.log(JSON.stringify({ ok: false, failed: (error as Error).message }, null, 2))
    process.exitCode = 1
  } finally {
    await browser.close()
    await discard(server)
  }
}

async function replayAll(server: RunningServer, page: Page) {
  const admin = await signIn(server, 'admin')
  for (const [id, kind] of Object.entries(FEEDS)) await admin.ask('POST', '/api/feeds', { id, kind, name: id })
  const places = (await admin.get<{ items: Place[] }>(`/api/places?kind=flat&limit=${REPLAYS.length}`)).items
  const results: object[] = []
  for (const [i, replay] of REPLAYS.entries()) {
    const { feed, address, kind } = replay
    const id = await bind(admin, { feed, address, kind, placeId: places[i]!.id })
    const begin = performance.now()
    replay.send(server)
    const shown = replay.alert ? await shownAs(server, page, id, replay.alert) : await inTheStore(admin, id, replay.signal)
    results.push({ name: replay.name, shown, ms: Math.round(performance.now() - begin) })
  }
  return [...results, await warning(server, page)]
}

async function shownAs(server: RunningServer, page: Page, deviceId: string, kind: string): Promise<string> {
  await onTheWall(server, page, deviceId, kind, 5_000)
  return `alert ${kind} on the wall`
}

async function inTheStore(admin: Session, deviceId: string, type: SignalType): Promise<string> {
  const find = async () =>
    (await admin.get<{ items: { type: string }[] }>(`/api/signals?deviceId=${deviceId}`)).items.find((one) => one.type === type)
  await eventually(find, 5_000, `a signal of ${deviceId}`)
  return `${type} stored, nobody alerted`
}

/** 12379: its sample is an update; its times are put to today. */
async function warning(server: RunningServer, page: Page) {
  const begin = performance.now()
  const later = new Date(Date.now() + 6 * 3_600_000 + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  const xml = sample('cap/cn12379-henan-wind-blue-update.xml')
    .replace(/(<(?:sendTime|effective|onset)>)[^<]*/g, `$1${local()}+08:00`)
    .replace(/(<expires>)[^<]*/g, `$1${later}+08:00`)
  curl(server, '/feeds/cap/weather', 'application/xml', xml)
  await page.waitForSelector('text=大风蓝色预警', { timeout: 10_000 })
  return { name: '12379, wind', shown: '大风蓝色预警 on the wall’s top line', ms: Math.round(performance.now() - begin) }
}
