import { ALERT_STATES, type Alert, type AlertState } from './alert.ts'

/** 'same': only the condition changes; 'underlying': what the alert would be had nobody put it aside. */
type Target = AlertState | 'same' | 'underlying'
type Row = Partial<Record<AlertState, Target>>

const ASIDE = { shelved: 'same', suppressed: 'same', 'out-of-service': 'same' } as const

/** ISA-18.2 / IEC 62682: the one table of alert states. A state that an event's row leaves out refuses the event. */
export const ALERT_TRANSITIONS = {
  /** the condition holds (again) */
  raise: {
    'active-unacknowledged': 'same',
    'active-acknowledged': 'same',
    'returned-unacknowledged': 'active-unacknowledged',
    normal: 'active-unacknowledged',
    ...ASIDE,
  },
  /** it holds and has become more urgent: what was acknowledged was less */
  worsen: {
    'active-unacknowledged': 'same',
    'active-acknowledged': 'active-unacknowledged',
    'returned-unacknowledged': 'active-unacknowledged',
    normal: 'active-unacknowledged',
    ...ASIDE,
  },
  /** the condition holds no more */
  clear: {
    'active-unacknowledged': 'returned-unacknowledged',
    'active-acknowledged': 'normal',
    'returned-unacknowledged': 'same',
    normal: 'same',
    ...ASIDE,
  },
  acknowledge: { 'active-unacknowledged': 'active-acknowledged', 'returned-unacknowledged': 'normal' },
  shelve: { 'active-unacknowledged': 'shelved', 'active-acknowledged': 'shelved', 'returned-unacknowledged': 'shelved' },
  unshelve: { shelved: 'underlying' },
  /** the end of shelving, which always comes */
  expire: { shelved: 'underlying' },
  suppress: { 'active-unacknowledged': 'suppressed', 'active-acknowledged': 'suppressed', 'returned-unacknowledged': 'suppressed' },
  restore: { suppressed: 'underlying' },
  'take-out-of-service': {
    'active-unacknowledged': 'out-of-service',
    'active-acknowledged': 'out-of-service',
    'returned-unacknowledged': 'out-of-service',
    shelved: 'out-of-service',
    suppressed: 'out-of-service',
  },
  'return-to-service': { 'out-of-service': 'underlying' },
  /** people verified that its incident is over */
  close: {
    'active-unacknowledged': 'normal',
    'active-acknowledged': 'normal',
    'returned-unacknowledged': 'normal',
    normal: 'same',
    ...ASIDE,
  },
} as const satisfies Record<string, Row>
export type AlertEvent = keyof typeof ALERT_TRANSITIONS

/** Where the event leads, or undefined when the state refuses it. `active` and `acknowledged` are those after the event. */
export function alertAfter(
  event: AlertEvent,
  state: AlertState,
  condition: { active: boolean; acknowledged: boolean },
): AlertState | undefined {
  const target = (ALERT_TRANSITIONS[event] as Row)[state]
  if (target === 'same') return state
  return target === 'underlying' ? underlying(condition) : target
}

export function underlying({ active, acknowledged }: { active: boolean; acknowledged: boolean }): AlertState {
  if (active) return acknowledged ? 'active-acknowledged' : 'active-unacknowledged'
  return acknowledged ? 'normal' : 'returned-unacknowledged'
}

/** What a person may ask of an alert in this state. */
export const ALERT_ACTS = [
  'acknowledge',
  'shelve',
  'unshelve',
  'suppress',
  'restore',
  'take-out-of-service',
  'return-to-service',
] as const satisfies readonly AlertEvent[]
export type AlertAct = (typeof ALERT_ACTS)[number]
export const possibleAlertActs = ({ state }: Pick<Alert, 'state'>): AlertAct[] =>
  ALERT_ACTS.filter((act) => state in ALERT_TRANSITIONS[act])

export const statesThatAllow = (act: AlertAct): AlertState[] => ALERT_STATES.filter((state) => state in ALERT_TRANSITIONS[act])
