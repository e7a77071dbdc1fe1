import type { AlertState } from './alert.ts'
import {
  type AlertView,
  CARE_CONDITIONS,
  type CareView,
  type ClusterView,
  type DeviceView,
  type FeedView,
  type GridView,
  type IncidentView,
  type ListName,
  type OrderView,
  type WarningView,
} from './wall.ts'

/** The order of the wall's lists: total (ids decide last) and made of public fields alone, so that every side sorts alike. */
interface Items {
  warnings: WarningView
  grids: GridView
  clusters: ClusterView
  alerts: AlertView
  incidents: IncidentView
  orders: OrderView
  care: CareView
  feeds: FeedView
  devices: DeviceView
}
type Compare<T> = (a: T, b: T) => number

const ALERT_RANK: Record<AlertState, number> = {
  'active-unacknowledged': 0,
  'active-acknowledged': 1,
  'returned-unacknowledged': 2,
  shelved: 3,
  suppressed: 4,
  'out-of-service': 5,
  normal: 6,
}
const STATUS_RANK = { actual: 0, exercise: 1, test: 2 }
const INCIDENT_RANK = { open: 0, handling: 1, 'awaiting-verification': 2, closed: 3, merged: 4 }
const CARE_RANK: Record<string, number> = Object.fromEntries(CARE_CONDITIONS.map((state, n) => [state, n]))
const FEED_RANK = { silent: 0, paused: 1, never: 2, heard: 3 }
const COLOUR_RANK = { red: 0, orange: 1, yellow: 2, blue: 3, unknown: 4 }
/** Cameras first: each is a dot on the wall, and the window must not cut them off. */
const DEVICE_RANK: Record<string, number> = { camera: 0, speaker: 1, gate: 2, 'help-button': 3, smoke: 4, gas: 5, leak: 6 }

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
const ascending = (a: number | null, b: number | null) => (a === b ? 0 : (a ?? Infinity) < (b ?? Infinity) ? -1 : 1)
const yesFirst = (a: boolean, b: boolean) => Number(b) - Number(a)

export const compareAlerts: Compare<AlertView> = (a, b) =>
  ALERT_RANK[a.state] - ALERT_RANK[b.state] ||
  STATUS_RANK[a.status] - STATUS_RANK[b.status] ||
  a.priority - b.priority ||
  yesFirst(a.livingAlone === true, b.livingAlone === true) ||
  b.raisedAt - a.raisedAt ||
  byId(a, b)

export const compareIncidents: Compare<IncidentView> = (a, b) =>
  INCIDENT_RANK[a.state] - INCIDENT_RANK[b.state] ||
  STATUS_RANK[a.status] - STATUS_RANK[b.status] ||
  a.priority - b.priority ||
  b.openedAt - a.openedAt ||
  byId(a, b)

export const compareOrders: Compare<OrderView> = (a, b) =>
  yesFirst(a.overdue, b.overdue) ||
  STATUS_RANK[a.status] - STATUS_RANK[b.status] ||
  ascending(a.dueAt, b.dueAt) ||
  a.priority - b.priority ||
  byId(a, b)

export const compareCare: Compare<CareView> = (a, b) =>
  yesFirst(a.alertId !== undefined, b.alertId !== undefined) ||
  (a.priority ?? 9) - (b.priority ?? 9) ||
  CARE_RANK[a.state]! - CARE_RANK[b.state]! ||
  // whom nothing is wrong with stands where they stood: a row must not move with every step that they take
  (CALM.has(a.state) ? 0 : ascending(a.silentSince, b.silentSince)) ||
  byId(a, b)
const CALM: ReadonlySet<string> = new Set(['usual', 'away', 'unwatched'])

const ORDER: { [L in ListName]: Compare<Items[L]> } = {
  warnings: (a, b) =>
    STATUS_RANK[a.status] - STATUS_RANK[b.status] || COLOUR_RANK[a.colour] - COLOUR_RANK[b.colour] || a.until - b.until || byId(a, b),
  grids: (a, b) => a.n - b.n || byId(a, b),
  clusters: (a, b) => a.n - b.n || byId(a, b),
  alerts: compareAlerts,
  incidents: compareIncidents,
  orders: compareOrders,
  care: compareCare,
  feeds: (a, b) => FEED_RANK[a.state] - FEED_RANK[b.state] || byId(a, b),
  devices: (a, b) => (DEVICE_RANK[a.kind] ?? 9) - (DEVICE_RANK[b.kind] ?? 9) || byId(a, b),
}

export const compareItems = (list: ListName) => ORDER[list] as Compare<{ id: string }>
