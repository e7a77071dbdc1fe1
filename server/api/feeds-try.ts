import { type Static, Type } from 'typebox'
import type { Reject } from '../../shared/arrival.ts'
import { FeedId, type Feed as FeedRecord } from '../../shared/feed.ts'
import type { TriedSignal, TryResult } from '../../shared/field-map.ts'
import { badRequest, notFound, type ProblemError } from '../../shared/problem.ts'
import { SIGNAL_DATA, type SignalDraft } from '../../shared/signal.ts'
import { isoWithOffset } from '../../shared/time.ts'
import type { World } from '../../shared/world.ts'
import { flawsOf } from '../feeds/sources/json-map-flaws.ts'
import { planOf } from '../feeds/sources/json-map-plan.ts'
import { type Trial, tryMap } from '../feeds/sources/json-map-try.ts'
import { dataFlaw } from '../intake/check-data.ts'
import { readFeed } from '../store/feeds.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'

const Body = Type.Object({
  map: Type.Optional(Type.Unknown({ description: 'the field map; absent: the one of the feed' })),
  sample: Type.String({ maxLength: 256 * 1024, description: 'a message as the sender would post it' }),
  feed: Type.Optional(FeedId),
})
const SCHEMA = {
  tags: ['feeds'],
  summary: 'What a field map makes of a message; nothing is stored',
  body: Body,
}

/** Trying costs nothing and keeps nothing: see shared/field-map.ts for the shapes. */
export function feedsTryRoutes(app: App, { access, world, read, engine }: Api): void {
  const guard = createGuard({ access, world })
  app.post('/api/feeds/try', { schema: SCHEMA }, async (request): Promise<TryResult> => {
    guard.allow(request, 'feeds.manage')
    const { feed: id, sample, map: given } = request.body as Static<typeof Body>
    const feed = id === undefined ? undefined : readFeed(read, id)
    const map = given ?? (id === undefined ? undefined : mapOf(feed, id))
    const errors = flawsOf(map)
    if (errors.length > 0) throw unusable(errors)
    const context = { now: engine.clock().now, utcOffset: world().utcOffset }
    const { decoded, origin, unused, unread } = tryMap(planOf(map as never), sample, { feedId: id ?? 'feed', feed, context })
    const judged = decoded.drafts.map((draft) => flawOf(draft, origin) ?? tried(draft, id, world()))
    return {
      signals: judged.filter((one) => 'type' in one),
      rejects: [...decoded.rejects.map(shown), ...judged.filter((one) => 'reason' in one)],
      ignored: decoded.ignored ?? 0,
      unused,
      unread,
    }
  })
}

function mapOf(feed: Pick<FeedRecord, 'map'> | undefined, id: string): unknown {
  if (!feed) throw notFound(`There is no feed ${id}: make it first, or give the map`)
  if (!feed.map)
    throw badRequest(`${id} has no field map yet: give one`, {
      errors: [{ field: 'map', detail: 'is missing', fix: 'give {"type": …, "data": {…}}' }],
    })
  return feed.map
}

function unusable(errors: ReturnType<typeof flawsOf>): ProblemError {
  const [first] = errors
  return badRequest(`${first!.field} ${first!.detail}: ${first!.fix}`, { errors })
}

const shown = ({ reason, detail, where }: Reject) => ({ reason, detail, where: where ?? null })

/** What intake would say of it. */
function flawOf(draft: SignalDraft, origin: Trial['origin']): TryResult['rejects'][number] | undefined {
  const flaw = dataFlaw(draft.type, draft.data)
  if (!flaw) return undefined
  const field = flaw.where.split('/')[2] ?? missingIn(draft) ?? ''
  return { reason: 'invalid-data', detail: `${draft.type} ${flaw.where.slice(1)} ${flaw.detail}`, where: origin(draft, field) }
}

const missingIn = ({ type, data }: SignalDraft) =>
  (SIGNAL_DATA[type] as { required?: string[] }).required?.find((field) => !(field in (data as object)))

function tried(draft: SignalDraft, feed: string | undefined, world: World): TriedSignal {
  const { type, id, time, offset, status, address = null, data, timeAssumed = false } = draft
  const device = feed !== undefined && address !== null ? world.deviceByAddress(feed, address) : undefined
  return {
    type,
    id,
    time: isoWithOffset(time, offset),
    timeAssumed,
    status,
    address,
    device: device ? { id: device.id, name: device.name, placeId: device.placeId } : null,
    data,
  }
}
