import { type Analysis, createAnalysis } from '../../server/analysis/analysis.ts'
import type { DetectorOver } from '../../server/analysis/detector.ts'
import type { Device, DeviceKind } from '../../shared/device.ts'
import type { Finding } from '../../shared/finding.ts'
import type { Resident } from '../../shared/person.ts'
import type { Signal, SignalData, SignalType } from '../../shared/signal.ts'
import type { World } from '../../shared/world.ts'
import { MONDAY_TEN } from './work.ts'
import { type TinyRegisters, testWorld } from './world.ts'

export const SECOND = 1_000
export const MINUTE = 60_000
export const HOUR = 3_600_000

/** Old Zhang lives alone in 101 with two motion sensors and a door contact; the child Li lives in 102. */
export const FLAT = 'caihong-b01-u1-101'
export const CHILD_FLAT = 'caihong-b01-u1-102'

const device = (id: string, kind: DeviceKind, placeId: string, feed: string): Device => ({
  id,
  kind,
  placeId,
  feed,
  address: id,
  name: id,
  lon: 106.6,
  lat: 26.6,
})

export const analysisDevices = (): Device[] => [
  ...['living', 'bedroom'].map((room) => device(`motion-${room}`, 'motion', FLAT, 'zigbee2mqtt')),
  device('door', 'door-contact', FLAT, 'zigbee2mqtt'),
  device('help', 'help-button', FLAT, 'zigbee2mqtt'),
  device('smoke', 'smoke', FLAT, 'zigbee2mqtt'),
  device('smoke-2', 'smoke', FLAT, 'zigbee2mqtt'),
  device('water', 'water-meter', FLAT, 'meters'),
  device('smoke-child', 'smoke', CHILD_FLAT, 'zigbee2mqtt'),
  device('gate-b01-u1', 'gate', 'caihong-b01-u1', 'gates'),
  device('gate-east', 'gate', 'caihong-gate-east', 'gates'),
  ...['1', '2', '3', '4'].map((n) => device(`cam-${n}`, 'camera', n === '4' ? 'caihong-gate-east' : 'caihong-square', 'frigate')),
]

const resident = (id: string, placeId: string, categories: Resident['categories']): Resident => ({
  id,
  placeId,
  name: `试${id}`,
  sex: 'f',
  birthDate: '1948-05-01',
  relation: 'head',
  categories,
})

export const analysisResidents = (): Resident[] => [
  resident('zhang', FLAT, ['living-alone', 'elder']),
  resident('granny', CHILD_FLAT, ['elder']),
  resident('li', CHILD_FLAT, ['left-behind-child']),
]

export const analysisWorld = (given: TinyRegisters = {}) =>
  testWorld({ devices: analysisDevices(), residents: analysisResidents(), ...given })

type More = Partial<Pick<Signal, 'status' | 'replay' | 'at' | 'receivedAt' | 'time' | 'placeId'>>

/** An estate under a clock that the test turns; it remembers what was found. */
export function testAnalysis(options: { world?: World; start?: number; detectors?: readonly DetectorOver<unknown>[] } = {}) {
  const world = options.world ?? analysisWorld()
  const analysis: Analysis = createAnalysis({ world, detectors: options.detectors })
  const found: Finding[] = []
  let now = options.start ?? MONDAY_TEN
  let seq = 0

  function signal<T extends SignalType>(type: T, deviceId: string, data: SignalData[T], more: More = {}): Signal {
    const known = world.device(deviceId)
    const receivedAt = more.receivedAt ?? now
    const time = more.time ?? more.at ?? receivedAt
    const common = { feed: known?.feed ?? 'gates', id: `s${++seq}`, offset: 480, status: 'actual' as const, seq, deviceId }
    return { ...common, type, data, placeId: known?.placeId ?? FLAT, time, receivedAt, at: Math.min(time, receivedAt), ...more } as Signal
  }
  const tell = (findings: readonly Finding[]) => {
    found.push(...findings)
    return findings
  }
  const send = <T extends SignalType>(type: T, deviceId: string, data: SignalData[T], more?: More) =>
    tell(analysis.onSignal(signal(type, deviceId, data, more)))

  return {
    analysis,
    world,
    found,
    signal,
    send,
    now: () => now,
    take: (one: Signal) => tell(analysis.onSignal(one)),
    /** ticks of a minute, with the heartbeats of these devices every half hour */
    pass(ms: number, heartbeats: readonly string[] = []) {
      const until = now + ms
      const findings: Finding[] = []
      while (now < until) {
        now = Math.min(until, now + MINUTE)
        if (Math.floor(now / MINUTE) % 30 === 0)
          for (const id of heartbeats) findings.push(...send('linwang.heartbeat', id, { online: true }))
        findings.push(...tell(analysis.onTick(now)))
      }
      return findings
    },
    motion: (more?: More, id = 'motion-living') => send('linwang.motion', id, { occupied: true }, more),
    contact: (open: boolean, more?: More) => send('linwang.contact', 'door', { open }, more),
    passage: (residentId: string, direction: 'in' | 'out', gate = 'gate-b01-u1', more?: More) =>
      send('linwang.passage', gate, { direction, residentId, granted: true, credential: 'card' }, more),
    smoke: (active: boolean, id = 'smoke', more?: More) => send('linwang.hazard', id, { hazard: 'smoke', active }, more),
    see: (event: string, id = 'cam-1', data: Partial<SignalData['linwang.camera']> = {}, more?: More) =>
      send('linwang.camera', id, { event, ...data }, more),
    press: (more?: More) => send('linwang.help', 'help', {}, more),
  }
}

export const HOME_SENSORS = ['motion-living', 'motion-bedroom', 'door'] as const
export const kinds = (findings: readonly Finding[]) => findings.map((finding) => (finding.act === 'raise' ? finding.kind : finding.act))
export const ofKind = (findings: readonly Finding[], kind: string) =>
  findings.filter((finding) => finding.act === 'raise' && finding.kind === kind)
