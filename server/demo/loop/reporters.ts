import { type Incident, isOpenIncident } from '../../../shared/incident.ts'
import type { Random } from '../../../shared/random.ts'
import type { Report } from '../../../shared/report.ts'
import type { Millis } from '../../../shared/status.ts'
import type { World } from '../../../shared/world.ts'
import type { Caller, Who } from '../rest.ts'
import { drawn } from './album.ts'
import { MATTERS, OPENING } from './matters.ts'
import type { Own } from './own.ts'
import type { Ratings } from './ratings.ts'
import type { Rhythm } from './rhythm.ts'
import { chooseSaying, type Saying } from './saying.ts'

/** Those who report: residents, callers, workers on their rounds, shops. */
export interface Reporters {
  step(open: readonly Incident[], now: Millis, real: number): Promise<void>
}

export interface ReportersOptions {
  call: (who: Who) => Caller
  world: World
  random: Random
  rhythm: Rhythm
  own: Own
  ratings: Ratings
}

/** At most so many reported matters at once: a queue that only grows is no believable one. */
const MOST = 10
/** So many kinds are not said again. */
const RECENT = 6
const CHANNELS = { resident: undefined, caller: 'hotline', worker: 'field', shop: 'shop', whistle: 'whistle' } as const

export function createReporters({ call, world, random, rhythm, own, ratings }: ReportersOptions): Reporters {
  const recent: string[] = []
  let coming: { at: Millis; saying: Saying }[] = []

  const send = async (saying: Saying, now: Millis) => {
    const { matter, way, who, placeId, text, caller, picture } = saying
    const photo = picture && (await drawn(call(who), picture, random))
    const channel = CHANNELS[way]
    const body = {
      ...{ kind: matter.kind, text, placeId },
      ...(channel && { channel }),
      ...(caller && { reporter: caller }),
      ...(photo && { photos: [photo] }),
      ...(way === 'whistle' && { teams: matter.teams }),
    }
    const { status, body: report } = await call(who).post<Report>(
      '/api/reports',
      body,
      `demo-report-${now}-${matter.kind}-${who.residentId ?? way}`,
    )
    if (status >= 300 || !report.incidentId) return
    own.add(report.incidentId, saying)
    if (who.role === 'resident') ratings.expect(report, who, matter)
  }

  const next = (count: number, open: readonly Incident[], now: Millis) => {
    const choice = { world, random, now, recent: new Set(recent), taken: new Set(open.map(({ placeId }) => placeId)) }
    const saying = chooseSaying(MATTERS, choice, OPENING[count]) ?? chooseSaying(MATTERS, choice)
    if (!saying) return
    recent.push(saying.matter.kind)
    recent.splice(0, recent.length - RECENT)
    coming.push({ at: now, saying })
    if (saying.neighbour) coming.push({ at: now + saying.neighbour.after, saying: asNeighbour(saying, saying.neighbour) })
  }

  return {
    async step(open, now, real) {
      const reported = open.filter((one) => isOpenIncident(one) && one.reports.length > 0)
      const count = reported.length + coming.length < MOST ? rhythm.due(now, real) : undefined
      if (count !== undefined) next(count, open, now)
      const due = coming.filter(({ at }) => at <= now)
      coming = coming.filter(({ at }) => at > now)
      for (const { saying } of due) await send(saying, now)
    },
  }
}

const asNeighbour = (saying: Saying, { residentId, placeId, text }: NonNullable<Saying['neighbour']>): Saying => ({
  matter: saying.matter,
  way: 'resident',
  who: { role: 'resident', residentId },
  placeId,
  text,
  same: saying,
})
