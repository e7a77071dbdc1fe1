import type { Incident } from '../shared/incident.ts'
import { badRequest, conflict, forbidden, notFound, unprocessable } from '../shared/problem.ts'
import type { Actor, Command, Work } from './work.ts'

/** Who did it, as the record says it: the staff record behind a user when there is one. */
export const actorId = (actor: Actor) => actor.staffId ?? actor.id

const LEADERS: readonly Actor['role'][] = ['officer', 'supervisor', 'admin']
export const isLeader = (actor: Actor) => LEADERS.includes(actor.role)

export function onlyLeaders(actor: Actor, what: string) {
  if (!isLeader(actor)) throw forbidden(`Only an officer or a supervisor may ${what}; you are signed in as ${actor.role}.`)
}

export function findIncident(work: Work, id: string | undefined): Incident {
  const incident = id === undefined ? undefined : work.incidents.get(id)
  if (!incident) throw notFound(`There is no incident ${id ?? 'without an id'}.`)
  return incident
}

/** D2: the version that the sender saw must be the one that stands. */
export function checkVersion(thing: { id: string; version: number }, command: Command, last: string) {
  if (command.version === undefined) throw fieldMissing('version', `the version of ${thing.id} that you saw, now ${thing.version}`)
  if (command.version === thing.version) return
  const detail = `${thing.id} has changed since you saw it: version ${command.version} is now ${thing.version} (${last}). Look at it again.`
  throw conflict(detail, { current: thing })
}

export const LONGEST_TEXT = 2000

export function requiredText(command: Command, field: string): string {
  const text = optionalText(command, field)
  if (text === undefined) throw fieldMissing(field, 'a sentence')
  return text
}

export function optionalText(command: Command, field: string): string | undefined {
  const value = command.body[field]
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return undefined
  if (typeof value !== 'string' || value.length > LONGEST_TEXT) throw fieldWrong(field, `a text of at most ${LONGEST_TEXT} characters`)
  return value.trim()
}

/** 30 days, in ms: what is put off has an end that somebody here will see. */
export const LONGEST_WAIT = 30 * 86_400_000

/** Milliseconds since 1970 or an ISO 8601 time with its offset; must lie after `now`, by `longest` ms at most. */
export function requiredFuture(command: Command, field: string, now: number, longest = LONGEST_WAIT): number {
  const value = command.body[field]
  if (value === undefined || value === null) throw fieldMissing(field, 'an ISO 8601 time or milliseconds since 1970')
  const at = readTime(value, field)
  if (at <= now || at > now + longest) throw fieldWrong(field, `a time after ${isoTime(now)} and up to ${isoTime(now + longest)}`)
  return at
}

/** @throws for what is neither an ISO 8601 time nor milliseconds since 1970 */
export function readTime(value: unknown, field: string): number {
  const at = typeof value === 'string' ? Date.parse(value) : value
  if (typeof at === 'number' && Number.isFinite(at)) return at
  throw fieldWrong(field, 'an ISO 8601 time or milliseconds since 1970')
}

export const isoTime = (at: number) => new Date(at).toISOString()

export function fieldMissing(field: string, wanted: string) {
  return badRequest(`${field} is missing.`, { errors: [{ field, detail: 'is missing', fix: `give ${wanted}` }] })
}
export function fieldWrong(field: string, wanted: string) {
  return unprocessable(`${field} is not possible.`, { errors: [{ field, detail: 'is not possible', fix: `give ${wanted}` }] })
}
