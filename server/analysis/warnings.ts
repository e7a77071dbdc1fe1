import type { SignalOf } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import { type Detector, type DetectorOver, NOTHING } from './detector.ts'
import type { WarningInForce } from './warnings-in-force.ts'

interface Standing extends WarningInForce {
  areas: string
  /** identifiers that it stands for: whoever takes one of these back means it too */
  line: string[]
  elsewhere?: true
}
/** What was replaced or taken back, whether or not it was ever seen: it may come later than the message that ended it. */
interface Ended {
  /** when the message that ended it was sent, ms */
  by: Millis
  /** taken back, not replaced */
  cancelled?: true
  /** ms; then forgotten */
  until: Millis
}

/** The warnings of one feed, by `keyOf` their identifiers. Plain JSON. */
export interface WarningState {
  standing: Record<string, Standing>
  ended: Record<string, Ended>
}
/** An identifier is anybody's text: it must not meet what every object inherits. */
const keyOf = (identifier: string) => `:${identifier}`

const HOUR: Millis = 3_600_000
/** A warning that names no end, ms: the offices renew theirs once a day. */
const WITHOUT_END: Millis = 24 * HOUR
/** So long after its end a warning may still come, ms. */
const KEPT: Millis = 7 * 24 * HOUR
const MOST_STANDING = 200
const MOST_ENDED = 2_000
const LONGEST_LINE = 20

/**
 * Which public warnings hold: an update replaces, a cancel takes back (CAP 1.2, 3.2.1 msgType and references), and each ends at its time.
 * Messages come in any order. It raises no alert: a warning is a mark on the wall. What is no actual warning never touches one that is (X1).
 */
export const warnings: DetectorOver<WarningState> = (): Detector<WarningState> => ({
  name: 'warnings',
  types: ['linwang.warning'],
  keyOf: ({ feed, status }) => `${status} ${feed}`,
  start: () => ({ standing: {}, ended: {} }),
  onSignal(state, signal, { now }) {
    if (signal.type === 'linwang.warning') take(state, signal, now)
    return NOTHING
  },
  onTick(state, { now }) {
    drop(state.standing, now)
    drop(state.ended, now)
    return NOTHING
  },
  isBlank: ({ standing, ended }) => Object.keys(standing).length === 0 && Object.keys(ended).length === 0,
})

function take(state: WarningState, signal: SignalOf<'linwang.warning'>, now: Millis) {
  const { data } = signal
  // an acknowledgement and a complaint of another receiver change nothing
  if (data.msgType === 'ack' || data.msgType === 'error') return
  const sent = signal.timeAssumed ? signal.at : signal.time
  const cancels = data.msgType === 'cancel'
  const others = data.references.filter((id) => id !== data.identifier)
  const isTakenBack = others.map(keyOf).some((key) => state.ended[key]?.cancelled && sent <= state.ended[key].by)
  const isKnown = others.map(keyOf).some((key) => state.standing[key] || state.ended[key])
  const ended = cancels ? [...data.references, data.identifier] : others
  const line = ended.flatMap((id) => end(state, id, { by: sent, until: now + KEPT, ...(cancels && { cancelled: true as const }) }))
  if (data.msgType !== 'alert' && !isKnown && (!cancels || others.length === 0)) line.push(...endAlike(state, signal, sent))
  if (!cancels && !isTakenBack) stand(state, standingOf(signal, sent, [...others, ...line]), now)
  trim(state.standing, MOST_STANDING)
  trim(state.ended, MOST_ENDED)
}

/** Unless it was ended before it came, was said anew since, or is past its time. */
function stand(state: WarningState, standing: Standing, now: Millis) {
  const key = keyOf(standing.id)
  const ended = state.ended[key]
  const same = state.standing[key]
  if ((ended && standing.sent <= ended.by) || (same && standing.sent < same.sent) || standing.until <= now) return
  state.standing[key] = standing
}

/** Answers what those that it ended stood for. */
function end(state: WarningState, id: string, how: Ended): string[] {
  const key = keyOf(id)
  const before = state.ended[key]
  const by = Math.max(how.by, before?.by ?? how.by)
  state.ended[key] = { ...how, by, ...((how.cancelled || before?.cancelled) && { cancelled: true as const }) }
  const gone = Object.values(state.standing).filter((one) => one.sent <= how.by && (one.id === id || one.line.includes(id)))
  return remove(state, gone)
}

/** The message that it follows never came: it follows what the same office said before of the same danger for the same areas. */
function endAlike(state: WarningState, { data }: SignalOf<'linwang.warning'>, sent: Millis): string[] {
  if (data.sender === undefined || data.event === '') return []
  const isAlike = (one: Standing) =>
    one.id !== data.identifier && one.sent <= sent && one.sender === data.sender && one.event === data.event && one.areas === areasKey(data)
  const gone = Object.values(state.standing).filter(isAlike)
  return remove(state, gone)
}

function remove(state: WarningState, gone: readonly Standing[]): string[] {
  for (const one of gone) delete state.standing[keyOf(one.id)]
  return gone.flatMap((one) => [one.id, ...one.line])
}

const areasKey = ({ codes, areas }: SignalOf<'linwang.warning'>['data']) => [...(codes ?? areas)].sort().join(' ')

function standingOf({ data, feed, status }: SignalOf<'linwang.warning'>, sent: Millis, line: readonly string[]): Standing {
  const { identifier: id, event, name, headline, colour, sender } = data
  return {
    id,
    feed,
    event,
    headline,
    colour,
    status,
    sent,
    until: data.expires ?? Math.max(sent, data.effective ?? sent) + WITHOUT_END,
    areas: areasKey(data),
    line: [...new Set(line)].slice(-LONGEST_LINE),
    ...(name !== undefined && { name }),
    ...(sender !== undefined && { sender }),
    ...(data.elsewhere && { elsewhere: true as const }),
  }
}

function drop(entries: Record<string, { until: Millis }>, now: Millis) {
  for (const [id, { until }] of Object.entries(entries)) if (until <= now) delete entries[id]
}

/** A sender that floods costs bounded memory and time: what ends first goes first, a tenth of all at once. */
function trim(entries: Record<string, { until: Millis }>, most: number) {
  const count = Object.keys(entries).length
  if (count <= most) return
  const first = Object.entries(entries).sort(([, a], [, b]) => a.until - b.until)
  for (const [key] of first.slice(0, count - Math.floor(most * 0.9))) delete entries[key]
}
