import type { Incident, TimelineEntry } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import type { Report, ReportProgress } from '../../shared/report.ts'

type Step = ReportProgress['steps'][number]
export interface About {
  report: Report
  /** the one that has it now, after whatever merging */
  incident: Incident | undefined
  /** its orders, open and done */
  orders: readonly Order[]
  kindName: string
  place: string
}

/** What the reporter may read: states and times, never who works on it nor what colleagues write. */
export function progressOf({ report, incident, orders, kindName, place }: About): ReportProgress {
  const { id, no, kind, text, photos, at, rating } = report
  const steps = stepsOf(report, incident)
  return {
    ...{ id, no, kind, kindName, place, text, photos, at },
    state: stateOf(report, incident, orders),
    steps,
    dueAt: dueAt(report, incident, orders),
    ...(rating && { rating }),
  }
}

export function stateOf(report: Report, incident: Incident | undefined, orders: readonly Order[]): ReportProgress['state'] {
  if (report.withdrawnAt !== undefined) return 'withdrawn'
  if (!incident) return 'received'
  if (incident.state === 'closed') return 'closed'
  const states = orders.filter(isOpenOrder).map(({ state, next }) => (state === 'paused' ? PAUSED_AT[next ?? 'accept'] : state))
  if (states.length === 0) return orders.some(({ state }) => state === 'verified') ? 'handled' : 'received'
  if (states.every((state) => state === 'handled')) return 'handled'
  return states.includes('arrived') || states.includes('handled') ? 'arrived' : states.includes('accepted') ? 'accepted' : 'dispatched'
}

/** A pause is the worker's matter: the reporter sees how far it had come. */
const PAUSED_AT = { accept: 'dispatched', arrive: 'accepted', handle: 'arrived', verify: 'handled' } as const

const TOLD: Readonly<Record<string, Step['what']>> = {
  'order.dispatched': 'dispatched',
  'order.accepted': 'accepted',
  'order.claimed': 'accepted',
  'order.arrived': 'arrived',
  'order.handled': 'handled',
  'order.refused': 'reopened',
  'incident.closed': 'closed',
  'incident.closed-while-active': 'closed',
  'incident.withdrawn': 'closed',
  'incident.reopened': 'reopened',
  'incident.took-over': 'merged',
}

/** The second worker who is sent beside the first is no news. */
function stepsOf(report: Report, incident: Incident | undefined): Step[] {
  const said = (incident?.timeline ?? []).flatMap((line): Step[] => {
    const what = toldOf(line)
    return what && line.at >= report.receivedAt ? [{ at: line.at, what }] : []
  })
  const back: Step[] = report.withdrawnAt === undefined ? [] : [{ at: report.withdrawnAt, what: 'withdrawn' }]
  const joined = alreadyUnderway(report, incident)
  const all: Step[] = [{ at: report.receivedAt, what: 'received' }, ...joined, ...said, ...back]
  const sorted = all.map((step, n) => ({ step, n })).sort((a, b) => a.step.at - b.step.at || a.n - b.n)
  return sorted.map(({ step }) => step).filter((step, n, list) => list[n - 1]?.what !== step.what)
}

/** Handled, and found wanting by whoever looked at it: it begins anew. */
const toldOf = ({ what, from }: TimelineEntry): Step['what'] | undefined =>
  what === 'order.rejected' && from === 'handled' ? 'reopened' : TOLD[what]

/** Others reported it before: what had been done by then is told at once. */
function alreadyUnderway({ receivedAt }: Report, incident: Incident | undefined): Step[] {
  const before = incident?.timeline.filter(({ at }) => at < receivedAt) ?? []
  const last = before.flatMap((line) => toldOf(line) ?? []).findLast((what) => ['dispatched', 'accepted', 'arrived'].includes(what))
  return last ? [{ at: receivedAt, what: last }] : []
}

function dueAt({ withdrawnAt }: Report, incident: Incident | undefined, orders: readonly Order[]): number | null {
  if (!incident || withdrawnAt !== undefined || incident.state === 'closed') return null
  const dues = orders.filter(isOpenOrder).flatMap(({ dueAt: due }) => (due === null ? [] : [due]))
  if (incident.triageBy !== undefined) dues.push(incident.triageBy)
  return dues.length > 0 ? Math.min(...dues) : null
}
