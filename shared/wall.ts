import type { Alert, Evidence } from './alert.ts'
import type { AbsenceKind } from './care.ts'
import type { Incident } from './incident.ts'
import type { Order } from './order.ts'
import type { ReportChannel } from './report.ts'
import type { Millis, Priority, Status } from './status.ts'

/**
 * The wall state. The engine keeps the public half (ids and public fields, never a name); `project` adds what one viewer may see
 * (the fields marked "projected"). Lists are windows, keyed by `id`, in the order of `shared/patch.ts`.
 */
export interface WallState {
  revision: number
  /** domain time of the revision, ms */
  at: Millis
  community: { id: string; name: string; street: string; district: string; lon: number; lat: number; utcOffset: number }
  mode: { demo: boolean; simulate: boolean; clock: 'real' | 'manual' /** domain seconds per real second */; rate: number }
  totals: {
    grids: number
    clusters: number
    buildings: number
    households: number
    residents: number
    cameras: number
    speakers: number
    gates: number
    livingAlone: number
    leftBehindChildren: number
  }
  shift: ShiftView | null
  warnings: WarningView[]
  grids: GridView[]
  clusters: ClusterView[]
  /** open alerts, the worst 200 (`alertTotals` counts all) */
  alerts: AlertView[]
  alertTotals: { open: number; unacknowledged: number; byPriority: Record<Priority, number>; shelved: number; blind: number }
  incidents: IncidentView[]
  /** triage: wait to be looked at; call: somebody is called first */
  incidentTotals: { open: number; today: number; closedToday: number; triage?: number; triageLate?: number; call?: number }
  /** open orders, the most pressing 200 */
  orders: OrderView[]
  orderTotals: {
    dispatched: number
    accepted: number
    arrived: number
    handled: number
    paused: number
    verifiedToday: number
    today: number
    overdue: number
    onTimePercent: number | null
    /** dispatched ones that lie in a pool, held ones that no clock runs for, and those told further up the ladder */
    pooled?: number
    held?: number
    escalated?: number
  }
  /** today's loop; absent in what was kept earlier, null for a part of the community */
  loop?: LoopView | null
  /** people living alone: at most 200, those who need somebody first */
  care: CareView[]
  feeds: FeedView[]
  /** devices that are not heard or not well; a device that is not in the list is heard */
  devices: DeviceView[]
  deviceTotals: Record<string, { total: number; heard: number; never: number }>
  figures: Figures
}

/** What came in from people today, how it was closed, and what they say of it. Exercises count in none (X1). */
export interface LoopView {
  /** by channel */
  reports: { channel: ReportChannel; count: number }[]
  closed: number
  /** of the orders verified today; null: none */
  onTimePercent: number | null
  reopened: number
  /** work that the verifier did not take */
  refused: number
  ratings: number
  /** mean, one decimal; null: none */
  rating: number | null
}

export interface ShiftView {
  name: string
  from: string
  to: string
  officerId: string /** projected */
  officer?: string
}
/** A public warning in force, as its office words it. */
export interface WarningView {
  id: string
  /** 大风蓝色预警; the headline when it is not that simple */
  text: string
  /** unknown: its office gave no degree */
  colour: 'blue' | 'yellow' | 'orange' | 'red' | 'unknown'
  status: Status
  until: Millis
  /** absent: its office is not known */
  sender?: string
}

export interface GridView {
  id: string
  n: number
  name: string
  people: number
  households: number
  /** open alerts of priority 1–2, and 3–4 */
  urgent: number
  attention: number
  orders: number
  workerId: string | null
  onDuty: boolean
  /** projected */ worker?: string
}
export type ClusterState = 'calm' | 'attention' | 'alert' | 'blind'
export interface ClusterView {
  id: string
  n: number
  gridId: string
  households: number
  people: number
  state: ClusterState
  alerts: number
  priority: Priority | null
}

export interface AlertView {
  id: string
  kind: string
  state: Alert['state']
  priority: Priority
  status: Status
  placeId: string
  buildingId?: string
  clusterId?: string
  gridId?: string
  /** 12栋 1单元 302, or the spot's name: a place is public, who lives there is not */
  place: string
  deviceId?: string
  residentId?: string
  raisedAt: Millis
  lastAt: Millis
  returnedAt?: Millis
  shelvedUntil?: Millis
  count: number
  late?: boolean
  incidentId?: string
  orderId?: string
  /** somebody is called first; when nobody was reached by then somebody goes */
  callBy?: Millis
  /** staff id of the one on the way */
  assignee?: string
  evidence: Evidence
  version: number
  livingAlone?: boolean
  acknowledgedAt?: Millis
  acknowledgedBy?: string
  /** projected, masked by role */ person?: PersonView
  /** projected: the worker on the way, masked */ worker?: string
  orderState?: Order['state']
}
export interface PersonView {
  name: string
  age: number
  sex: 'm' | 'f'
  phone?: string
  categories: string[]
}

export interface IncidentView {
  id: string
  kind: string
  /** of a reported matter: its kind in the register's words */
  name?: string
  state: Incident['state']
  priority: Priority
  status: Status
  placeId: string
  gridId?: string
  place: string
  openedAt: Millis
  /** as `AlertView.callBy` */
  callBy?: Millis
  /** reported, and nobody has looked at it yet: by when somebody should have */
  triageBy?: Millis
  /** missed, and how far up the ladder that was told */
  triageLate?: boolean
  triageRung?: Order['rung']
  alerts: number
  orders: number
  version: number
}

export interface OrderView {
  id: string
  incidentId: string
  kind: string
  /** as `IncidentView.name` */
  name?: string
  state: Order['state']
  priority: Priority
  status: Status
  placeId: string
  gridId?: string
  buildingId?: string
  place: string
  assignee: string
  contactId?: string
  dispatchedAt: Millis
  since: Millis
  dueAt: Millis | null
  next: Order['next']
  overdue: boolean
  /** whose it is: a team's name, or of the pool in which it waits to be claimed */
  team?: string
  pool?: true
  /** waits for an earlier order of the incident */
  held?: true
  /** how far up the ladder a missed deadline was told */
  rung?: Order['rung']
  pausedUntil?: Millis
  version: number
  /** projected, masked */ assigneeName?: string
  contactName?: string
}

/**
 * How it stands with somebody who lives alone: as usual, or the open matter; blind: the home is not heard; away: announced;
 * unwatched: consent is over.
 */
export const CARE_CONDITIONS = ['silent', 'not-returned', 'night-out', 'room-stay', 'blind', 'usual', 'away', 'unwatched'] as const
export type CareCondition = (typeof CARE_CONDITIONS)[number]
/** gateway: all of the home, or its feed, at once; clock: it speaks, but of another time; sensor: one of them, for a reason that is not known */
export type BlindReason = 'battery' | 'gateway' | 'clock' | 'sensor' | 'never'

/** One person living alone: today's half hours in front of the usual ones. What is optional may be missing in what was kept earlier. */
export interface CareView {
  id: string
  residentId: string
  placeId: string
  gridId?: string
  clusterId?: string
  buildingId?: string
  place: string
  presence: 'home' | 'out' | 'unsure'
  /** ms; null: not known */
  presenceSince?: Millis | null
  state: CareCondition
  /** last sign of life, once half an hour has gone by; of a blind home when it was last heard whole */
  silentSince: Millis | null
  /** when the silence, or the outing, that runs is too long; null: none runs, or nobody is called for it */
  lineAt?: Millis | null
  /** by when such a silence has usually ended, HH:MM; null: not known */
  usualBy?: string | null
  /** days that the line has learned from: under 28 the safe rules hold */
  days?: number
  /** how much the line rests on, 0…1 in steps */
  confidence?: number
  blind?: { since: Millis | null; reason: BlindReason }
  away?: { kind: AbsenceKind; until: Millis }
  /** the worst open matter about this person, and who sees to it */
  alertId?: string
  alertKind?: string
  priority?: Priority
  /** until then a telephone call comes before an order */
  callBy?: Millis
  assignee?: string
  orderState?: Order['state']
  /** 48 half hours, each 0…9: how lively it usually is, and today up to now (-1: not yet, -2: blind) */
  usual: number[]
  today: number[]
  /** projected */ person?: PersonView
  /** projected: the worker on the way, masked */ worker?: string
}

export interface FeedView {
  id: string
  name: string
  state: 'heard' | 'silent' | 'never' | 'paused'
  lastHeard: Millis | null
  perMinute: number
  accepted: number
  duplicates: number
  /** accepted ones that say again what was said: a resend with a new id, a rising post count */
  repeats: number
  quarantined: number
  /** the connection that we hold, or a panel holds to us; null: the feed has none that could break */
  link: { state: 'up' | 'down'; since: Millis; reason?: string } | null
  /** how often the connection came back since the feed was first heard */
  reconnects: number
  /** the last time without a connection: what happened in it is not told later; `to` null: it lasts */
  gap: { from: Millis; to: Millis | null } | null
  /** seconds that the feed's devices are ahead (+) or behind (−), the worst of the last hour; null: unknown or within 2 minutes */
  drift: number | null
}
export interface DeviceView {
  id: string
  kind: string
  placeId: string
  feed: string
  state: 'silent' | 'never' | 'fault' | 'low-battery'
  since: Millis | null
}

export interface Figures {
  /** signals in each of the last 60 minutes, oldest first; usual: the same minutes of other days */
  signals: number[]
  usualSignals: number[]
  perMinute: number
  /** 24 hours of today */
  passagesIn: number[]
  passagesOut: number[]
  /** by kind, last 7 days, most first */
  incidents: { kind: string; name?: string; count: number }[]
  /** medians of today against targets, seconds; null: none yet */
  response: { step: 'acknowledge' | 'accept' | 'arrive' | 'handle' | 'close'; median: number | null; target: number; count: number }[]
}

export type ListName = 'warnings' | 'grids' | 'clusters' | 'alerts' | 'incidents' | 'orders' | 'care' | 'feeds' | 'devices'
export type FieldName = Exclude<keyof WallState, ListName | 'revision' | 'at'>

/** The half that the engine keeps, journals and hands to the main thread: nothing in it is projected. */
export type PublicState = WallState
