import { createAnalysis } from '../../../server/analysis/analysis.ts'
import type { Remembered } from '../../../server/analysis/cells.ts'
import type { Finding } from '../../../shared/finding.ts'
import type { Signal, SignalType } from '../../../shared/signal.ts'
import { analysisResidents, analysisWorld, FLAT, HOME_SENSORS } from '../../support/analysis.ts'
import type { HomeData } from './data.ts'

const MINUTE = 60_000
const EAST = 480

export interface Sign {
  /** s of the home's own clock */
  at: number
  sensor: string
}
export interface ReplayOptions {
  /** what is heard of each sensor at that time, ms */
  isHeard?: (sensor: string, at: number) => boolean
  /** what was known before: a checkpoint */
  memory?: readonly Remembered[]
  /** min between the heartbeats of a sensor */
  heartbeats?: number
  /** who lives there: the lines are drawn at a minute of the day that goes by the id */
  resident?: string
}

/** The detectors of the server over one home: its signs, heartbeats of each sensor, a tick every minute. */
export function createReplay({ isHeard = () => true, memory, heartbeats = 30, resident }: ReplayOptions = {}) {
  const world = analysisWorld(resident === undefined ? {} : { residents: [{ ...analysisResidents()[0]!, id: resident }] })
  const analysis = createAnalysis({ world })
  if (memory) analysis.restore(memory)
  const found: (Finding & { home: number })[] = []
  let now = Number.NaN
  let isOpen = false
  let seq = 0

  /** server time of the home's own clock */
  const timeOf = (at: number) => at * 1000 - EAST * MINUTE
  const take = (findings: readonly Finding[]) => {
    for (const finding of findings) found.push({ ...finding, home: (finding.at + EAST * MINUTE) / 1000 })
  }
  const send = (type: SignalType, deviceId: string, data: object, at: number) => {
    if (!isHeard(deviceId, at / 1000 + EAST * 60)) return
    const common = { feed: 'zigbee2mqtt', id: `r${++seq}`, offset: EAST, status: 'actual', seq, deviceId, placeId: FLAT }
    take(analysis.onSignal({ ...common, type, data, time: at, at, receivedAt: at } as unknown as Signal))
  }
  const passTo = (until: number) => {
    if (Number.isNaN(now)) now = Math.floor(until / MINUTE) * MINUTE - MINUTE
    while (now + MINUTE <= until) {
      now += MINUTE
      if ((now / MINUTE) % heartbeats === 0) for (const id of HOME_SENSORS) send('linwang.heartbeat', id, { online: true }, now)
      take(analysis.onTick(now))
    }
  }
  return {
    analysis,
    found,
    sign({ at, sensor }: Sign) {
      passTo(timeOf(at))
      if (sensor === 'door') {
        isOpen = !isOpen
        send('linwang.contact', 'door', { open: isOpen }, timeOf(at))
      } else send('linwang.motion', sensor, { occupied: true }, timeOf(at))
    },
    passTo: (at: number) => passTo(timeOf(at)),
    memory: (): Remembered[] => structuredClone(analysis.dirty()),
  }
}

/** All days of a home. */
export function replayOf({ at, door }: HomeData, options?: ReplayOptions) {
  const replay = createReplay(options)
  for (let n = 0; n < at.length; n++) replay.sign({ at: at[n]!, sensor: door[n] ? 'door' : 'motion-living' })
  return replay
}

export const raised = (found: readonly Finding[], kind: string) =>
  found.flatMap((finding) => (finding.act === 'raise' && finding.kind === kind ? [finding as Finding & { home: number }] : []))
