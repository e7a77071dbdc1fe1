import type { Random } from '../../../shared/random.ts'
import type { Report, ReportProgress } from '../../../shared/report.ts'
import type { Millis } from '../../../shared/status.ts'
import type { Caller, Who } from '../rest.ts'
import { type Span, within } from '../span.ts'
import type { Matter } from './matters.ts'

/** Residents look how far their report has come, and say what they think of it in the end. */
export interface Ratings {
  expect(report: Pick<Report, 'id' | 'incidentId'>, who: Who, matter: Matter): void
  /** `open`: ids of incidents that are */
  step(open: ReadonlySet<string>, now: Millis): Promise<void>
}

interface Expected {
  id: string
  incidentId: string
  who: Who
  matter: Matter
  /** not before */
  from: Millis
}

/** Seconds after the end; share of those who say anything; how many stars. */
const WAIT: Span = [20, 110]
const RATED = 0.8
const STARS = [
  [5, 6],
  [4, 3],
  [3, 1],
] as const
/** ms; it went on in another incident */
const LOOK_AGAIN = 60_000
const MOST = 200

export function createRatings(call: (who: Who) => Caller, random: Random): Ratings {
  let expected: Expected[] = []

  const rate = async (one: Expected, now: Millis): Promise<Expected[]> => {
    const mine = await call(one.who).get<{ items: ReportProgress[] }>('/api/my/reports')
    const progress = mine?.items.find(({ id }) => id === one.id)
    if (progress && progress.state !== 'closed') return progress.state === 'withdrawn' ? [] : [{ ...one, from: now + LOOK_AGAIN }]
    if (!progress || progress.rating || !random.chance(RATED)) return []
    const stars = random.weighted(STARS)
    const text = one.matter.thanks.length > 0 && random.chance(0.7) ? random.pick(one.matter.thanks) : undefined
    await call(one.who).post(`/api/my/reports/${one.id}/rate`, { stars, ...(text && { text }) }, `demo-${one.id}-rate`)
    return []
  }

  return {
    expect({ id, incidentId }, who, matter) {
      expected.push({ id, incidentId: incidentId!, who, matter, from: 0 })
      expected = expected.slice(-MOST)
    },
    async step(open, now) {
      const waiting: Expected[] = []
      for (const one of expected) {
        if (open.has(one.incidentId)) waiting.push({ ...one, from: 0 })
        else if (one.from === 0) waiting.push({ ...one, from: now + within(random, WAIT) })
        else if (now < one.from) waiting.push(one)
        else waiting.push(...(await rate(one, now)))
      }
      expected = waiting
    },
  }
}
