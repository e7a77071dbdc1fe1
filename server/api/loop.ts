import { Type } from 'typebox'
import { areaIdsOf } from '../../shared/areas.ts'
import { LOOP_BY, type LoopBy, type LoopFigures, type LoopGroup } from '../../shared/loop.ts'
import { OUTSIDE_TARGETS } from '../../shared/loop-outside.ts'
import { matterKindOf } from '../../shared/matter-kind.ts'
import { badRequest, unprocessable } from '../../shared/problem.ts'
import type { World } from '../../shared/world.ts'
import { openByTeam, openNow, readLoop, spansOf } from '../store/loop.ts'
import { type Cell, newCell } from '../store/sketch.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { groupOf } from './loop-group.ts'
import { PlaceId } from './queries.ts'

const DAY = 86_400_000
/** without `since` */
const USUAL_DAYS = 30

const Query = Type.Object({
  placeId: Type.Optional(PlaceId),
  since: Type.Optional(Type.String({ description: 'ms, or a date; the local day counts as a whole. 30 days ago unless said' })),
  until: Type.Optional(Type.String({ description: 'likewise, the day counted in; today unless said' })),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 1100, description: 'so many days up to `until`, instead of `since`' })),
  by: Type.Optional(Type.Enum([...LOOP_BY])),
})

/** How the loop goes: times of its steps against targets, by kind, grid, team or priority. */
export function loopRoutes(app: App, { access, world, engine, read }: Api): void {
  const guard = createGuard({ access, world })
  const summary = 'Figures of the loop, of what ended in the time; longer than 45 days: whole months. Exercises count in none'
  app.get('/api/loop', { schema: { tags: ['incidents'], summary, querystring: Query } }, async (request): Promise<LoopFigures> => {
    const { query } = request
    const { scope } = guard.scopeOf(request, 'loop.view', query.placeId)
    mustBeArea(world(), scope)
    const { now } = engine.clock()
    const offset = world().utcOffset * 60_000
    const dayOf = (at: number) => Math.floor((at + offset) / DAY)
    const until = dayOf(timeOf('until', query.until) ?? now)
    const since = query.since === undefined ? until - (query.days ?? USUAL_DAYS) + 1 : dayOf(timeOf('since', query.since)!)
    if (since > until) throw wrong('since', 'lies after `until`', 'a day before it')
    const { from, to, grain, spans } = spansOf(since, until, dayOf(now))
    const by = query.by ?? 'kind'
    const cells = (area: string, dim: 'all' | 'kind' | 'team' | 'priority') => readLoop(read, area, dim, grain, spans)
    const sums = by === 'grid' ? byGrid(world(), scope, (grid) => cells(grid, 'all').get('')) : cells(scope, by)
    const open = openIn(read, world(), scope, by)
    for (const key of open.groups.keys()) if (!sums.has(key)) sums.set(key, newCell())
    const groups = [...sums].map(([key, cell]) => groupOf(key, nameOf(world(), by, key), cell, open.groups.get(key) ?? noneOpen(by)))
    return {
      ...{ placeId: scope, since: from * DAY - offset, until: (to + 1) * DAY - offset, by },
      all: groupOf('', '', cells(scope, 'all').get('') ?? newCell(), open.all),
      groups: groups.sort(byWork),
      outside: OUTSIDE_TARGETS,
    }
  })
}

function mustBeArea(world: World, scope: string): void {
  if (areaIdsOf(world.places, scope)[0] === scope) return
  throw unprocessable(`${scope} is smaller than a grid: figures of so few matters would tell of single people`, {
    errors: [{ field: '?placeId', detail: 'smaller than a grid', fix: 'a grid, community, street or district' }],
  })
}

function timeOf(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (!Number.isSafeInteger(at) || at > 8.64e15) throw wrong(field, 'no time', 'ms since 1970, or 2026-11-01')
  return at
}
const wrong = (field: string, detail: string, fix: string) =>
  badRequest(`${field}: ${detail}`, { errors: [{ field: `?${field}`, detail, fix }] })

const gridsIn = ({ places }: World, scope: string) => places.all().filter(({ id, kind }) => kind === 'grid' && places.within(id, scope))

function byGrid(world: World, scope: string, sumOf: (grid: string) => Cell | undefined): Map<string, Cell> {
  return new Map(gridsIn(world, scope).map(({ id }) => [id, sumOf(id) ?? newCell()]))
}

function nameOf(world: World, by: LoopBy, key: string): string {
  if (by === 'kind') return world.matterKind(matterKindOf(key) ?? '')?.name ?? ''
  if (by === 'grid') return world.places.get(key)?.name ?? ''
  return by === 'team' ? (world.team(key)?.name ?? '') : ''
}

type Open = LoopGroup['now']
const noneOpen = (by: LoopBy): Open => (by === 'team' ? { open: 0 } : { open: 0, overdue: 0, waiting: 0 })

/** What is open now, of the area. */
function openIn(read: Api['read'], world: World, scope: string, by: LoopBy) {
  const all = { open: 0, overdue: 0, waiting: 0 }
  const groups = new Map<string, Open>()
  const at = (key: string) => {
    const known = groups.get(key)
    const open = known ?? noneOpen(by)
    if (!known) groups.set(key, open)
    return open
  }
  const areas = areasBy(world)
  for (const { kind, place, priority, n, overdue, waiting } of openNow(read)) {
    const { within, grid } = areas(place, scope)
    if (!within) continue
    sum(all, n, overdue, waiting)
    const key = by === 'kind' ? kind : by === 'grid' ? grid : by === 'priority' ? String(priority) : undefined
    if (key !== undefined) sum(at(key), n, overdue, waiting)
  }
  if (by === 'team') for (const { team, place, n } of openByTeam(read)) if (areas(place, scope).within) at(team).open += n
  return { all, groups }
}

function sum(open: Open, n: number, overdue: number, waiting: number) {
  open.open += n
  open.overdue = (open.overdue ?? 0) + overdue
  open.waiting = (open.waiting ?? 0) + waiting
}

/** Many rows lie at few places. */
function areasBy({ places }: World) {
  const known = new Map<string, { within: boolean; grid: string | undefined }>()
  return (place: string, scope: string) => {
    const there = known.get(place)
    if (there) return there
    const found = { within: places.within(place, scope), grid: places.nearest(place, 'grid')?.id }
    known.set(place, found)
    return found
  }
}

const byWork = (a: LoopGroup, b: LoopGroup) =>
  b.incidents + b.orders - (a.incidents + a.orders) || b.now.open - a.now.open || (a.key < b.key ? -1 : 1)
