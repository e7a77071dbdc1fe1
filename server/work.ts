import type { Alert } from '../shared/alert.ts'
import type { Incident } from '../shared/incident.ts'
import type { Order } from '../shared/order.ts'
import type { PhotoBook } from '../shared/photo.ts'
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

/** One unit of work: everything in it commits together with its revision, or not at all (A3). Handed to every stage. */
export interface Work {
  /** domain time, ms: receipt time of the batch, the tick or the command */
  readonly now: Millis
  readonly world: World
  readonly alerts: AlertShelf
  readonly incidents: Shelf<Incident>
  readonly orders: Shelf<Order>
  /** ids are given in order, so the same input gives the same ids: alert-17 */
  newId(prefix: 'alert' | 'incident' | 'order' | 'photo' | 'publication' | 'broadcast'): string
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
