import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { REPORT_CHANNELS, type Report, type ReportChannel } from '../../shared/report.ts'
import type { Millis } from '../../shared/status.ts'
import type { LoopView } from '../../shared/wall.ts'

const DAY = 86_400_000

/** What happened today (local day of the community): by id, so that a thing counts once however often it changes. Exercises count in no figure (X1). */
export interface DayCounts {
  /** forgets yesterday; true when a new day began */
  turn(now: Millis): boolean
  incident(id: string, incident: Incident | undefined): void
  order(id: string, order: Order | undefined): void
  report(id: string, report: Report | undefined): void
  incidents(): { today: number; closedToday: number }
  orders(): { today: number; verifiedToday: number; onTimePercent: number | null }
  loop(): LoopView
}

export function createDayCounts(utcOffset: () => number): DayCounts {
  let day = Number.NaN
  const sets = { opened: new Set<string>(), closed: new Set<string>(), dispatched: new Set<string>(), refused: new Set<string>() }
  /** by order: whether every deadline was kept */
  const verified = new Map<string, boolean>()
  /** by incident: how often */
  const reopened = new Map<string, number>()
  /** by report */
  const channels = new Map<string, ReportChannel>()
  const stars = new Map<string, number>()
  const all = [...Object.values(sets), verified, reopened, channels, stars]
  const dayOf = (at: Millis) => Math.floor((at + utcOffset() * 60_000) / DAY)
  const isToday = (at: Millis | undefined, status?: string) => at !== undefined && status === 'actual' && dayOf(at) === day
  const mark = (set: Set<string>, id: string, is: boolean) => (is ? set.add(id) : set.delete(id))
  const note = <T>(map: Map<string, T>, id: string, value: T | undefined) => (value === undefined ? map.delete(id) : map.set(id, value))

  return {
    turn(now) {
      if (dayOf(now) === day) return false
      day = dayOf(now)
      for (const each of all) each.clear()
      return true
    },
    incident(id, incident) {
      const status = incident?.drilled ? 'exercise' : incident?.status
      mark(sets.opened, id, isToday(incident?.openedAt, status))
      mark(sets.closed, id, isToday(incident?.closedAt, status))
      const again = incident?.timeline.filter(({ what, at }) => what === 'incident.reopened' && isToday(at, status)).length
      note(reopened, id, again || undefined)
    },
    order(id, order) {
      mark(sets.dispatched, id, isToday(order?.dispatchedAt, order?.status))
      mark(sets.refused, id, order?.state === 'rejected' && order.handledAt !== undefined && isToday(order.since, order.status))
      note(verified, id, order && isToday(order.verifiedAt, order.status) ? keptDeadlines(order) : undefined)
    },
    report(id, report) {
      const counts = report && report.withdrawnAt === undefined && isToday(report.receivedAt, report.status)
      note(channels, id, counts ? report.channel : undefined)
      note(stars, id, report && isToday(report.rating?.at, report.status) ? report.rating?.stars : undefined)
    },
    incidents: () => ({ today: sets.opened.size, closedToday: sets.closed.size }),
    orders: () => ({ today: sets.dispatched.size, verifiedToday: verified.size, onTimePercent: percentOf([...verified.values()]) }),
    loop: () => ({
      reports: byChannel(channels.values()),
      closed: sets.closed.size,
      onTimePercent: percentOf([...verified.values()]),
      reopened: sum(reopened.values()),
      refused: sets.refused.size,
      ratings: stars.size,
      rating: stars.size === 0 ? null : Math.round((10 * sum(stars.values())) / stars.size) / 10,
    }),
  }
}

/** A missed deadline stays among the steps when the next state clears the mark. */
const keptDeadlines = (order: Order) => !order.overdue && order.steps.every(({ act }) => act !== 'deadline.missed')

function percentOf(kept: boolean[]): number | null {
  return kept.length === 0 ? null : Math.round((100 * kept.filter(Boolean).length) / kept.length)
}

const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0)

function byChannel(channels: Iterable<ReportChannel>): LoopView['reports'] {
  const counts = new Map<ReportChannel, number>()
  for (const channel of channels) counts.set(channel, (counts.get(channel) ?? 0) + 1)
  return REPORT_CHANNELS.flatMap((channel) => {
    const count = counts.get(channel) ?? 0
    return count > 0 ? [{ channel, count }] : []
  })
}
