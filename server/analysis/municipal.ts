import type { Finding } from '../../shared/finding.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { type Context, type DetectorOver, NOTHING } from './detector.ts'
import { type Home, mayCall, surveyHomes } from './homes.ts'
import { inBase, type Reading } from './meter-slots.ts'
import { isHeardSince } from './proof.ts'
import { isRecent, isSettled, noteLateness, type Settling, tellsOfPeople } from './settling.ts'

/** What the rules of the city look at in one home. Plain JSON. */
export interface MunicipalState extends Settling {
  meter?: string
  /** a reading for each half hour at most, and the last one, over a little more than a day */
  readings: Reading[]
  /** the door's contact opened last, ms, and what it says */
  opened?: Millis
  open?: boolean
  raised: Rule[]
}
type Rule = 'water-12h' | 'water-24h' | 'door'

const HOUR: Millis = 3_600_000
const HALF_HOUR: Millis = HOUR / 2
const KEPT: Millis = 26 * HOUR
/** A meter that has not reported for so long cannot say that nothing ran, whatever its kind's patience. */
const FRESH: Millis = 2 * HOUR

/**
 * The plain rules by which cities look after people living alone: under so many litres within 12 or 24 hours, and no door for so many hours.
 * Each is off until its threshold is set, since they call often and late: the learned model is the house's own rule. Keyed by resident.
 */
export const municipal: DetectorOver<MunicipalState> = (world) => {
  const homes = surveyHomes(world)
  // a home for which no rule is on costs nothing
  const isAsked = (home: Home) => RULES.some((rule) => limitOf(rule, home, world) > 0)
  const asked = new Map([...homes.byFlat].filter(([, home]) => isAsked(home)))
  return {
    name: 'municipal',
    types: ['linwang.meter', 'linwang.contact'],
    keyOf: ({ placeId }) => asked.get(placeId)?.resident.id,
    start: () => ({ readings: [], raised: [] }),
    onSignal(state, signal) {
      if (!tellsOfPeople(signal) || !isRecent(signal, world)) return NOTHING
      noteLateness(state, signal)
      if (signal.type === 'linwang.contact') {
        if (signal.data.open && !state.open) state.opened = Math.max(signal.at, state.opened ?? 0)
        state.open = signal.data.open
      }
      if (signal.type !== 'linwang.meter' || signal.data.quantity !== 'water') return NOTHING
      const value = inBase('water', signal.data.reading, signal.data.unit)
      if (value !== undefined) note(state, { at: signal.at, value }, signal.deviceId)
      return NOTHING
    },
    onTick(state, context, key) {
      const home = homes.byResident.get(key)
      return home ? RULES.flatMap((rule) => look(rule, state, home, context)) : NOTHING
    },
  }
}

/** A changed meter, or one that runs backwards, begins anew; what comes out of order is in the next reading anyhow. */
function note(state: MunicipalState, reading: Reading, meter: string) {
  const last = state.readings.at(-1)
  if (last && reading.at <= last.at) return
  if (last && (reading.value < last.value || state.meter !== meter)) state.readings = []
  state.meter = meter
  const before = state.readings.at(-2)
  if (before && last && last.at - before.at < HALF_HOUR) state.readings.pop()
  state.readings.push(reading)
  while (state.readings.length > 1 && state.readings[1]!.at <= reading.at - KEPT) state.readings.shift()
}

type Evidence = Extract<Finding, { act: 'raise' }>['evidence']

interface Look {
  name: Rule
  threshold: string
  /** that it looks back on; absent: its limit */
  hours?: number
  kind: 'low-water' | 'no-door'
  /** why it holds now; null: it does not; undefined: it cannot be known */
  find(state: MunicipalState, home: Home, context: Context, limit: number): Evidence | null | undefined
}

const water = (hours: 12 | 24): Look => ({
  name: `water-${hours}h`,
  threshold: `municipal.water-${hours}h-litres`,
  kind: 'low-water',
  hours,
  find({ readings, meter }, _home, context, limit) {
    const from = context.now - hours * HOUR
    const base = readings.findLast(({ at }) => at <= from)
    if (!base || !isMeterHeard(meter!, base.at, context)) return undefined
    const litres = readings.at(-1)!.value - base.value
    return litres < limit ? { hours, litres: Math.round(litres * 10) / 10, limit } : null
  },
})

const RULES: readonly Look[] = [
  water(12),
  water(24),
  {
    name: 'door',
    threshold: 'municipal.door-hours',
    kind: 'no-door',
    find({ opened }, { doors }, context, hours) {
      const from = context.now - hours * HOUR
      if (doors.length === 0 || !doors.every((id) => isHeardSince(id, from, context))) return undefined
      return (opened ?? 0) <= from ? { hours, lastDoor: opened ?? null } : null
    },
  },
]

/** A2 */
const isMeterHeard = (id: string, from: Millis, context: Context): boolean =>
  isHeardSince(id, from, context) && context.now - context.lastHeard(id)! <= FRESH

function look(rule: Look, state: MunicipalState, home: Home, context: Context): readonly Finding[] {
  const limit = limitOf(rule, home, context.world)
  const evidence = limit > 0 && !isAway(rule, limit, home, context) ? rule.find(state, home, context, limit) : null
  const isRaised = state.raised.includes(rule.name)
  if (evidence && !isRaised && isSettled(state, context.now) && mayCall(home, context.world, context.now)) {
    state.raised.push(rule.name)
    return [raise(rule, home, context.now, evidence)]
  }
  // no alert is closed by silence
  if (!isRaised || evidence !== null) return NOTHING
  state.raised = state.raised.filter((name) => name !== rule.name)
  return [{ act: 'clear', key: keyOf(rule, home), at: context.now }]
}

/** Announced to be away in any of the hours that the rule looks back on: nobody was there to draw water. */
const isAway = ({ hours }: Look, limit: number, { resident }: Home, { now, awayUntil }: Context): boolean =>
  awayUntil?.(resident.id, now - (hours ?? limit) * HOUR, now) !== undefined

const limitOf = ({ threshold }: Look, { resident }: Home, world: World): number => world.threshold(threshold, resident.id)
const keyOf = ({ name }: Look, { flat }: Home) => `municipal-${name}/${flat}`

const raise = (rule: Look, home: Home, at: Millis, evidence: Evidence): Finding => ({
  act: 'raise',
  key: keyOf(rule, home),
  kind: rule.kind,
  priority: 3,
  status: 'actual',
  placeId: home.flat,
  residentId: home.resident.id,
  at,
  evidence,
})
