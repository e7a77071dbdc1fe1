import type { Endpoint } from '../../shared/message.ts'
import type { Draft } from '../store/outbox.ts'
import type { IncidentChange, OrderChange, Work } from '../work.ts'
import { changeOfIncident, changeOfOrder } from './changes.ts'
import { type Addresses, draftsFor } from './channels.ts'
import { draftsForEndpoints } from './endpoints.ts'
import { tellingsOfReporters } from './reporters.ts'
import { type Telling, tellingsOfIncident, tellingsOfOrder } from './tellings.ts'

export interface Moved {
  incidents: readonly IncidentChange[]
  orders: readonly OrderChange[]
}
export interface Book extends Addresses {
  endpoints(): readonly Endpoint[]
}

/** Who is told what, when, by which channel, of what one unit of work changed. */
export function messagesOf(work: Work, { incidents, orders }: Moved, book: Book): Draft[] {
  const tellings = [
    ...incidents.flatMap((change) => tellingsOfIncident(work, change)),
    ...orders.flatMap((change) => tellingsOfOrder(work, change)),
  ]
  const drafts = toPeople(work, [...tellings, ...tellingsOfReporters(work, { incidents, orders })], book)
  const endpoints = book.endpoints()
  if (endpoints.length === 0) return drafts
  const changes = [...incidents.flatMap(changeOfIncident), ...orders.flatMap(changeOfOrder)]
  const news = [...tellings.filter(isFirstOfItsSort), ...changes]
  return [...drafts, ...news.flatMap((one) => draftsForEndpoints(one, endpoints, work.world, work.now))]
}

/** X1: an exercise or a test pages nobody. Whoever is told something of an order need not hear the lesser thing as well. */
function toPeople(work: Work, tellings: readonly Telling[], book: Addresses): Draft[] {
  const told = new Set<string>()
  const when = { now: work.now, utcOffset: work.world.utcOffset }
  return tellings.flatMap(({ to, ...telling }) => {
    if (telling.status !== 'actual') return []
    return to.flatMap((person) => {
      const subject = `${person} ${telling.orderId ?? telling.incidentId}`
      if (telling.kind === 'order.urgent' && told.has(subject)) return []
      told.add(subject)
      return draftsFor(person, telling, book, when)
    })
  })
}

/** An endpoint hears once what several people are told. */
const isFirstOfItsSort = ({ kind, orderId, incidentId }: Telling, n: number, all: readonly Telling[]) =>
  all.findIndex((other) => other.kind === kind && other.orderId === orderId && other.incidentId === incidentId) === n
