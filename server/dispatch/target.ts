import type { Incident } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import { badRequest, conflict } from '../../shared/problem.ts'
import type { Millis } from '../../shared/status.ts'
import type { Team } from '../../shared/team.ts'
import type { World } from '../../shared/world.ts'
import { fieldMissing, fieldWrong, optionalText } from '../command.ts'
import { ordersOf } from '../loop.ts'
import type { Actor, Command, Work } from '../work.ts'
import { findOwner, type Owner } from './ladder.ts'

/** Whom an order is for: a person, a pool where it waits, a team, or somebody outside. `staffId` owns it from now on. */
export interface Target extends Owner {
  teamId?: string
  pool?: string
}

/** One of `assignee`, `teamId` and `pool`, as the body says. */
export function targetOf(work: Work, command: Command, placeId: string): Target {
  const asked = (['assignee', 'teamId', 'pool'] as const).filter((field) => optionalText(command, field) !== undefined)
  if (asked.length === 0) throw fieldMissing('assignee', 'the id of somebody on the staff, or `teamId`, or `pool`')
  if (asked.length > 1)
    throw badRequest(`Give one of ${asked.join(' and ')}.`, {
      errors: [{ field: asked[1]!, detail: 'is one too many', fix: 'leave it out' }],
    })
  const field = asked[0]!
  const id = optionalText(command, field)!
  if (field === 'assignee') {
    if (!work.world.staff(id)) throw fieldWrong('assignee', 'the id of somebody on the staff')
    return { staffId: id, rung: '' }
  }
  const team = work.world.team(id)
  if (!team || (field === 'pool' && team.form !== 'pool'))
    throw fieldWrong(field, field === 'pool' ? 'the id of a pool' : 'the id of a team')
  return teamTarget(work.world, team, dispatcherOf(work, command.actor, placeId), work.now)
}

/** Whoever dispatches keeps an order of a pool until it is claimed, and notes the steps of an outside team. */
export function teamTarget(world: World, team: Team, dispatcher: string, at: Millis, not: readonly string[] = []): Target {
  if (team.form === 'pool') return { staffId: dispatcher, rung: team.name, pool: team.id }
  const someone = team.form === 'team' ? memberOnDuty(world, team, at, not) : undefined
  return { staffId: someone ?? dispatcher, rung: team.name, teamId: team.id }
}

/** Its lead, when on duty; else whoever of it is; else its lead all the same, for the team has to have it. */
export function memberOnDuty(world: World, { leadId, members }: Team, at: Millis, not: readonly string[] = []): string | undefined {
  const people = [...(leadId ? [leadId] : []), ...members].filter((id) => !not.includes(id))
  return people.find((id) => world.isOnDuty(id, at)) ?? people[0]
}

/** Somebody of the staff: who asks, else the officer on duty, else whoever the ladder finds. */
export function dispatcherOf({ world, now }: Work, actor: Actor | undefined, placeId: string): string {
  const own = actor?.staffId !== undefined && world.staff(actor.staffId) ? actor.staffId : undefined
  return own ?? world.onDuty('officer', placeId, now)?.id ?? findOwner(world, '', placeId, now).staffId
}

/** Whether somebody of a team works on it in person; an outside team is telephoned, and a pool has nobody yet. */
const isSentInPerson = (world: World, { pool, teamId }: Pick<Order, 'pool' | 'teamId'>) =>
  pool === undefined && (teamId === undefined || world.team(teamId)?.form !== 'outside')

/** The open order by which this person or team is sent to the incident already. */
export function sentAlready(work: Work, incident: Incident, target: Target, but?: string): Order | undefined {
  const open = ordersOf(work, incident).filter((order) => isOpenOrder(order) && order.id !== but)
  if (target.pool) return open.find(({ pool }) => pool === target.pool)
  if (!isSentInPerson(work.world, target)) return open.find(({ teamId }) => teamId === target.teamId)
  return open.find((order) => order.assignee === target.staffId && isSentInPerson(work.world, order))
}

/** Nobody is sent twice to one matter. */
export function mustNotBeSentTwice(work: Work, incident: Incident, target: Target, current: object, but?: string): void {
  const order = sentAlready(work, incident, target, but)
  if (!order) return
  const whom = work.world.team(target.pool ?? target.teamId ?? '')?.name ?? work.world.staff(target.staffId)?.name ?? target.staffId
  throw conflict(`${whom} has ${order.id} of ${incident.id} already (${order.state}): nobody is sent twice.`, { current, order: order.id })
}
