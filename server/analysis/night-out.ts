import type { Finding } from '../../shared/finding.ts'
import type { Category, Resident } from '../../shared/person.ts'
import type { SignalOf } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { type Context, type DetectorOver, NOTHING } from './detector.ts'
import { type Home, isOwnUnit, surveyHomes } from './homes.ts'
import { hourOfDay } from './local-time.ts'
import { isKnown, isUsual, type NightHabits, noteNight } from './night-habits.ts'
import { isHeardSince } from './proof.ts'
import { isRecent, isSettled, noteLateness, type Settling, tellsOfPeople } from './settling.ts'
import { strainOn, tightening } from './strain.ts'

/** The way out of one person by night. Plain JSON. */
export interface NightOutState extends Settling {
  /** under way, or unanswered; `by` is the gate, or the flat's own door */
  out: { at: Millis; by: string; door: boolean } | null
  raised: boolean
  habits: NightHabits
  /** what the door's contact said last */
  doorOpen?: boolean
  /** motion sensors that still see somebody */
  seen: string[]
}

/** Whose walk by night is asked after. */
const WATCHED: readonly Category[] = ['living-alone', 'elder', 'left-behind-child', 'disabled']

const MINUTE: Millis = 60_000
/** Whoever leaves is seen by the sensor at the door for so long. */
const DOORWAY: Millis = MINUTE
/** After so long it is no longer a matter of the night: presence asks after a long absence. */
const NIGHT_IS_OVER: Millis = 6 * 60 * MINUTE

/**
 * Somebody of the care categories who leaves at an hour of the night at which they never do, and is not back within minutes: by a gate that
 * knows them, or, alone at home, by the own door when nothing moves inside any more. Keyed by resident.
 */
export const nightOut: DetectorOver<NightOutState> = (world) => {
  const watched = new Map(world.residents().flatMap((one) => (one.categories.some((own) => WATCHED.includes(own)) ? [[one.id, one]] : [])))
  const homes = surveyHomes(world)
  return {
    name: 'night-out',
    types: ['linwang.passage', 'linwang.contact', 'linwang.motion'],
    keyOf(signal) {
      if (signal.type !== 'linwang.passage') return homes.byFlat.get(signal.placeId)?.resident.id
      const id = signal.data.residentId
      return id !== undefined && watched.has(id) ? id : undefined
    },
    start: () => ({ out: null, raised: false, habits: { nights: [] }, seen: [] }),
    onSignal(state, signal, context) {
      if (!tellsOfPeople(signal)) return NOTHING
      if (signal.type === 'linwang.passage') return passed(state, signal, watched.get(signal.data.residentId!)!, context)
      const home = homes.byFlat.get(signal.placeId)!
      if (!isRecent(signal, world)) return NOTHING
      noteLateness(state, signal)
      if (signal.type === 'linwang.motion') return moved(state, signal, home)
      if (signal.type === 'linwang.contact') opened(state, signal, home, world)
      return NOTHING
    },
    onTick(state, context, key) {
      const resident = watched.get(key)
      return state.out && !state.raised && resident ? ask(state, resident, homes.byResident.get(key), context) : NOTHING
    },
  }
}

function isNight(at: Millis, { id }: Resident, world: World): boolean {
  const [hour, from, to] = [hourOfDay(at, world.utcOffset), world.threshold('night-out.from', id), world.threshold('night-out.to', id)]
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to
}

/** Habits reach over the borders of the night. */
const isAboutNight = (at: Millis, resident: Resident, world: World) =>
  [-1, 0, 1].some((hours) => isNight(at + hours * 60 * MINUTE, resident, world))

function passed(state: NightOutState, signal: SignalOf<'linwang.passage'>, resident: Resident, { world }: Context): readonly Finding[] {
  const { at, data, deviceId } = signal
  if (!data.granted) return NOTHING
  const leaves = data.direction === 'out' && isNight(at, resident, world)
  state.habits.first = Math.min(at, state.habits.first ?? at)
  if (data.direction === 'out' && isAboutNight(at, resident, world)) noteNight(state.habits, at, world.utcOffset)
  if (!isRecent(signal, world)) return NOTHING
  noteLateness(state, signal)
  if (data.direction !== 'out') return back(state, at, resident)
  const found = isOwnUnit(signal.placeId, resident.placeId, world.places) ? back(state, at - LONGER_THAN_THE_STAIRS, resident) : NOTHING
  if (leaves && at >= (state.out?.at ?? 0)) state.out = { at: state.out?.at ?? at, by: deviceId, door: false }
  return found
}
/** Whoever leaves the house again has come back unseen since; the way down from the own door is none. */
const LONGER_THAN_THE_STAIRS: Millis = 10 * MINUTE

function opened(state: NightOutState, { at, data, deviceId }: SignalOf<'linwang.contact'>, home: Home, world: World) {
  if (data.open === (state.doorOpen ?? false)) return
  state.doorOpen = data.open
  if (!data.open || home.motions.length === 0 || !isNight(at, home.resident, world)) return
  if (!state.raised && (state.out === null || (state.out.door && at > state.out.at))) state.out = { at, by: deviceId, door: true }
}

function moved(state: NightOutState, { at, data, deviceId }: SignalOf<'linwang.motion'>, { resident }: Home): readonly Finding[] {
  state.seen = state.seen.filter((id) => id !== deviceId)
  if (!data.occupied) return NOTHING
  state.seen.push(deviceId)
  return state.out ? back(state, state.out.door ? at - DOORWAY : at, resident) : NOTHING
}

/** Known to be inside again, or to have been, after `at`. */
function back(state: NightOutState, at: Millis, resident: Resident): readonly Finding[] {
  if (state.out === null || at <= state.out.at) return NOTHING
  state.out = null
  if (!state.raised) return NOTHING
  state.raised = false
  return [{ act: 'clear', key: keyOf(resident), at, evidence: { cameAt: at } }]
}

function ask(state: NightOutState, resident: Resident, home: Home | undefined, context: Context): readonly Finding[] {
  const { world, now, awayUntil } = context
  const out = state.out!
  // announced: a night train, a hospital
  if (awayUntil?.(resident.id, out.at, now) !== undefined) state.out = null
  if (state.out === null) return NOTHING
  const minutes = world.threshold('night-out.minutes', resident.id) * tightening(strainOn(resident, context))
  if (minutes === 0 || now - out.at < minutes * MINUTE || !isSettled(state, now)) return NOTHING
  const heard = out.door ? isHomeHeard(home, out.at, context) : isWayHeard(out, resident, context)
  const wasHome = out.door && state.seen.length > 0
  if (now - out.at > NIGHT_IS_OVER || wasHome || isUsual(state.habits, out.at, world.utcOffset)) state.out = null
  if (state.out === null || !heard) return NOTHING
  if (out.door) noteNight(state.habits, out.at, world.utcOffset)
  return [raise(state, out, resident, context)]
}

/** A2: every gate that would have seen the way home, since the way out. */
function isWayHeard({ at, by }: { at: Millis; by: string }, resident: Resident, context: Context): boolean {
  const unit = context.world.places.nearest(resident.placeId, 'unit')
  const own = unit ? context.world.devicesAt(unit.id).filter(({ kind }) => kind === 'gate') : []
  return [by, ...own.map(({ id }) => id)].every((id) => isHeardSince(id, at, context) || context.lastHeard(id) === undefined)
}

/** A2: without the gate it is the stillness inside that tells, so every sensor must have been heard. */
const isHomeHeard = (home: Home | undefined, at: Millis, context: Context): boolean =>
  home !== undefined && [...home.motions, ...home.doors].every((id) => isHeardSince(id, at, context))

const keyOf = (resident: Resident) => `night-out/${resident.id}`

function raise(state: NightOutState, { at, by, door }: NonNullable<NightOutState['out']>, resident: Resident, context: Context): Finding {
  const { now } = context
  const strained = strainOn(resident, context)
  state.raised = true
  return {
    act: 'raise',
    key: keyOf(resident),
    kind: 'night-out',
    priority: 2,
    status: 'actual',
    placeId: resident.placeId,
    residentId: resident.id,
    deviceId: by,
    at: now,
    evidence: {
      since: at,
      outMinutes: Math.floor((now - at) / MINUTE),
      by: door ? 'door' : 'gate',
      usuallyHome: isKnown(state.habits, now) || null,
      ...(strained && { strain: strained.kind }),
    },
  }
}
