import type { Alert } from '../shared/alert.ts'
import type { Incident } from '../shared/incident.ts'
import type { Order } from '../shared/order.ts'
import type { PhotoBook } from '../shared/photo.ts'
import type { Report } from '../shared/report.ts'
import type { Millis } from '../shared/status.ts'
import type { World } from '../shared/world.ts'

/** The open things of one kind, in memory, backed by the store: what is put is written with the commit, and undone with it. */
export interface Shelf<T extends { id: string }> {
  /** open or closed */
  get(id: string): T | undefined
  /** replaces; things are values: never change one in place */
  put(thing: T): void
  /** open ones */
  open(): Iterable<T>
}

export interface AlertShelf extends Shelf<Alert> {
  /** the youngest alert of that matter, open or closed: what flaps comes back to it (A4); absent: only open ones are found */
  latest?(key: string): Alert | undefined
}

export interface IncidentShelf extends Shelf<Incident> {
  /** open ones that may be of one of these matters, oldest first: see `incidents/families.ts`; absent: all open ones are looked through */
  about?(keys: readonly string[]): readonly Incident[]
}

export interface ReportShelf extends Shelf<Report> {
  /** what this person reported since, newest first; `key` is the reporter's */
  by(key: string, since: Millis): readonly Report[]
  /** what the other system calls its report */
  external(feed: string, externalId: string): Report | undefined
}

/** One unit of work: everything in it commits together with its revision, or not at all (A3). Handed to every stage. */
export interface Work {
  /** domain time, ms: receipt time of the batch, the tick or the command */
  readonly now: Millis
  readonly world: World
  readonly alerts: AlertShelf
  readonly incidents: IncidentShelf
  readonly orders: Shelf<Order>
  readonly reports: ReportShelf
  /** ids are given in order, so the same input gives the same ids: alert-17 */
  newId(prefix: 'alert' | 'incident' | 'order' | 'report' | 'photo' | 'publication' | 'broadcast'): string
  /** the next running number of a day, for people to write down: 20261123-0017 */
  newNo(day: string): string
  /** pictures that reports and orders name */
  readonly photos: PhotoBook
  /** audit row, written in the same transaction (S2) */
  audit(entry: { by: string; act: string; subject: string; why?: string; detail?: Record<string, unknown> }): void
}

/** What happened to an alert, told to the next stage. */
export interface AlertChange {
  before: Alert | undefined
  alert: Alert
  act:
    | 'raised'
    | 'counted'
    | 'noted'
    | 'judged'
    | 'returned'
    | 'acknowledged'
    | 'shelved'
    | 'unshelved'
    | 'suppressed'
    | 'restored'
    | 'reactivated'
    | 'closed'
  by: string
}
export interface IncidentChange {
  before: Incident | undefined
  incident: Incident
  act: 'opened' | 'joined' | 'moved' | 'closed' | 'merged'
  by: string
}
export interface OrderChange {
  before: Order | undefined
  order: Order
  act: string
  by: string
}

export interface ReportChange {
  before: Report | undefined
  report: Report
  /** received, repeated, updated, withdrawn, rated … */
  act: string
  by: string
}

/** A command from REST or a simulated worker's phone. `version` is the one the sender saw (D2). */
export interface Command {
  /** 'alert.acknowledge', 'order.accept', 'incident.close' … */
  name: string
  target?: string
  version?: number
  body: Record<string, unknown>
  /** what the main thread adds to what was asked, such as real time: not looked at when a command is repeated */
  given?: Record<string, unknown>
  actor: Actor
}
export interface Actor {
  id: string
  name: string
  role: import('../shared/access.ts').Role
  scope: string
  staffId?: string
}
