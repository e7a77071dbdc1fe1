import type { Finding } from '../../shared/finding.ts'
import type { Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import { endAlarms, isFoundSpecial, judgeAlarms, noteAlarm } from './alarms.ts'
import { type Context, type DetectorOver, NOTHING } from './detector.ts'
import { type Home, sensorsOf, surveyHomes } from './homes.ts'
import { complete, type InactivityState, newInactivity } from './inactivity-state.ts'
import { isHistory } from './lateness.ts'
import { settle } from './presence.ts'
import { drawLines, hearPast, hearSign, NEVER } from './quiet/model.ts'
import { checkReturn } from './return.ts'
import { digest, turnTo, unhear, watch } from './rhythm.ts'
import { pastSign, takeSign, teachSign } from './signs-of-life.ts'
import { isTooSilent, keyOfSilence, raiseSilence } from './too-silent.ts'
import { checkWelfare } from './welfare.ts'

/**
 * A person living alone who has not stirred, or has not come back: by the line that the home's own silences have taught, and by plain
 * timers until they have. Keyed by resident.
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
      turnTo(complete(state).rhythm, context.now, world.utcOffset)
      if (!isHistory(signal, world)) return stirred(state, signal, home, context)
      teachSign(state, signal, world)
      const sign = pastSign(signal)
      if (sign) hearPast(state.quiet, sign, world.utcOffset)
      return NOTHING
    },
    onTick(state, context, key) {
      const home = homes.byResident.get(key)
      return home ? lookIn(complete(state), home, context) : NOTHING
    },
    stamp,
    judged: {
      keyOf: ({ residentId }) => residentId,
      take: (state, alert) => judgeAlarms(complete(state), alert, world.utcOffset),
    },
  }
}

const keyHolder = (signal: Signal, byFlat: ReadonlyMap<string, Home>): string =>
  signal.type === 'linwang.passage' ? signal.data.residentId! : byFlat.get(signal.placeId)!.resident.id

function stirred(state: InactivityState, signal: Signal, home: Home, context: Context): readonly Finding[] {
  const { world } = context
  if (state.heardSince === null) listen(state, home, context)
  const before = state.moved ?? 0
  if (!takeSign(state, signal, home, world)) return NOTHING
  // by the first sign of a day: a silence that lasts over midnight keeps the line that it began with
  drawLines(state.quiet, signal.at, world.utcOffset, rateFor(home, context))
  learn(state, signal, home, context)
  if (!state.silent || signal.at <= before) return NOTHING
  state.silent = false
  return [{ act: 'clear', key: keyOfSilence(home), at: signal.at, evidence: { stirredAt: signal.at, by: signal.type } }]
}

function learn(state: InactivityState, { at }: Signal, { resident }: Home, { world, awayUntil }: Context) {
  const { quiet, where } = state
  const heardSince = state.sparse && state.unread ? null : state.heardSince
  state.unread = false
  if (quiet.last !== null && at <= quiet.last.at) return
  const away = quiet.last !== null && awayUntil?.(resident.id, quiet.last.at, at) !== undefined
  const circumstances = { utcOffset: world.utcOffset, heardSince, away, isSpecial: isFoundSpecial(state) }
  endAlarms(state, hearSign(quiet, { at, after: where.presence === 'home' ? 'home' : 'door' }, circumstances))
}

function lookIn(state: InactivityState, home: Home, context: Context): readonly Finding[] {
  const { world, now } = context
  turnTo(state.rhythm, now, world.utcOffset)
  digest(state.rhythm, now)
  listen(state, home, context)
  const heard = state.heardSince !== null
  settle(state.where, now, heard)
  watch(state.rhythm, now, world.utcOffset, !heard)
  if (state.blindSince !== null) unhear(state.rhythm, state.blindSince, now, world.utcOffset)
  // people's word on an alarm has them drawn anew
  if (!hasLines(state) || state.quiet.drawn === NEVER)
    drawLines(state.quiet, now, world.utcOffset, rateFor(home, context), minuteOf(home.resident.id))
  const others = [...checkReturn(state, home, context), ...checkWelfare(state, home, context)]
  if (state.silent || !isTooSilent(state, home, context)) return others
  state.silent = true
  noteAlarm(state, 'inactivity', now)
  return [raiseSilence(state, home, context), ...others]
}

const rateFor = ({ resident }: Home, { world }: Context) => world.threshold('inactivity.false-per-week', resident.id)
const hasLines = ({ quiet: { lines } }: InactivityState) => lines.home !== undefined || lines.door !== undefined

/** ms after midnight at which the first lines are drawn, be there a sign or not: by the home's name, for ten thousand must not come at once. */
function minuteOf(id: string): Millis {
  let hash = 0
  for (let n = 0; n < id.length; n++) hash = (Math.imul(hash, 31) + id.charCodeAt(n)) >>> 0
  return (hash % 1440) * 60_000
}

/** What a tick may change. */
const stamp = ({ rhythm, quiet, where, ...state }: InactivityState) =>
  [
    rhythm.day,
    rhythm.days,
    rhythm.past === undefined,
    // what one tick changes of the day all goes one way; a list of it, each minute in ten thousand homes, would cost more than the tick
    rhythm.today.reduce((sum, count, n) => sum + count * (n + 1), 0),
    quiet?.drawn,
    where.presence,
    where.since,
    state.heardSince,
    state.blindSince,
    state.sparse,
    state.silent,
    state.missed,
    state.welfare,
  ].join()

/**
 * A2: which sensors of the home can be relied on. One that was never heard is not there yet; of the others all must be heard. Where no
 * sensor sees motion the water meter has to do.
 */
function listen(state: InactivityState, home: Home, context: Context) {
  const wasHeard = (id: string) => context.lastHeard(id) !== undefined
  state.sparse = !home.motions.some(wasHeard)
  const sensors = sensorsOf(home, state.sparse).filter(wasHeard)
  let mute: Millis | null = null
  let since: Millis = 0
  for (const id of sensors) {
    const last = context.lastHeard(id)!
    since = Math.max(since, context.heardSince(id) ?? context.now)
    if (!context.isHeard(id)) mute = Math.min(mute ?? last, last)
  }
  state.blindSince = mute
  if (mute !== null || sensors.length === 0) state.heardSince = null
  else state.heardSince ??= since
}
