import { createAnalysis } from '../../server/analysis/analysis.ts'
import { createWorld } from '../../server/registers/world.ts'
import type { Device, DeviceKind } from '../../shared/device.ts'
import type { Signal, SignalType } from '../../shared/signal.ts'
import { pilotRegisters } from '../support/registers.ts'
import { MONDAY_TEN } from '../support/work.ts'

/** µs of processor time a signal and ms a tick of analysis alone, over the pilot's registers: `node tests/bench/analysis.ts`. */
const SIGNALS = 400_000
const world = createWorld(pilotRegisters())
const analysis = createAnalysis({ world })

const TYPE: Partial<Record<DeviceKind, [SignalType, (n: number) => object]>> = {
  camera: ['linwang.camera', () => ({ event: 'other', label: 'car' })],
  gate: [
    'linwang.passage',
    (n) => ({ direction: n % 2 ? 'in' : 'out', residentId: `r${String((n % 6908) + 1).padStart(4, '0')}`, granted: true }),
  ],
  'door-contact': ['linwang.contact', (n) => ({ open: n % 2 === 0 })],
  motion: ['linwang.motion', () => ({ occupied: true })],
  'water-meter': ['linwang.meter', (n) => ({ quantity: 'water', reading: n, unit: 'L' })],
  smoke: ['linwang.hazard', () => ({ hazard: 'smoke', active: false })],
}
const beat: [SignalType, (n: number) => object] = ['linwang.heartbeat', () => ({ online: true, battery: 90 })]

const devices = world.devices()
const signalOf = (device: Device, n: number): Signal => {
  const [type, data] = TYPE[device.kind] ?? beat
  const receivedAt = MONDAY_TEN + n
  const common = {
    id: `b${n}`,
    seq: n,
    feed: device.feed,
    deviceId: device.id,
    placeId: device.placeId,
    status: 'actual' as const,
    offset: 480,
  }
  return { ...common, type, data: data(n), time: receivedAt, receivedAt, at: receivedAt } as Signal
}
const signals = Array.from({ length: SIGNALS }, (_, n) => signalOf(devices[(n * 7919) % devices.length]!, n))

for (const signal of signals.slice(0, 20_000)) analysis.onSignal(signal)
const began = process.cpuUsage()
let findings = 0
for (const signal of signals) findings += analysis.onSignal(signal).length
const spent = process.cpuUsage(began)
const microsASignal = (spent.user + spent.system) / SIGNALS

let now = MONDAY_TEN + SIGNALS
const ticks = Array.from({ length: 120 }, () => {
  now += 60_000
  const start = performance.now()
  analysis.onTick(now)
  return performance.now() - start
}).sort((a, b) => a - b)

const timed = (work: () => unknown) => {
  const start = performance.now()
  work()
  return Math.round((performance.now() - start) * 100) / 100
}
const checkpoint = timed(() => JSON.stringify(analysis.dirty()))
const view = () => [analysis.care(now, []), analysis.figures(now), analysis.devices(now)]
for (let n = 0; n < 50; n++) view()
const views = timed(view)
const shown = (ms: number | undefined) => Math.round((ms ?? 0) * 1000) / 1000
console.log(
  JSON.stringify({
    signals: SIGNALS,
    findings,
    microsASignal: shown(microsASignal),
    tickMsMedian: shown(ticks[60]),
    tickMsWorst: shown(ticks.at(-1)),
    checkpointMs: checkpoint,
    viewsMs: views,
    errors: analysis.health().filter(({ errors }) => errors > 0),
  }),
)
