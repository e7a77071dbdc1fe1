import type { Finding } from '../../shared/finding.ts'
import type { Resident } from '../../shared/person.ts'
import type { SignalOf } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { type Context, type DetectorOver, NOTHING } from './detector.ts'
import { minuteOfDay } from './local-time.ts'
import { isHeardSince } from './proof.ts'
import { isRecent, isSettled, noteLateness, type Settling, tellsOfPeople } from './settling.ts'

/** Who of the family of a left-behind child is out. Plain JSON. */
export interface ChildAloneState extends Settling {
  people: Record<string, Ways>
  raised: boolean
}
/** The ways of one person, and how far the gates can be trusted to see both of them. */
interface Ways {
  out: boolean
  at: Millis
  gate: string
  /** told too late to say where somebody is (I4) */
  old?: true
  /** ways out that were followed by one in, and those that were not: decayed */
  returned: number
  unseen: number
}

interface Family {
  children: readonly Resident[]
  grownUps: readonly Resident[]
}

const MINUTE: Millis = 60_000
const GROWN_UP = 16
const YEAR: Millis = 365.25 * 86_400_000
/** Whoever comes in behind somebody else is not seen: so many returns must be known, and so few missed, before a way out says "out". */
const ENOUGH_RETURNS = 5
const MISSED = 0.2
const FADES = 0.95

/** A left-behind child that came home while every grown-up of the flat is out in the night. Keyed by flat. */
export const childAlone: DetectorOver<ChildAloneState> = (world) => {
  const families = surveyFamilies(world)
  const flatOf = (signal: SignalOf<'linwang.passage'>) => world.resident(signal.data.residentId ?? '')?.placeId
  return {
    name: 'child-alone',
    types: ['linwang.passage'],
    keyOf(signal) {
      const flat = flatOf(signal as SignalOf<'linwang.passage'>)
      return flat !== undefined && families.has(flat) ? flat : undefined
    },
    start: () => ({ people: {}, raised: false }),
    onSignal(state, signal, context) {
      if (signal.type !== 'linwang.passage' || !signal.data.granted || !tellsOfPeople(signal)) return NOTHING
      noteLateness(state, signal)
      const family = families.get(flatOf(signal)!)!
      take(state, signal, !isRecent(signal, world))
      return state.raised && !isAlone(state, family, context) ? [clear(state, family, signal.at)] : NOTHING
    },
    onTick(state, context, key) {
      const family = families.get(key)
      return family && !state.raised && isDue(state, family, context) ? [raise(state, family, context)] : NOTHING
    },
  }
}

function surveyFamilies(world: World): ReadonlyMap<string, Family> {
  const children = world.residents().filter(({ categories }) => categories.includes('left-behind-child'))
  return new Map(
    [...Map.groupBy(children, ({ placeId }) => placeId)].map(([flat, own]) => {
      return [flat, { children: own, grownUps: world.residentsAt(flat).filter((one) => !own.includes(one)) }]
    }),
  )
}

/** History teaches how far the gates see the family's ways; it says nothing of where they are (I4). */
function take(state: ChildAloneState, { data, at, deviceId }: SignalOf<'linwang.passage'>, old: boolean) {
  if (data.direction === 'unknown') return
  const out = data.direction === 'out'
  const before = state.people[data.residentId!]
  const ways = before ?? { out: false, at: 0, gate: deviceId, returned: 0, unseen: 0 }
  state.people[data.residentId!] = ways
  if (before && at < before.at) return
  // the estate's gate after the unit's is the same way
  if (before?.out && out && at - before.at < SAME_WAY) return
  if (before?.out) {
    ways.returned = round(ways.returned * FADES + (out ? 0 : 1))
    ways.unseen = round(ways.unseen * FADES + (out ? 1 : 0))
  }
  Object.assign(ways, { out, at, gate: deviceId, old: old || undefined })
}
const SAME_WAY: Millis = 20 * MINUTE
const round = (value: number) => Math.round(value * 100) / 100

const isSeen = ({ returned, unseen }: Ways) => returned >= ENOUGH_RETURNS * FADES ** 4 && unseen <= MISSED * (returned + unseen)

function isAlone(state: ChildAloneState, { children, grownUps }: Family, { now, awayUntil }: Context): boolean {
  const ageOf = ({ birthDate }: Resident) => (now - Date.parse(birthDate)) / YEAR
  const grown = grownUps.filter((one) => !(ageOf(one) < GROWN_UP))
  const isHere = (id: string, { out, old, at }: Ways) => !out && !old && awayUntil?.(id, at, now) === undefined
  const home = children.some(({ id }) => state.people[id] && isHere(id, state.people[id]))
  const away = (ways: Ways | undefined) => ways?.out === true && !ways.old && isSeen(ways) && now - ways.at < STALE
  return home && grown.length > 0 && grown.every(({ id }) => away(state.people[id]))
}
/** After so long it is more likely that nobody saw the way in. */
const STALE: Millis = 7 * 24 * 60 * MINUTE

function isDue(state: ChildAloneState, family: Family, context: Context): boolean {
  const { world, now } = context
  const { id } = family.children[0]!
  const [minutes, from, until] = ['minutes', 'from', 'until'].map((name) => world.threshold(`child.alone-${name}`, id)) as [
    number,
    number,
    number,
  ]
  const minute = minuteOfDay(now, world.utcOffset)
  const isNight = from <= until ? minute >= from && minute < until : minute >= from || minute < until
  if (minutes === 0 || !isNight || !isSettled(state, now) || !isAlone(state, family, context)) return false
  const evening = now - ((minute - from + 1440) % 1440) * MINUTE
  return now - Math.max(aloneSince(state, family), evening) >= minutes * MINUTE && isHeard(state, context)
}

const aloneSince = (state: ChildAloneState, { grownUps }: Family): Millis =>
  Math.max(...grownUps.flatMap(({ id }) => (state.people[id]?.out ? [state.people[id].at] : [])))

/** A2: a gate that is not heard, or was not all the while, may have seen somebody come home. */
const isHeard = ({ people }: ChildAloneState, context: Context): boolean =>
  Object.values(people).every(({ out, gate, at }) => !out || isHeardSince(gate, at, context))

const keyOf = ({ children }: Family) => `child-alone/${children[0]!.placeId}`

function clear(state: ChildAloneState, family: Family, at: Millis): Finding {
  state.raised = false
  return { act: 'clear', key: keyOf(family), at, evidence: { cameAt: at } }
}

function raise(state: ChildAloneState, family: Family, { now }: Context): Finding {
  state.raised = true
  const child = family.children.find(({ id }) => state.people[id]?.out === false)!
  const since = aloneSince(state, family)
  return {
    act: 'raise',
    key: keyOf(family),
    kind: 'child-alone',
    priority: 2,
    status: 'actual',
    placeId: child.placeId,
    residentId: child.id,
    at: now,
    evidence: { since, aloneMinutes: Math.floor((now - since) / MINUTE), grownUps: family.grownUps.length },
  }
}
