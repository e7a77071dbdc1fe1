import { metresBetween } from '../../shared/distance.ts'
import type { Order } from '../../shared/order.ts'
import type { Staff } from '../../shared/person.ts'
import { conflict, forbidden } from '../../shared/problem.ts'
import type { World } from '../../shared/world.ts'
import { checkVersion, fieldWrong } from '../command.ts'
import type { Command, Work } from '../work.ts'
import { located, momentOf } from './field.ts'
import { acted } from './orders.ts'
import { find, lastStep, misfit, mustFit, put } from './ready.ts'
import { mustNotBeSentTwice } from './target.ts'

/** 党员接单: the first of the pool who takes it has it, and has accepted it by that. Whoever comes second is told who has it (409). */
export function claim(work: Work, command: Command): Order {
  const order = find(work, command)
  const staff = claimer(work.world, command)
  mustBeFree(work, order, staff)
  mustBeOfPool(work.world, order, staff)
  checkVersion(order, command, lastStep(order))
  mustFit(order, 'claim')
  const incident = work.incidents.get(order.incidentId)
  if (incident) mustNotBeSentTwice(work, incident, { staffId: staff.id, rung: '' }, order, order.id)
  const moment = momentOf(command, order, work.now)
  const claimed = acted(work.world, order, 'claim', { ...moment, by: staff.id, to: staff.id })
  if (!claimed) throw misfit(order, 'claim')
  return put(work, command, { ...claimed, assignee: staff.id, teamId: order.pool!, pool: undefined, acceptedAt: moment.at })
}

function claimer(world: World, { actor }: Command): Staff {
  const staff = actor.staffId === undefined ? undefined : world.staff(actor.staffId)
  if (!staff) throw fieldWrong('actor', 'a session of somebody on the staff register: an order is never without an owner')
  return staff
}

function mustBeFree(work: Work, order: Order, staff: Staff) {
  if (order.pool !== undefined || order.teamId === undefined || work.world.team(order.teamId)?.form !== 'pool') return
  const whose = order.assignee === staff.id ? 'You have' : `${work.world.staff(order.assignee)?.name ?? order.assignee} has`
  throw conflict(`${whose} claimed ${order.id} already.`, { current: order })
}

function mustBeOfPool(world: World, order: Order, staff: Staff) {
  if (order.pool === undefined) return
  const pool = world.team(order.pool)
  if (!pool?.members.includes(staff.id))
    throw forbidden(`${order.id} waits in the pool of ${pool?.name ?? order.pool}, and you are not of it.`)
  if (!isNear(world, staff, order.placeId)) throw forbidden(`${order.id} is not in your area ${staff.placeId}.`)
}

/** In the own area and, where the community wants it so, not too far from home: `claim.metres`, 0 for anywhere in the area. */
export function isNear(world: World, { placeId, residentId }: Staff, at: string): boolean {
  if (!world.places.within(at, placeId)) return false
  const metres = world.threshold('claim.metres', at)
  const resident = residentId === undefined ? undefined : world.resident(residentId)
  const home = resident && located(world, resident.placeId)
  const there = located(world, at)
  return metres === 0 || !home || !there || metresBetween(home, there) <= metres
}
