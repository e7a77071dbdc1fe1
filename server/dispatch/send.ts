import { type Incident, isOpenIncident } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import { conflict } from '../../shared/problem.ts'
import { actorId, checkVersion, fieldWrong, findIncident, onlyLeaders, optionalText } from '../command.ts'
import { ordersOf } from '../loop.ts'
import type { Command, Work } from '../work.ts'
import { newOrder, withStep } from './orders.ts'
import { put } from './ready.ts'
import { mustNotBeSentTwice, targetOf } from './target.ts'

/** A further order of an open incident, beside those that it has or after one of them. `version` is the incident's. */
export function dispatchFurther(work: Work, command: Command): Order {
  const incident = findIncident(work, command.target)
  onlyLeaders(command.actor, 'dispatch an order')
  if (command.version !== undefined) checkVersion(incident, command, incident.timeline.at(-1)?.what ?? '')
  if (!isOpenIncident(incident))
    throw conflict(`${incident.id} is ${incident.state}: reopen it before sending somebody.`, { current: incident })
  const target = targetOf(work, command, incident.placeId)
  mustNotBeSentTwice(work, incident, target, incident)
  const relations = { after: afterOf(command, incident), ...(command.body.lead === true && { lead: true }) }
  if (relations.lead) unlead(work, incident)
  const by = actorId(command.actor)
  return put(work, command, newOrder(work, incident, { ...target, rung: '' }, by, optionalText(command, 'reason'), relations))
}

function afterOf(command: Command, incident: Incident): string | undefined {
  const after = optionalText(command, 'after')
  if (after === undefined || incident.orders.includes(after)) return after
  throw fieldWrong('after', incident.orders.length > 0 ? `one of ${incident.orders.join(', ')}` : 'nothing: it is the first order')
}

/** One lead at a time. */
function unlead(work: Work, incident: Incident): void {
  for (const order of ordersOf(work, incident).filter((one) => one.lead && isOpenOrder(one)))
    work.orders.put(withStep({ ...order, lead: undefined }, { at: work.now, act: 'lead.given', by: 'system' }))
}
