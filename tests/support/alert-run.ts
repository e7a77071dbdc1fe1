import { setTimeout as sleep } from 'node:timers/promises'
import { createAlertStream } from '../../server/feeds/outgoing/alert-stream.ts'
import type { OutgoingClient } from '../../server/feeds/outgoing/client.ts'
import type { StreamTuning } from '../../server/feeds/outgoing/part-stream.ts'
import type { Arrival } from '../../shared/arrival.ts'
import type { Device } from '../../shared/device.ts'
import type { Feed } from '../../shared/feed.ts'
import { overloaded } from '../../shared/problem.ts'
import { type AlertDevice, type AlertDeviceOptions, alertDevice, MAC, type PartMaker, randomOf } from './alert-device.ts'
import { feedDevice, NOW, testIntake } from './intake.ts'
import { silentLog, testReceiver } from './receiver.ts'

const FEED = 'nvr-1'
export const alertFeed = (url: string): Feed => ({
  id: FEED,
  kind: 'hikvision-alertstream',
  name: 'NVR 1',
  state: 'active',
  version: 1,
  firstAt: NOW,
  connection: { url, username: 'admin' },
})

export interface AlertRun {
  device: AlertDevice
  /** seconds after the start of each alert as it was kept, in that order */
  kept: number[]
  /** of them no heartbeats */
  events: number
  /** heartbeats that were stored: one a minute says as much as six */
  beats: number
  links: { state: 'up' | 'down'; at: number; reason?: string }[]
  /** what intake shows of the feed at the end */
  feed: { link?: unknown; reconnects?: number; gap?: unknown; accepted: number; duplicates: number } | undefined
}

/** Whose stream it is. */
export interface StreamVendor {
  client: (tuning: StreamTuning) => OutgoingClient
  camera: Device
  part: PartMaker
  /** undefined: no event (a heartbeat) */
  secondOf(arrival: Arrival, start: number): number | undefined
}

/** The client against a bad device and an engine that is overloaded now and then, until every alert went out. */
export async function alertRun(
  options: Omit<AlertDeviceOptions, 'start'> & { overload?: number; tuning?: StreamTuning; vendor?: StreamVendor },
): Promise<AlertRun> {
  const start = NOW - 3_600_000
  const { vendor } = options
  const settled = async () => {
    for (let i = 0; i < 200 && kept.length < device.sent.length; i++) await sleep(10)
  }
  const device: AlertDevice = await alertDevice({ ...options, ...(vendor && { part: vendor.part }), start, settled })
  const random = randomOf(options.seed + 1)
  const camera = vendor?.camera ?? feedDevice('cam-1', 'camera', FEED, { address: `${MAC}/1` })
  const receiver = testReceiver(testIntake({ devices: [camera] }))
  const links: AlertRun['links'] = []
  const kept: number[] = []
  let events = 0
  const began = performance.now()
  const now = () => NOW + Math.round(performance.now() - began)
  const engine = {
    pressure: 0,
    async receive(arrival: Arrival) {
      if (random() < (options.overload ?? 0.1)) throw overloaded('The queue is full.')
      receiver.t.now = now()
      const receipt = await receiver.receive(arrival)
      if (arrival.source === 'feed-link') links.push(JSON.parse(new TextDecoder().decode(arrival.bytes)))
      else {
        const second = (vendor?.secondOf ?? secondOf)(arrival, start)
        if (second !== undefined) kept.push(second)
        if (second !== undefined && !isBeat(arrival)) events++
      }
      return receipt
    },
  }
  const stopping = new AbortController()
  const tuning = { stallAfter: 250, waits: { first: 5, longest: 20, refused: 50, random }, ...options.tuning }
  const running = (vendor?.client ?? createAlertStream)(tuning)({
    feed: alertFeed(device.url),
    password: 'right',
    engine,
    log: silentLog,
    signal: stopping.signal,
    now,
  })
  await device.done
  await settled()
  await sleep(30)
  const ups = () => links.filter(({ state }) => state === 'up').length
  for (let i = 0; i < 100 && ups() < device.connections; i++) await sleep(10)
  stopping.abort()
  await running
  await device.close()
  const feed = receiver.t.intake.health(now()).find(({ id }) => id === FEED) as AlertRun['feed']
  const beats = receiver.signals.filter(({ type }) => type === 'linwang.heartbeat').length
  receiver.close()
  return { device, kept, events, beats, links, feed }
}

const isBeat = ({ bytes }: Arrival) => new TextDecoder().decode(bytes).includes('videoloss')
const secondOf = ({ bytes }: Arrival, start: number) =>
  (Date.parse(/<dateTime>([^<]+)</.exec(new TextDecoder().decode(bytes))?.[1] ?? '') - start) / 1000

/** What is wrong with a run: each alert that went out as a whole was kept once and in order, none that was cut off, and the gap is told. */
export function faultsOf({ device, kept, events, beats, links, feed }: AlertRun): string[] {
  const faults: string[] = []
  const expect = (what: string, is: unknown, should: unknown) => {
    if (JSON.stringify(is) !== JSON.stringify(should))
      faults.push(`${what}: ${JSON.stringify(is)?.slice(0, 300)} is not ${JSON.stringify(should)?.slice(0, 300)}`)
  }
  const breaks = device.breaks.end + device.breaks.reset + device.breaks.stall
  const count = new Map<number, number>()
  for (const second of kept) count.set(second, (count.get(second) ?? 0) + 1)
  expect(
    'lost',
    device.sent.filter((second) => !count.has(second) && !device.uncertain.includes(second)),
    [],
  )
  expect(
    'doubled',
    [...count].filter(([, times]) => times > 1).map(([second]) => second),
    [],
  )
  expect(
    'made of half a part',
    kept.filter((second) => device.cut.includes(second)),
    [],
  )
  expect(
    'out of order',
    kept.every((second, i) => i === 0 || second > kept[i - 1]!),
    true,
  )
  expect('times up', links.filter(({ state }) => state === 'up').length, device.connections)
  expect('times down', links.filter(({ state }) => state === 'down').length >= breaks - 1, true)
  expect('signals', feed?.accepted, events + beats)
  expect('duplicates', feed?.duplicates, 0)
  if (breaks > 0 && device.connections > 1) {
    expect('reconnects shown', feed?.reconnects, device.connections - 1)
    expect('gap shown', feed?.gap !== null && feed?.gap !== undefined, true)
  }
  return faults
}
