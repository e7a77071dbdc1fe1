import { metresBetween } from '../../shared/distance.ts'
import type { Order } from '../../shared/order.ts'
import type { Staff, StaffRole } from '../../shared/person.ts'
import type { Millis, Priority } from '../../shared/status.ts'
import type { Suggestion, Why } from '../../shared/suggestion.ts'
import type { Team } from '../../shared/team.ts'
import type { World } from '../../shared/world.ts'
import { located } from './field.ts'
import { ladderOf } from './ladder.ts'
import { matterId, matterOf } from './matter.ts'
import { isUnderway } from './orders.ts'

/** What is to be done where; of the incident alone. */
export interface Matter {
  kind: string
  priority: Priority
  placeId: string
}
/** How many open orders somebody has. */
export type Load = (staffId: string) => number

/** Points of each reason; which of two is the better is all that they say. */
const POINTS = {
  delegated: 30,
  'team-of-kind': 45,
  'any-matter': 6,
  skill: 12,
  'own-building': 30,
  'own-cluster': 28,
  'own-grid': 24,
  'own-area': 12,
  'on-duty': 20,
  near: 12,
  busy: -4,
  /** nobody knows whether or when somebody of it comes */
  'may-wait': -30,
  /** a neighbour, to be called first */
  neighbour: -10,
} as const
/** metres from home or post at which being near is worth nothing any more */
const FAR = 600
const MOST_LOAD = 6
const ROLES: readonly StaffRole[] = ['grid-worker', 'building-head', 'cluster-head', 'community-staff', 'engineer']
export const MOST_SUGGESTIONS = 10

interface Scored extends Suggestion {
  /** for equals: the same order every time */
  tie: string
}

/** Who could go, best first, with the reasons: by place, duty, skills, delegated matters, load and distance. Whoever is off duty is not there. */
export function suggest(world: World, matter: Matter, at: Millis, load: Load): Suggestion[] {
  const people = ROLES.flatMap((role) => world.onDutyAll(role, matter.placeId, at)).map((staff) =>
    scorePerson(world, matter, staff, at, load),
  )
  const teams = world.teams().flatMap((team) => scoreTeam(world, matter, team, at, load) ?? [])
  const all: Scored[] = [...people, ...teams].filter(({ score }) => score > 0)
  all.sort((a, b) => b.score - a.score || (a.tie < b.tie ? -1 : 1))
  return all.slice(0, MOST_SUGGESTIONS).map(({ tie: _, ...suggestion }) => suggestion)
}

/** The rungs above the cluster head on which nobody is on duty there. */
export const emptyRungs = (world: World, placeId: string, at: Millis): string[] =>
  ladderOf(world, placeId)
    .filter(({ roles }) => !roles.some((role) => world.onDuty(role, placeId, at)))
    .map(({ name }) => name)

export function loadOf(orders: Iterable<Order>): Load {
  const counts = new Map<string, number>()
  for (const order of orders)
    if (isUnderway(order) && order.pool === undefined) counts.set(order.assignee, (counts.get(order.assignee) ?? 0) + 1)
  return (staffId) => counts.get(staffId) ?? 0
}

function scorePerson(world: World, matter: Matter, staff: Staff, at: Millis, load: Load): Scored {
  const why: Why[] = [...area(world, matter.placeId, staff.placeId), ...duty(world, staff.id, at)]
  if (staff.role === 'cluster-head' || staff.role === 'building-head') why.push(reason('neighbour'))
  const home = staff.residentId === undefined ? undefined : world.resident(staff.residentId)?.placeId
  why.push(...distance(world, matter.placeId, home ?? staff.placeId), ...busy(load(staff.id)))
  return { assignee: staff.id, name: staff.name, role: staff.role, score: total(why), why, tie: staff.id }
}

/** Undefined: it works elsewhere, or on other matters. */
function scoreTeam(world: World, matter: Matter, team: Team, at: Millis, load: Load): Scored | undefined {
  const kind = matterOf(world, matter.kind)
  const isOfKind = kind?.teamId === team.id
  const isDelegated = team.matters.includes(matterId(matter.kind))
  const skills = (kind?.skills ?? []).filter((skill) => team.skills.includes(skill))
  if (!world.places.within(matter.placeId, team.placeId)) return undefined
  if (!isOfKind && !isDelegated && skills.length === 0 && !team.matters.includes('*')) return undefined
  const onDuty = team.members.filter((id) => world.isOnDuty(id, at))
  if (team.form !== 'outside' && onDuty.length === 0) return undefined
  const why: Why[] = [...area(world, matter.placeId, team.placeId), ...skills.map((skill) => ({ ...reason('skill'), skill }))]
  if (isOfKind) why.push(reason('team-of-kind'))
  if (isDelegated) why.push(reason('delegated'))
  else if (!isOfKind && skills.length === 0) why.push(reason('any-matter'))
  if (team.form === 'outside') why.push({ code: 'by-telephone', points: 0 })
  else why.push({ ...reason('on-duty'), count: onDuty.length })
  if (team.form === 'pool' && matter.priority <= 2) why.push(reason('may-wait'))
  if (team.form === 'team') why.push(...busy(Math.min(...onDuty.map(load))))
  const to = team.form === 'pool' ? { pool: team.id } : { teamId: team.id }
  return { ...to, name: team.name, form: team.form, score: total(why), why, tie: team.id }
}

const reason = <C extends keyof typeof POINTS>(code: C): Why => ({ code, points: POINTS[code] })
const total = (why: readonly Why[]) => why.reduce((sum, { points }) => sum + points, 0)

function area({ places }: World, placeId: string, post: string): Why[] {
  if (!places.within(placeId, post)) return []
  const kind = places.get(post)?.kind
  if (kind === 'building' || kind === 'unit') return [reason('own-building')]
  if (kind === 'cluster') return [reason('own-cluster')]
  return [reason(kind === 'grid' ? 'own-grid' : 'own-area')]
}

function duty(world: World, staffId: string, at: Millis): Why[] {
  const shift = world.shiftOf(staffId, at)
  return shift ? [{ ...reason('on-duty'), shift: shift.name, until: shift.to }] : []
}

function distance(world: World, placeId: string, from: string): Why[] {
  const [there, here] = [located(world, placeId), located(world, from)]
  if (!there || !here) return []
  const metres = Math.round(metresBetween(there, here))
  return metres >= FAR ? [] : [{ code: 'near', points: Math.round(POINTS.near * (1 - metres / FAR)), metres }]
}

const busy = (orders: number): Why[] =>
  orders > 0 ? [{ code: 'busy', points: POINTS.busy * Math.min(orders, MOST_LOAD), count: orders }] : []
