import type { Finding } from '../../shared/finding.ts'
import type { Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import { type Context, type DetectorOver, NOTHING } from './detector.ts'
import { type Home, mayCall, surveyHomes } from './homes.ts'
import { type InactivityState, newInactivity, silenceFrom } from './inactivity-state.ts'
import { isHistory, matter } from './lateness.ts'
import { settle } from './presence.ts'
import { digest, startOfDay, turnTo, usualBy, watch } from './rhythm.ts'
import { takeSign, teachSign } from './signs-of-life.ts'
import { checkWelfare } from './welfare.ts'

const HOUR: Millis = 3_600_000
/** A silence that began before the day counts from its morning, or in full once it is so many times as long: a night's sleep is none. */
const NIGHT_FACTOR = 3

/**
 * A person living alone who has not stirred: a plain timer over the hours at home, until a learned model takes its place behind the same
 * contract. Keyed by resident.
 */
export const inactivity: DetectorOver<InactivityState> = (world) => {
  const homes = surveyHomes(world)
  return {
    name: 'inactivity',
    types: ['linwang.motion', 'linwang.contact', 'linwang.passage', 'linwang.help', 'linwang.meter'],
    keyOf(signal) {
      if (signal.type !== 'linwang.passage') return homes.byFlat.get(signal.placeId)?.resident.id
      const id = signal.data.residentId
      return id !== undefined && homes.byResident.has(id) ? id : undefined
    },
    seeds: () => homes.byResident.keys(),
    start: newInactivity,
    // a drill and a replayed state say nothing of how the person is now
    onSignal(state, signal, context) {
      const home = homes.byResident.get(keyHolder(signal, homes.byFlat))
      if (!home || signal.status !== 'actual' || signal.replay) return NOTHING
      turnTo(state.rhythm, context.now, world.utcOffset)
      if (!isHistory(signal, world)) return stirred(state, signal, home, context)
      teachSign(state, signal, world)
      return NOTHING
    },
    onTick(state, context, key) {
      const home = homes.byResident.get(key)
      return home ? lookIn(state, home, context) : NOTHING
    },
  }
}

const keyHolder = (signal: Signal, byFlat: ReadonlyMap<string, Home>): string =>
  signal.type === 'linwang.passage' ? signal.data.residentId! : byFlat.get(signal.placeId)!.resident.id

function stirred(state: InactivityState, signal: Signal, home: Home, context: Context): readonly Finding[] {
  const { world } = context
  if (state.heardSince === null) listen(state, home, context)
  const before = state.moved ?? 0
  if (!takeSign(state, signal, home, world) || !state.silent || signal.at <= before) return NOTHING
  state.silent = false
  return [{ act: 'clear', key: keyOfSilence(home), at: signal.at, evidence: { stirredAt: signal.at, by: signal.type } }]
}

function lookIn(state: InactivityState, home: Home, context: Context): readonly Finding[] {
  const { world, now } = context
  turnTo(state.rhythm, now, world.utcOffset)
  digest(state.rhythm, now)
  listen(state, home, context)
  const heard = state.heardSince !== null
  settle(state.where, now, heard)
  watch(state.rhythm, now, world.utcOffset, !heard)
  const welfare = checkWelfare(state, home, context)
  return isSilent(state, home, context) ? [raise(state, home, context), ...welfare] : welfare
}

/** A2: which sensors of the home can be relied on. One that was never heard is not there yet; of the others all must be heard. */
function listen(state: InactivityState, home: Home, context: Context) {
  let motions = 0
  let mute: Millis | null = null
  let since: Millis = 0
  for (const id of home.motions) if (context.lastHeard(id) !== undefined) motions++
  for (const list of [home.motions, home.doors]) {
    for (const id of list) {
      const last = context.lastHeard(id)
      if (last !== undefined) since = Math.max(since, context.heardSince(id) ?? context.now)
      if (last !== undefined && !context.isHeard(id)) mute = Math.min(mute ?? last, last)
    }
  }
  state.blindSince = mute
  if (mute !== null || motions === 0) state.heardSince = null
  else state.heardSince ??= since
}

function isSilent(state: InactivityState, home: Home, { world, now }: Context): boolean {
  const from = silenceFrom(state)
  if (state.silent || from === null || state.where.presence !== 'home') return false
  const hours = world.threshold('inactivity.hours', home.resident.id)
  const morning = startOfDay(state.rhythm, world.utcOffset) + world.threshold('inactivity.from', home.resident.id) * HOUR
  return mayCall(home, world, now) && (now - Math.max(from, morning) >= hours * HOUR || now - from >= NIGHT_FACTOR * hours * HOUR)
}

const keyOfSilence = (home: Home) => matter('inactivity', home.flat, 'actual')

function raise(state: InactivityState, home: Home, { world, now }: Context): Finding {
  state.silent = true
  const since = state.moved!
  return {
    act: 'raise',
    key: keyOfSilence(home),
    kind: 'inactivity',
    priority: 1,
    status: 'actual',
    placeId: home.flat,
    residentId: home.resident.id,
    at: now,
    evidence: {
      silentMinutes: Math.floor((now - since) / 60_000),
      since,
      lastDoor: state.door,
      usualBy: usualBy(state.rhythm),
      hours: world.threshold('inactivity.hours', home.resident.id),
    },
  }
}
