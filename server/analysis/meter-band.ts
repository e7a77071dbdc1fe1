import type { Finding } from '../../shared/finding.ts'
import type { Signal, SignalOf } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { type Band, isKnown, learn, newBand, upper } from './band.ts'
import { type Context, type DetectorOver, NOTHING } from './detector.ts'
import { isLate, matter } from './lateness.ts'
import { DAYS, HOURS, inBase, pour, type Reading, type Slot } from './meter-slots.ts'
import { isRecent, tellsOfPeople } from './settling.ts'

/** What one meter of a flat usually counts, by hour and by day. Plain JSON, about 1 kB. */
export interface MeterState {
  now: Count
  /** the same for days before, which come in afterwards and only teach (I4) */
  past: Count
  hours: Band[]
  day: Band
  /** the last full hours, the youngest last */
  recent: Slot[]
  /** occurrence of the reading after which it has run without a pause, ms */
  running?: Millis
  flow?: true
  /** the day whose much use was told, local */
  much?: number
}
interface Count {
  last?: Reading
  hour?: Slot
  day?: Slot
}
type Quantity = 'water' | 'power'
type Evidence = Extract<Finding, { act: 'raise' }>['evidence']

/** So many full hours in a row make a burst, or a tap that was left on overnight. */
const BURST_HOURS = 2
const NIGHT_HOURS = 3
/** Local hours in which a household sleeps. */
const NIGHT_ENDS = 5
/** A day must be twice its usual to be told, however steady the home. */
const TWICE = 2
/** Litres in an hour below which a meter's last digit turns without any tap. */
const TRICKLE = 0.5

/**
 * Water that runs without a pause, as from a burst pipe or a tap left on, and days of much more water or power than this home uses.
 * It goes by the readings alone: a meter that is silent says nothing (A2). Keyed by meter and quantity.
 */
export const meterBand: DetectorOver<MeterState> = (world) => ({
  name: 'meter-band',
  types: ['linwang.meter'],
  keyOf: ({ type, data, deviceId, placeId }) =>
    type === 'linwang.meter' && world.places.get(placeId)?.kind === 'flat' ? `${deviceId} ${data.quantity}` : undefined,
  start: () => ({ now: {}, past: {}, hours: Array.from({ length: 24 }, newBand), day: newBand(), recent: [] }),
  onSignal(state, signal, context) {
    if (signal.type !== 'linwang.meter' || !tellsOfPeople(signal)) return NOTHING
    const value = inBase(signal.data.quantity, signal.data.reading, signal.data.unit)
    if (value === undefined) return NOTHING
    const reading = { at: signal.at, value }
    if (isRecent(signal, world)) return count(state, reading, signal, context)
    advance(state, state.past, reading, world)
    return NOTHING
  },
})

function count(state: MeterState, reading: Reading, signal: SignalOf<'linwang.meter'>, { world }: Context): readonly Finding[] {
  const before = state.now.last
  const seen = advance(state, state.now, reading, world)
  if (!seen || !before) return NOTHING
  for (const hour of seen.hours) state.recent = [...state.recent, hour].slice(-NIGHT_HOURS)
  const found = signal.data.quantity === 'water' ? checkFlow(state, before, reading, signal, world) : []
  found.push(...checkDay(state, signal, world))
  teach(state, seen)
  return found
}

interface Full {
  hours: Slot[]
  days: Slot[]
}

/** undefined: nothing to count from, as when the meter was changed or the reading comes out of order */
function advance(state: MeterState, into: Count, reading: Reading, world: World): Full | undefined {
  const from = into.last
  if (from && reading.at <= from.at) return undefined
  into.last = reading
  if (!from || reading.value < from.value) {
    delete into.hour
    delete into.day
    return undefined
  }
  const hours = pour(into.hour, from, reading, HOURS, world.utcOffset)
  const days = pour(into.day, from, reading, DAYS, world.utcOffset)
  into.hour = hours.open
  into.day = days.open
  const full = { hours: hours.full, days: days.full }
  if (into === state.past) teach(state, full)
  return full
}

function teach({ hours, day }: MeterState, full: Full) {
  for (const { n, amount } of full.hours) learn(hours[n % 24]!, amount)
  for (const { amount } of full.days) learn(day, amount)
}

function checkFlow(state: MeterState, from: Reading, to: Reading, signal: Signal, world: World): Finding[] {
  const rate = ((to.value - from.value) * HOURS.length) / (to.at - from.at)
  const key = matter('water-flow', signal.placeId, 'actual')
  if (rate > TRICKLE) state.running ??= from.at
  else delete state.running
  if (state.running === undefined) {
    if (!state.flow) return []
    delete state.flow
    return [{ act: 'clear', key, at: to.at, evidence: { stoppedAt: to.at } }]
  }
  const evidence = state.flow ? undefined : (burst(state, signal, world) ?? overnight(state, signal, world))
  if (!evidence) return []
  state.flow = true
  return [raise(signal, key, 'water-flow', evidence.reason === 'burst' ? 2 : 3, { since: state.running, ...evidence })]
}

/** Full hours in a row up to now, all of them running. */
function row({ recent, running }: MeterState, length: number, at: Millis, utcOffset: number): Slot[] | undefined {
  const last = recent.slice(-length)
  const now = Math.floor((at + utcOffset * 60_000) / HOURS.length)
  const inRow = last.length === length && last.every(({ n }, i) => n === last[0]!.n + i) && now - last.at(-1)!.n <= 2
  return inRow && running! + utcOffset * 60_000 <= last[0]!.n * HOURS.length ? last : undefined
}

function burst(state: MeterState, { at, deviceId }: Signal, world: World): Evidence | undefined {
  const litres = world.threshold('water.burst-litres', deviceId)
  const hours = litres > 0 ? row(state, BURST_HOURS, at, world.utcOffset) : undefined
  return hours?.every(({ n, amount }) => amount >= litres + usualOf(state, n)) ? told('burst', hours) : undefined
}

function overnight(state: MeterState, { at, deviceId }: Signal, world: World): Evidence | undefined {
  const litres = world.threshold('water.night-litres', deviceId)
  const hours = litres > 0 ? row(state, NIGHT_HOURS, at, world.utcOffset) : undefined
  const isOdd = ({ n, amount }: Slot) => n % 24 < NIGHT_ENDS && isKnown(state.hours[n % 24]!) && amount >= litres + usualOf(state, n)
  return hours?.every(isOdd) ? told('night', hours) : undefined
}

/** Up to here that hour is usual; 0 while it is not known. */
const usualOf = ({ hours }: MeterState, n: number): number => (isKnown(hours[n % 24]!) ? upper(hours[n % 24]!) : 0)

const told = (reason: string, hours: readonly Slot[]): Evidence => ({
  reason,
  hours: hours.length,
  litres: Math.round(hours.reduce((sum, { amount }) => sum + amount, 0)),
})

const DAY_LINE = { water: 'water.day-litres', power: 'power.day-kwh' } as const

/** Much more than usual by now, though the day is not over. */
function checkDay(state: MeterState, signal: SignalOf<'linwang.meter'>, world: World): Finding[] {
  const { quantity } = signal.data as { quantity: Quantity }
  const key = matter(`${quantity}-use`, signal.placeId, 'actual')
  const today = state.now.day
  const over: Finding[] = []
  if (state.much !== undefined && today && today.n > state.much) {
    delete state.much
    over.push({ act: 'clear', key, at: signal.at })
  }
  const more = world.threshold(DAY_LINE[quantity], signal.deviceId)
  const limit = Math.max(upper(state.day), TWICE * state.day.mean, state.day.mean + more)
  if (more === 0 || !today || !isKnown(state.day) || state.much !== undefined || today.amount <= limit) return over
  state.much = today.n
  const evidence = { used: round(today.amount), usualUse: round(state.day.mean), unit: quantity === 'water' ? 'L' : 'kWh' }
  return [...over, raise(signal, key, `${quantity}-use`, 3, evidence)]
}
const round = (value: number) => (value < 20 ? Math.round(value * 10) / 10 : Math.round(value))

function raise(signal: Signal, key: string, kind: 'water-flow' | 'water-use' | 'power-use', priority: 2 | 3, evidence: Evidence): Finding {
  const { placeId, deviceId, at } = signal
  return { act: 'raise', key, kind, priority, status: 'actual', placeId, deviceId, at, evidence, late: isLate(signal) }
}
