import type { Actor, Command, ReportShelf, Shelf, Work } from '../../server/work.ts'
import type { Alert } from '../../shared/alert.ts'
import { isOpenAlert } from '../../shared/alert.ts'
import { type Incident, isOpenIncident } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import type { Report } from '../../shared/report.ts'
import type { World } from '../../shared/world.ts'

export type AuditEntry = Parameters<Work['audit']>[0]

/** A shelf in plain memory: what is put can be read back at once. */
export class MemoryShelf<T extends { id: string }> implements Shelf<T> {
  readonly things = new Map<string, T>()
  readonly #isOpen: (thing: T) => boolean
  constructor(isOpen: (thing: T) => boolean) {
    this.#isOpen = isOpen
  }
  get(id: string) {
    return this.things.get(id)
  }
  put(thing: T) {
    this.things.set(thing.id, thing)
  }
  *open() {
    for (const thing of this.things.values()) if (this.#isOpen(thing)) yield thing
  }
}

function memoryReports(): ReportShelf & { things: Map<string, Report> } {
  const shelf = new MemoryShelf<Report>(() => false)
  const newest = () => [...shelf.things.values()].reverse()
  return {
    things: shelf.things,
    get: (id) => shelf.get(id),
    put: (report) => shelf.put(report),
    open: () => shelf.open(),
    by: (key, since) => newest().filter(({ reporter, receivedAt }) => reporter.key === key && receivedAt >= since),
    external: (feed, id) => newest().find((report) => report.feed === feed && report.externalId === id),
  }
}

/** A unit of work whose clock the test sets: `work.now = …`. */
export interface TestWork extends Work {
  now: number
  readonly alerts: MemoryShelf<Alert>
  readonly incidents: MemoryShelf<Incident>
  readonly orders: MemoryShelf<Order>
  readonly reports: ReportShelf & { things: Map<string, Report> }
  readonly audits: AuditEntry[]
}

/** 2026-03-02 is a Monday; 10:00 in China. */
export const MONDAY_TEN = Date.parse('2026-03-02T10:00:00+08:00')

export function testWork(world: World, now = MONDAY_TEN): TestWork {
  const counts: Partial<Record<Parameters<Work['newId']>[0], number>> = {}
  const taken = new Map<string, string>()
  let numbers = 0
  const audits: AuditEntry[] = []
  return {
    now,
    world,
    alerts: new MemoryShelf<Alert>(isOpenAlert),
    incidents: new MemoryShelf<Incident>(isOpenIncident),
    orders: new MemoryShelf<Order>(isOpenOrder),
    reports: memoryReports(),
    newNo: (day) => {
      numbers += 1
      return `${day}-${String(numbers).padStart(4, '0')}`
    },
    newId: (prefix) => {
      counts[prefix] = (counts[prefix] ?? 0) + 1
      return `${prefix}-${counts[prefix]}`
    },
    photos: { attach: (ids, subject) => ids.forEach((id) => void taken.set(id, subject.id)) },
    audit: (entry) => void audits.push(entry),
    audits,
  }
}

export const actor = (role: Actor['role'], staffId?: string, id = staffId ?? `demo-${role}`): Actor => ({
  id,
  name: id,
  role,
  scope: 'xinan',
  staffId,
})

/** `command('order.accept', order, officer, {reason})`: carries the version that the sender saw. */
export const command = (name: string, target: { id: string; version: number }, by: Actor, body: Record<string, unknown> = {}): Command => ({
  name,
  target: target.id,
  version: target.version,
  body,
  actor: by,
})
