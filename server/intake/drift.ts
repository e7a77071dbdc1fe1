import { hasNoDevice, type Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'

/** A device clock further off than this is shown (I4). */
const TOLERATED = 120_000
const HALF_WINDOW = 30 * 60_000

/** The best that a device said in a half hour: `time − receivedAt`. A message that comes late looks like a clock behind, so the freshest counts. */
interface Best {
  half: number
  now: number
  before: number | null
}
export type DriftState = [feed: string, devices: [string, Best][]][]

/** Clocks of devices against ours, over the last hour. */
export interface Drift {
  note(signal: Signal): void
  /** seconds that the worst device of the feed is ahead (+) or behind (−); null: unknown, or within two minutes */
  of(feed: string, now: Millis): number | null
  ofDevice(feed: string, deviceId: string, now: Millis): number | null
  committed(): void
  rolledBack(): void
  save(): DriftState
}

export function createDrift(state: DriftState = []): Drift {
  const feeds = new Map(state.map(([feed, devices]) => [feed, new Map(devices)]))
  let before: [feed: string, device: string, best: Best | undefined][] = []

  return {
    note(signal) {
      // when a warning or a report was issued says nothing of a clock
      if (signal.backlog || hasNoDevice(signal.type) || (signal.timeAssumed && signal.offset === null)) return
      const off = signal.time - signal.receivedAt
      const known = feeds.get(signal.feed)?.get(signal.deviceId)
      if (known) before.push([signal.feed, signal.deviceId, { ...known }])
      if (known) update(known, Math.floor(signal.receivedAt / HALF_WINDOW), off)
      else if (Math.abs(off) > TOLERATED) start(signal, off)
    },
    of(feed, now) {
      const half = Math.floor(now / HALF_WINDOW)
      let worst = 0
      for (const [device, best] of feeds.get(feed) ?? []) {
        if (half - best.half > 1) {
          feeds.get(feed)!.delete(device)
          continue
        }
        const off = offOf(best)
        if (Math.abs(off) > Math.abs(worst)) worst = off
      }
      return shown(worst)
    },
    ofDevice(feed, deviceId, now) {
      const best = feeds.get(feed)?.get(deviceId)
      return best && Math.floor(now / HALF_WINDOW) - best.half <= 1 ? shown(offOf(best)) : null
    },
    committed() {
      before = []
    },
    rolledBack() {
      for (const [feed, device, best] of before.reverse()) {
        if (best) feeds.get(feed)?.set(device, best)
        else feeds.get(feed)?.delete(device)
      }
      before = []
    },
    save: () => [...feeds].map(([feed, devices]) => [feed, [...devices]]),
  }

  /** only devices that were once off are watched */
  function start({ feed, deviceId, receivedAt }: Signal, off: number) {
    const devices = feeds.get(feed) ?? new Map<string, Best>()
    feeds.set(feed, devices)
    before.push([feed, deviceId, undefined])
    devices.set(deviceId, { half: Math.floor(receivedAt / HALF_WINDOW), now: off, before: null })
  }
}

const offOf = ({ now, before }: Best) => Math.max(now, before ?? -Infinity)
const shown = (off: Millis) => (Math.abs(off) > TOLERATED ? Math.round(off / 1000) : null)

function update(best: Best, half: number, off: number) {
  if (half === best.half) {
    best.now = Math.max(best.now, off)
    return
  }
  best.before = half === best.half + 1 ? best.now : null
  best.half = half
  best.now = off
}
