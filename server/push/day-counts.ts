import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { Millis } from '../../shared/status.ts'

const DAY = 86_400_000

/** What happened today (local day of the community): by id, so that a thing counts once however often it changes. Exercises count in no figure (X1). */
export interface DayCounts {
  /** forgets yesterday; true when a new day began */
  turn(now: Millis): boolean
  incident(id: string, incident: Incident | undefined): void
  order(id: string, order: Order | undefined): void
  incidents(): { today: number; closedToday: number }
  orders(): { today: number; verifiedToday: number; onTimePercent: number | null }
}

export function createDayCounts(utcOffset: () => number): DayCounts {
  let day = Number.NaN
  const sets = { opened: new Set<string>(), closed: new Set<string>(), dispatched: new Set<string>() }
  /** by order: whether every deadline was kept */
  const verified = new Map<string, boolean>()
  const dayOf = (at: Millis) => Math.floor((at + utcOffset() * 60_000) / DAY)
  const isToday = (at: Millis | undefined, status?: string) => at !== undefined && status === 'actual' && dayOf(at) === day
  const mark = (set: Set<string>, id: string, is: boolean) => (is ? set.add(id) : set.delete(id))

  return {
    turn(now) {
      if (dayOf(now) === day) return false
      day = dayOf(now)
      for (const set of Object.values(sets)) set.clear()
      verified.clear()
      return true
    },
    incident(id, incident) {
      const status = incident?.drilled ? 'exercise' : incident?.status
      mark(sets.opened, id, isToday(incident?.openedAt, status))
      mark(sets.closed, id, isToday(incident?.closedAt, status))
    },
    order(id, order) {
      mark(sets.dispatched, id, isToday(order?.dispatchedAt, order?.status))
      if (order && isToday(order.verifiedAt, order.status)) verified.set(id, keptDeadlines(order))
      else verified.delete(id)
    },
    incidents: () => ({ today: sets.opened.size, closedToday: sets.closed.size }),
    orders: () => ({ today: sets.dispatched.size, verifiedToday: verified.size, onTimePercent: percentOf([...verified.values()]) }),
  }
}

/** A missed deadline stays among the steps when the next state clears the mark. */
const keptDeadlines = (order: Order) => !order.overdue && order.steps.every(({ act }) => act !== 'deadline.missed')

function percentOf(kept: boolean[]): number | null {
  return kept.length === 0 ? null : Math.round((100 * kept.filter(Boolean).length) / kept.length)
}
