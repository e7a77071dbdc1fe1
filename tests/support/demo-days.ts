import { createAnalysis } from '../../server/analysis/analysis.ts'
import type { DetectorOver } from '../../server/analysis/detector.ts'
import type { Happening } from '../../server/demo/happening.ts'
import { createLife } from '../../server/demo/life.ts'
import { createMutes } from '../../server/demo/mutes.ts'
import { createTown } from '../../server/demo/town.ts'
import { waterReading } from '../../server/demo/water.ts'
import { createWorld } from '../../server/registers/world.ts'
import type { Finding } from '../../shared/finding.ts'
import type { Signal, SignalData, SignalType } from '../../shared/signal.ts'
import type { World } from '../../shared/world.ts'
import { pilotRegisters } from './registers.ts'

const STEP = 10 * 60_000
const DAY = 24 * 3_600_000

/** What the feeds make of a happening; `receivedAt`: for what gateways kept. */
export function translator(world: World) {
  let seq = 0
  const signalOf = <T extends SignalType>(one: Happening, type: T, data: SignalData[T], receivedAt: number): Signal => {
    const { feed, placeId } = world.device(one.deviceId)!
    const times = { time: one.at, receivedAt, at: one.at }
    return { feed, id: `s${++seq}`, offset: 480, status: 'actual', seq, deviceId: one.deviceId, placeId, type, data, ...times } as Signal
  }
  return (one: Happening, receivedAt = one.at): Signal | undefined => {
    if (one.what === 'passage') {
      const { direction, residentId } = one
      return signalOf(one, 'linwang.passage', { direction, residentId, granted: true }, receivedAt)
    }
    if (one.what === 'contact') return signalOf(one, 'linwang.contact', { open: one.open }, receivedAt)
    if (one.what === 'motion') return signalOf(one, 'linwang.motion', { occupied: one.occupied }, receivedAt)
    const { kind } = world.device(one.deviceId)!
    if (one.what === 'sighting' || kind === 'camera') return undefined
    if (kind !== 'water-meter') return signalOf(one, 'linwang.heartbeat', { online: true }, receivedAt)
    const reading = one.what === 'water' ? one.reading : waterReading(one.deviceId, one.at)
    return signalOf(one, 'linwang.meter', { quantity: 'water', reading, unit: 'm³' }, receivedAt)
  }
}

/** What these detectors find in so many everyday days of the invented town, no stories told. */
export function demoDays(detectors: readonly DetectorOver<unknown>[], start: number, days: number): Finding[] {
  const world = createWorld(pilotRegisters())
  const town = createTown(world, 7, new Date(start))
  const life = createLife(town, createMutes(), world.utcOffset, start)
  const analysis = createAnalysis({ world, detectors })
  const translate = translator(world)
  const found: Finding[] = []
  for (let now = start + STEP; now <= start + days * DAY; now += STEP) {
    for (const one of life.step(now)) {
      const signal = translate(one)
      if (signal) found.push(...analysis.onSignal(signal))
    }
    for (let tick = now - STEP + 60_000; tick <= now; tick += 60_000) found.push(...analysis.onTick(tick))
  }
  return found
}
