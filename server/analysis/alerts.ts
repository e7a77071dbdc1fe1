import type { Alert } from '../../shared/alert.ts'
import type { Finding } from '../../shared/finding.ts'
import type { World } from '../../shared/world.ts'
import type { AlertChange, Work } from '../work.ts'
import { alertChange, moveAlert } from './alert-changes.ts'
import { heldBack, letGo } from './held-back.ts'

type Raise = Extract<Finding, { act: 'raise' }>
const SYSTEM = 'system'
const MINUTE = 60_000

/** What detectors found becomes alerts: one for each matter (A4). The findings of one signal or batch, in order. */
export function applyFindings(work: Work, findings: readonly Finding[]): AlertChange[] {
  if (findings.length === 0) return []
  const find = finder(work)
  const changes: AlertChange[] = []
  for (const finding of findings) {
    const found = apply(work, finding, find(finding.key))
    if (!found) continue
    const change = heldBack(work, letGo(work, found))
    work.alerts.put(change.alert)
    changes.push(change)
  }
  return changes
}

/** The youngest alert of a matter: from the shelf's index, or by looking through the open ones once. */
function finder(work: Work): (key: string) => Alert | undefined {
  if (work.alerts.latest) return (key) => work.alerts.latest!(key)
  return (key) => {
    let found: Alert | undefined
    for (const alert of work.alerts.open()) if (alert.key === key) found = alert
    return found
  }
}

function apply(work: Work, finding: Finding, alert: Alert | undefined): AlertChange | undefined {
  if (finding.act === 'raise') {
    if (!alert || !isSameMatter(alert, work)) return raised(work, finding)
    return isToldAgain(alert, finding) ? undefined : again(work, alert, finding)
  }
  if (!alert || alert.state === 'normal') return undefined
  return finding.act === 'clear' ? cleared(work, alert, finding) : noted(alert, finding)
}

/** The sender repeats itself, and there is nothing new in it. One that is over begins anew, unless it was but a moment. */
const isToldAgain = (alert: Alert, { repeat, priority }: Raise) =>
  repeat !== undefined && priority >= alert.priority && (alert.active || repeat === 'moment')

/** Open, or so short a time normal that it is flapping. */
const isSameMatter = (alert: Alert, work: Work) =>
  alert.state !== 'normal' || work.now - (alert.steps.at(-1)?.at ?? alert.lastAt) < rejoinMinutes(alert.kind, work.world) * MINUTE

function rejoinMinutes(kind: string, world: World): number {
  if (kind === 'help') return world.threshold('help.rearm-minutes')
  if (kind.startsWith('camera.')) return world.threshold('camera.join-minutes')
  if (kind.startsWith('hazard.')) return world.threshold('hazard.clear-minutes')
  return REJOIN
}
const REJOIN = 10

function raised(work: Work, finding: Raise): AlertChange {
  const { act: _, at, latched, late, repeat: _again, ...facts } = finding
  const alert: Alert = {
    id: work.newId('alert'),
    ...facts,
    state: 'active-unacknowledged',
    active: true,
    raisedAt: at,
    lastAt: at,
    ...(latched && { latched }),
    ...(late && { late }),
    count: 1,
    steps: [{ at: work.now, act: 'raise', by: SYSTEM, to: 'active-unacknowledged' }],
    version: 1,
  }
  return { before: undefined, alert, act: 'raised', by: SYSTEM }
}

/** Once more: the count goes up. Only what changes the state or the priority is a step with a new version (D2). */
function again(work: Work, alert: Alert, finding: Raise): AlertChange {
  const worse = finding.priority < alert.priority
  const renewed = !alert.active || (worse && alert.state === 'active-acknowledged')
  const patch: Partial<Alert> = {
    active: true,
    count: alert.count + 1,
    lastAt: Math.max(alert.lastAt, finding.at),
    priority: worse ? finding.priority : alert.priority,
    latched: alert.latched || finding.latched || undefined,
    late: (alert.late && finding.late) || undefined,
    residentId: alert.residentId ?? finding.residentId,
    deviceId: alert.deviceId ?? finding.deviceId,
    evidence: { ...alert.evidence, ...finding.evidence },
    returnedAt: undefined,
    ...(renewed && { acknowledgedAt: undefined, acknowledgedBy: undefined }),
  }
  if (!renewed && !worse) return { before: alert, alert: { ...alert, ...patch }, act: 'counted', by: SYSTEM }
  const moved = moveAlert(alert, worse ? 'worsen' : 'raise', { at: work.now, by: SYSTEM }, patch)!
  return { before: alert, alert: moved, act: renewed ? 'reactivated' : 'counted', by: SYSTEM }
}

/** A latched alert does not return by itself, and silence clears nothing: this is what the device said. */
function cleared(work: Work, alert: Alert, { at, evidence }: Extract<Finding, { act: 'clear' }>): AlertChange | undefined {
  if (alert.latched || !alert.active) return evidence && noted(alert, { at, evidence })
  const patch = { active: false, returnedAt: at, evidence: { ...alert.evidence, ...evidence } }
  const moved = moveAlert(alert, 'clear', { at: work.now, by: SYSTEM }, patch)
  return moved && alertChange(alert, moved)
}

const noted = (alert: Alert, { at, evidence }: Pick<Extract<Finding, { act: 'note' }>, 'at' | 'evidence'>): AlertChange => ({
  before: alert,
  alert: { ...alert, lastAt: Math.max(alert.lastAt, at), evidence: { ...alert.evidence, ...evidence } },
  act: 'noted',
  by: SYSTEM,
})

/** The ends of shelving, which always come. */
export function tickAlerts(work: Work): AlertChange[] {
  const due = [...work.alerts.open()].filter(({ state, shelvedUntil }) => state === 'shelved' && (shelvedUntil ?? 0) <= work.now)
  return put(
    work,
    due.map((alert) => [alert, moveAlert(alert, 'expire', { at: work.now, by: SYSTEM }, { shelvedUntil: undefined })]),
  )
}

/**
 * Their incidents were verified closed. What is latched is over with that, and what had returned is seen; a condition that still holds
 * stays on the wall.
 */
export function closeAlerts(work: Work, incidentIds: readonly string[]): AlertChange[] {
  const over = incidentIds
    .flatMap((id) => work.incidents.get(id)?.alerts ?? [])
    .flatMap((id) => work.alerts.get(id) ?? [])
    .filter((alert) => alert.state !== 'normal' && (alert.latched || !alert.active))
  return put(
    work,
    over.map((alert) => [alert, moveAlert(alert, 'close', { at: work.now, by: SYSTEM }, closing(alert, work.now))]),
  )
}

const closing = (alert: Alert, now: number): Partial<Alert> => ({
  active: false,
  returnedAt: alert.returnedAt ?? now,
  acknowledgedAt: alert.acknowledgedAt ?? now,
  acknowledgedBy: alert.acknowledgedBy ?? SYSTEM,
})

function put(work: Work, moves: readonly [before: Alert, after: Alert | undefined][]): AlertChange[] {
  return moves.flatMap(([before, after]) => {
    if (!after) return []
    work.alerts.put(after)
    return [alertChange(before, after)]
  })
}
