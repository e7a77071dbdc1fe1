import type { Signal, SignalType } from '../../shared/signal.ts'
import { madeUpLife } from './care/made-up.ts'
import { deviceOf, FEED, homeName, SENSORS, type Sensor } from './estate.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A Monday, 00:00 in China */
export const FIRST_DAY = Date.parse('2026-09-07T00:00:00+08:00')
export const DAYS = 62
/** six in the morning of the day after: from now on most stir, and most lines are drawn */
export const NOW = FIRST_DAY + DAYS * DAY + 6 * HOUR
/** Lives that differ; the homes beyond them live like one of these. */
export const LIVES = 50

interface Sent {
  at: number
  home: string
  sensor: Sensor
  isBeat: boolean
}

/** What the sensors of one home say, in order: a made-up life, and a word of each every half hour. */
function sayingsOf(n: number, from: number, until: number): Sent[] {
  const home = homeName(n)
  const days = Math.ceil((until - FIRST_DAY) / DAY)
  const life = madeUpLife(days, 20_240 + (n % LIVES)).map(({ at, sensor }) => ({ at: FIRST_DAY + at * 1000, home, sensor, isBeat: false }))
  const beats: Sent[] = []
  // gateways do not all speak at once
  for (let at = FIRST_DAY + (n % 30) * MINUTE; at < until; at += 30 * MINUTE)
    if (at >= from) for (const sensor of Object.keys(SENSORS) as Sensor[]) beats.push({ at, home, sensor, isBeat: true })
  return [...life, ...beats].filter(({ at }) => at >= from && at < until)
}
export const allSayings = (homes: number, from: number, until: number) =>
  Array.from({ length: homes }, (_, n) => sayingsOf(n, from, until))
    .flat()
    .sort((a, b) => a.at - b.at)

export function signalMaker() {
  const open = new Map<string, boolean>()
  let seq = 0
  return ({ at, home, sensor, isBeat }: Sent): Signal => {
    const common = {
      feed: FEED,
      id: `s${++seq}`,
      seq,
      offset: 480,
      status: 'actual',
      deviceId: deviceOf(home, sensor),
      placeId: `f-${home}`,
    }
    const times = { time: at, at, receivedAt: at }
    if (isBeat) return { ...common, ...times, type: 'linwang.heartbeat' as SignalType, data: { online: true } } as Signal
    if (sensor !== 'door') return { ...common, ...times, type: 'linwang.motion', data: { occupied: true } } as Signal
    open.set(home, !open.get(home))
    return { ...common, ...times, type: 'linwang.contact', data: { open: open.get(home)! } } as Signal
  }
}
