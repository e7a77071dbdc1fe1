import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HomeData } from '../bench/care/data.ts'
import { alertsOfCurve, alertsOfDetectors, scoredFrom } from '../bench/care/expected.ts'
import { madeUpLife } from '../bench/care/made-up.ts'
import { shippedRate } from '../bench/care/shipped.ts'
import { bindHome, replayHome } from '../support/care-replay.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'

const DAY = 86_400
const HOUR = 3_600

/** A made-up life with seed: on one day nobody stirs after breakfast, on another somebody goes out and is late. */
function home(): HomeData {
  const isSpared = (at: number) =>
    (at > 29 * DAY + 8.5 * HOUR && at < 29 * DAY + 20 * HOUR) || (at > 30 * DAY + 10 * HOUR && at < 30 * DAY + 21 * HOUR)
  const life = madeUpLife(31)
    .filter(({ at }) => !isSpared(at))
    .concat([10, 21].map((hour) => ({ at: 30 * DAY + hour * HOUR, sensor: 'door' as const })))
    .sort((a, b) => a.at - b.at)
  return {
    name: 'made up',
    at: Float64Array.from(life, ({ at }) => at),
    door: Uint8Array.from(life, ({ sensor }) => Number(sensor === 'door')),
    away: [],
  }
}

let server: RunningServer
beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' } })
})
afterAll(async () => {
  if (server) await discard(server)
})

test('[A1] a month of a home through the HTTP feed: the alerts of the server are those that the bench counts', async () => {
  const MONTH = 30 * DAY
  const bound = await bindHome(server, MONTH)
  const days = home()
  const { found } = await replayHome(server, bound, days, { heartbeats: 15, coarseUntil: scoredFrom(days) - DAY })
  const silences = (list: readonly { kind: string; after: number }[]) => list.map(({ kind, after }) => `${kind} after ${after}`)
  const scored = found.filter(({ at }) => at >= scoredFrom(days))
  const curve = alertsOfCurve(days, shippedRate())
  expect(silences(scored)).toEqual(silences(curve))
  expect(new Set(curve.map(({ kind }) => kind))).toEqual(new Set(['inactivity', 'not-returned']))
  for (const [n, { at }] of scored.entries()) {
    expect(at).toBeGreaterThanOrEqual(curve[n]!.at)
    // ticks are a minute apart
    expect(at - curve[n]!.at).toBeLessThanOrEqual(60)
  }
  const detectors = alertsOfDetectors(days, 15, bound.resident)
  expect(silences(found)).toEqual(silences(detectors))
}, 600_000)
