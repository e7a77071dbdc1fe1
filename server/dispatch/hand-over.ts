import type { Order } from '../../shared/order.ts'
import { actorId, fieldWrong, requiredText } from '../command.ts'
import type { Command, Work } from '../work.ts'
import { acted, PAST, withStep } from './orders.ts'
import { misfit, put, ready } from './ready.ts'
import { mustNotBeSentTwice, type Target, targetOf } from './target.ts'

/** To a person: the same order and the same step with the same clock, another owner. To a pool or a team: who takes it up begins anew. */
export function transfer(work: Work, command: Command): Order {
  const order = ready(work, command, 'transfer')
  const target = targetOf(work, command, order.placeId)
  const toPerson = target.pool === undefined && target.teamId === undefined
  if (toPerson && target.staffId === order.assignee && order.pool === undefined)
    throw fieldWrong('assignee', `somebody other than ${order.assignee}, who has it already`)
  const incident = work.incidents.get(order.incidentId)
  if (incident) mustNotBeSentTwice(work, incident, target, order, order.id)
  const why = requiredText(command, 'reason')
  const given = toPerson ? hand(work, command, order, target, why) : pass(work, command, order, target, why)
  return put(work, command, given, why)
}

function hand(work: Work, command: Command, order: Order, { staffId }: Target, why: string): Order {
  const step = { at: work.now, act: PAST.transfer, by: actorId(command.actor), from: order.assignee, to: staffId, why }
  const handed = withStep({ ...order, assignee: staffId, version: order.version + 1 }, step)
  // it is that person's own from now on, not of a pool or of somebody outside
  return { ...handed, pool: undefined, teamId: keepsTeam(work, order, staffId) ? order.teamId : undefined }
}

const keepsTeam = ({ world }: Work, { teamId }: Order, staffId: string) =>
  teamId !== undefined && world.teamsOf(staffId).some(({ id }) => id === teamId)

function pass(work: Work, command: Command, order: Order, target: Target, why: string): Order {
  const { staffId, teamId, pool } = target
  const passed = acted(work.world, order, 'pass', { at: work.now, by: actorId(command.actor), to: pool ?? teamId, why })
  if (!passed) throw misfit(order, 'pass')
  return { ...passed, assignee: staffId, teamId, pool, acceptedAt: undefined, arrivedAt: undefined, placeChecked: undefined }
}
