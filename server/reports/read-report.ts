import type { MatterKind } from '../../shared/matter-kind.ts'
import { notFound } from '../../shared/problem.ts'
import { REPORT_CHANNELS, type Report, type ReportChannel, type Reporter } from '../../shared/report.ts'
import { actorId, fieldMissing, fieldWrong, isLeader, optionalText } from '../command.ts'
import type { Command, Work } from '../work.ts'
import { nearestPlace } from './where.ts'

/** What a person may have said before it reached us: a phone without a network, a call that was written down. */
const LATEST = 24 * 3_600_000
const MOST_PHOTOS = 9

/** What a report says, checked field by field. Problems name the field and the fix. */
export type Said = Pick<Report, 'channel' | 'kind' | 'text' | 'placeId' | 'reporter' | 'photos' | 'at'> &
  Partial<Pick<Report, 'spot' | 'lon' | 'lat' | 'externalId' | 'teams'>>

export function readReport(work: Work, command: Command): { said: Said; kind: MatterKind } {
  const channel = channelOf(command)
  const kind = kindOf(work, command)
  const point = pointOf(command)
  const said: Said = {
    channel,
    kind: kind.id,
    text: optionalText(command, 'text') ?? '',
    placeId: placeOf(work, command, point),
    reporter: reporterOf(command, channel),
    photos: listOf(command, 'photos', MOST_PHOTOS),
    at: saidAt(work, command),
    ...given('spot', optionalText(command, 'spot')),
    ...point,
    ...given('externalId', optionalText(command, 'externalId')),
    ...(channel === 'whistle' && { teams: teamsOf(work, command) }),
  }
  return { said, kind }
}

const given = <K extends string>(key: K, value: string | undefined) => (value === undefined ? {} : ({ [key]: value } as Record<K, string>))

/** A resident speaks for themselves; who works here says how it came to them. */
function channelOf({ actor, body }: Command): ReportChannel {
  if (actor.role === 'resident') return 'resident'
  const fallback = isLeader(actor) ? 'desk' : 'field'
  const channel = body.channel ?? fallback
  const allowed: readonly unknown[] = isLeader(actor) ? REPORT_CHANNELS : ['field', 'shop', 'whistle']
  if (!allowed.includes(channel)) throw fieldWrong('channel', `one of ${allowed.join(', ')}`)
  return channel as ReportChannel
}

function kindOf(work: Work, command: Command): MatterKind {
  const id = optionalText(command, 'kind')
  if (id === undefined) throw fieldMissing('kind', 'the id of a kind: see /api/kinds')
  const kind = work.world.matterKind(id)
  if (!kind) throw fieldWrong('kind', 'the id of a kind: see /api/kinds')
  return kind
}

function pointOf({ body }: Command): Pick<Said, 'lon' | 'lat'> {
  const { lon, lat } = body
  if (lon === undefined && lat === undefined) return {}
  if (typeof lon !== 'number' || !(Math.abs(lon) <= 180)) throw fieldWrong('lon', 'degrees east, WGS 84, with lat')
  if (typeof lat !== 'number' || !(Math.abs(lat) <= 90)) throw fieldWrong('lat', 'degrees north, WGS 84, with lon')
  return { lon, lat }
}

/** As said; else nearest to the point; else a resident's own home, or the community that somebody works for. */
function placeOf(work: Work, command: Command, { lon, lat }: Pick<Said, 'lon' | 'lat'>): string {
  const { places } = work.world
  const id = optionalText(command, 'placeId')
  if (id !== undefined) {
    if (!places.get(id))
      throw notFound(`There is no place ${id}.`, { errors: [{ field: 'placeId', detail: 'is not known', fix: 'see /api/places' }] })
    return id
  }
  const near = lon === undefined ? undefined : nearestPlace(work.world, lon, lat!)
  if (near) return near.id
  if (lon !== undefined) throw fieldWrong('lon', 'a point within 300 m of a building or a named spot, or a placeId')
  if (command.actor.role !== 'resident') throw fieldMissing('placeId', 'where it is')
  return command.actor.scope
}

function reporterOf({ actor, body, given: added }: Command, channel: ReportChannel): Reporter {
  const said = (typeof body.reporter === 'object' && body.reporter !== null ? body.reporter : {}) as Record<string, unknown>
  const words = (field: 'name' | 'phone', longest: number) => {
    const value = said[field]
    if (value === undefined || value === null || value === '') return {}
    if (typeof value !== 'string' || value.length > longest)
      throw fieldWrong(`reporter.${field}`, `a text of at most ${longest} characters`)
    return { [field]: value.trim() }
  }
  if (actor.role === 'resident')
    return { kind: 'resident', id: actor.id, name: actor.name, ...words('phone', 20), key: `resident ${actor.id}` }
  if (channel === 'field' || channel === 'shop' || channel === 'whistle')
    return { kind: 'staff', id: actorId(actor), name: actor.name, key: `staff ${actorId(actor)}` }
  const caller = { ...words('name', 40), ...words('phone', 20) }
  const callback = said.callback === true && caller.phone !== undefined && { callback: true }
  if (caller.name === undefined && caller.phone === undefined) return { kind: 'nobody' }
  return { kind: 'caller', ...caller, ...callback, ...(typeof added?.callerKey === 'string' && { key: added.callerKey }) }
}

function listOf({ body }: Command, field: string, most: number): string[] {
  const list = body[field] ?? []
  if (!Array.isArray(list) || list.length > most || list.some((one) => typeof one !== 'string' || one.length > 64))
    throw fieldWrong(field, `a list of at most ${most} ids`)
  return [...new Set(list as string[])]
}

function saidAt(work: Work, command: Command): number {
  const { at } = command.body
  if (at === undefined || at === null) return work.now
  const ms = typeof at === 'string' ? Date.parse(at) : at
  if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < work.now - LATEST) throw fieldWrong('at', 'a time within the last 24 hours')
  // a phone's clock may run ahead
  return Math.min(ms, work.now)
}

function teamsOf(work: Work, command: Command): string[] {
  const ids = listOf(command, 'teams', 20)
  if (ids.length === 0) throw fieldMissing('teams', 'the ids of the teams that are called: see /api/teams')
  const unknown = ids.find((id) => !work.world.team(id))
  if (unknown !== undefined) throw fieldWrong('teams', `ids of teams: ${unknown} is none`)
  return ids
}
