import type { Alert, VerdictCode } from '../../shared/alert.ts'
import type { Millis } from '../../shared/status.ts'
import { judgeSilence, type Quiet, type Silence } from './quiet/model.ts'

/** A silence for which people were called: what they found it to be says whether it was an ordinary one. Plain JSON. */
export interface Alarm {
  kind: 'inactivity' | 'not-returned'
  /** when it was raised */
  at: Millis
  /** once it has ended; null: in a way that teaches nothing */
  silence?: Silence | null
  verdict?: VerdictCode
}
interface Alarmed {
  quiet: Quiet
  alarms: Alarm[]
}
/** The last ones, which somebody may still judge. */
const KEPT = 8

export function noteAlarm(state: Alarmed, kind: Alarm['kind'], at: Millis) {
  state.alarms = [...state.alarms, { kind, at }].slice(-KEPT)
}

/** Without a verdict a silence that ended by itself was an ordinary one: most alarms are false, and few are judged. */
const isOrdinary = ({ verdict }: Pick<Alarm, 'verdict'>) => verdict === undefined || verdict === 'false'
const isStanding = ({ silence }: Alarm) => silence === undefined

/** Whether people have found already that the silence which ends now was none of the ordinary ones. */
export const isFoundSpecial = ({ alarms }: Pick<Alarmed, 'alarms'>): boolean =>
  alarms.some((alarm) => isStanding(alarm) && !isOrdinary(alarm))

export function endAlarms(state: Alarmed, silence: Silence | undefined) {
  if (state.alarms.some(isStanding))
    state.alarms = state.alarms.map((alarm) => (isStanding(alarm) ? { ...alarm, silence: silence ?? null } : alarm))
}

/** The verdict on an alert holds for every silence that it told of; a later one takes back what the one before it did. */
export function judgeAlarms(state: Alarmed, { kind, raisedAt, lastAt, verdict }: Alert, utcOffset: number) {
  const isMeant = (alarm: Alarm) => alarm.kind === kind && alarm.at >= raisedAt && alarm.at <= lastAt
  state.alarms = state.alarms.map((before) => {
    if (!verdict || !isMeant(before)) return before
    const alarm = { ...before, verdict: verdict.verdict }
    if (alarm.silence && isOrdinary(alarm) !== isOrdinary(before)) judgeSilence(state.quiet, alarm.silence, isOrdinary(alarm), utcOffset)
    return alarm
  })
}
