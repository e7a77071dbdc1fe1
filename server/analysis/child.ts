import type { Finding } from '../../shared/finding.ts'
import type { Resident } from '../../shared/person.ts'
import type { Signal, SignalOf } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { type Context, type DetectorOver, NOTHING } from './detector.ts'
import { isHistory, isLate } from './lateness.ts'
import { clockOf, localDay, minuteOfDay, weekday } from './local-time.ts'

/** The last passages of one left-behind child. */
export interface ChildState {
  /** occurrence of the last way out and in, ms */
  out: Millis | null
  in: Millis | null
  /** the gate of the last way out */
  gate: string | null
  /** receipt of the last passage that came late, ms: more of that backlog may be under way */
  backlog?: Millis
  /** how sure the alert is that stands */
  raised: Sureness | null
}
type Sureness = 'sure' | 'unsure'

/** A backlog that has brought nothing for so long is over. */
const BACKLOG_ENDS: Millis = 3_600_000
/** Who leaves the house only after the hour has this long to come back, minutes. */
const ERRAND = 60
const LAST_SCHOOL_DAY = 5

/** A left-behind child that went out today and has not come home by the evening, a later one at the weekend. Keyed by resident. */
export const child: DetectorOver<ChildState> = (world) => {
  const children = new Map(
    world
      .residents()
      .filter(({ categories }) => categories.includes('left-behind-child'))
      .map((resident) => [resident.id, resident]),
  )
  return {
    name: 'child',
    types: ['linwang.passage'],
    keyOf(signal) {
      const id = (signal as SignalOf<'linwang.passage'>).data.residentId
      return id !== undefined && children.has(id) ? id : undefined
    },
    start: () => ({ out: null, in: null, gate: null, raised: null }),
    onSignal(state, signal, context) {
      const resident = children.get((signal as SignalOf<'linwang.passage'>).data.residentId!)
      return resident && isLive(signal, context) ? passed(state, signal as SignalOf<'linwang.passage'>, resident) : NOTHING
    },
    onTick(state, context, key) {
      const resident = children.get(key)
      if (!resident || !isMissed(state, resident, context)) return NOTHING
      const sureness = howSure(state, context)
      return sureness !== null && sureness !== state.raised ? [raise(state, resident, context, sureness)] : NOTHING
    },
  }
}

/**
 * A2: a gate that is not heard may have seen the child come home: then it is a question to the family, no emergency. Nothing is asked
 * while a whole feed is out, or while a backlog is coming in.
 */
function howSure(state: ChildState, { now, isHeard, isFeedOut }: Context): Sureness | null {
  if (isHeard(state.gate!)) return 'sure'
  return isFeedOut(state.gate!) || now - (state.backlog ?? 0) < BACKLOG_ENDS ? null : 'unsure'
}

const isLive = (signal: Signal, { world }: Context) => signal.status === 'actual' && !signal.replay && !isHistory(signal, world)

function passed(state: ChildState, signal: SignalOf<'linwang.passage'>, resident: Resident): readonly Finding[] {
  const { data, at, deviceId } = signal
  if (!data.granted) return NOTHING
  if (isLate(signal)) state.backlog = signal.receivedAt
  if (data.direction === 'out' && at >= (state.out ?? 0)) Object.assign(state, { out: at, gate: deviceId })
  if (data.direction !== 'in') return NOTHING
  state.in = Math.max(at, state.in ?? 0)
  if (state.raised === null || isOut(state)) return NOTHING
  state.raised = null
  return [{ act: 'clear', key: keyOf(resident), at, evidence: { cameAt: at } }]
}

const isOut = (state: ChildState) => state.out !== null && (state.in === null || state.in < state.out)

function isMissed(state: ChildState, resident: Resident, { world, now, awayUntil }: Context): boolean {
  if (state.raised === 'sure' || !isOut(state)) return false
  if ((awayUntil?.(resident.id, state.out!, now) ?? now) > now) return false
  if (localDay(state.out!, world.utcOffset) !== localDay(now, world.utcOffset)) return false
  const minute = minuteOfDay(now, world.utcOffset)
  return minute >= homeBy(state, resident, world) && minute < world.threshold('child.until', resident.id)
}

function homeBy(state: ChildState, resident: Resident, world: World): number {
  const isFree = weekday(state.out!, world.utcOffset) > LAST_SCHOOL_DAY
  const hour = world.threshold(isFree ? 'child.home-by-weekend' : 'child.home-by', resident.id)
  const left = minuteOfDay(state.out!, world.utcOffset)
  return left >= hour ? left + ERRAND : hour
}

/** Keyed by the child, not the flat: two children of one family can be in two places. */
const keyOf = (resident: Resident) => `child-not-home/${resident.id}`

function raise(state: ChildState, resident: Resident, { world, now }: Context, sureness: Sureness): Finding {
  state.raised = sureness
  return {
    act: 'raise',
    key: keyOf(resident),
    kind: 'child-not-home',
    priority: sureness === 'sure' ? 2 : 3,
    status: 'actual',
    placeId: resident.placeId,
    residentId: resident.id,
    deviceId: state.gate!,
    at: now,
    evidence: { outSince: state.out, gate: state.gate, gateHeard: sureness === 'sure', homeBy: clockOf(homeBy(state, resident, world)) },
  }
}
