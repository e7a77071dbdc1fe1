import type { Alert, Step } from '../../shared/alert.ts'
import { type AlertEvent, alertAfter } from '../../shared/alert-transitions.ts'
import type { AlertChange } from '../work.ts'

/** How each event is told to the next stage and in the alert's own steps. */
const ACTS: Record<AlertEvent, AlertChange['act']> = {
  raise: 'reactivated',
  worsen: 'reactivated',
  clear: 'returned',
  acknowledge: 'acknowledged',
  shelve: 'shelved',
  unshelve: 'unshelved',
  expire: 'unshelved',
  suppress: 'suppressed',
  restore: 'restored',
  'take-out-of-service': 'suppressed',
  'return-to-service': 'restored',
  close: 'closed',
}

export interface Happening {
  at: number
  by: string
  why?: string
}

/** Steps of a chattering device that are kept; those of people always are. */
const KEPT_STEPS = 200

/**
 * The only way to another state (ISA-18.2): by the table, with who, when and why. `patch` is what the event brings along. Undefined when
 * the state refuses the event.
 */
export function moveAlert(alert: Alert, event: AlertEvent, { at, by, why }: Happening, patch: Partial<Alert> = {}): Alert | undefined {
  const after = { ...alert, ...patch }
  const state = alertAfter(event, alert.state, { active: after.active, acknowledged: after.acknowledgedAt !== undefined })
  if (state === undefined) return undefined
  const step: Step = { at, act: event, by, from: alert.state, to: state, ...(why !== undefined && { why }) }
  return { ...after, state, steps: withStep(alert.steps, step), version: alert.version + 1 }
}

function withStep(steps: readonly Step[], step: Step): Step[] {
  if (steps.length < KEPT_STEPS || step.by !== 'system') return [...steps, step]
  const oldest = steps.findIndex(({ by }, n) => n > 0 && by === 'system')
  return [...steps.filter((_, n) => n !== oldest), step]
}

/** The change that the last step of an alert made. */
export function alertChange(before: Alert | undefined, alert: Alert): AlertChange {
  const step = alert.steps.at(-1)
  return { before, alert, act: before && step ? ACTS[step.act as AlertEvent] : 'raised', by: step?.by ?? 'system' }
}
