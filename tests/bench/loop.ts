import { createWorld } from '../../server/registers/world.ts'
import { createLoopStore } from '../../server/store/loop.ts'
import { openStore } from '../../server/store/open.ts'
import { areaIdsOf } from '../../shared/areas.ts'
import type { Ended, LoopStep, Took } from '../../shared/loop.ts'
import { targetsFrom } from '../../shared/loop-times.ts'
import { REPORT_KIND } from '../../shared/matter-kind.ts'
import { type Random, seededRandom } from '../../shared/random.ts'
import { pilotRegisters } from '../support/registers.ts'
import { startServer } from '../support/server.ts'
import { signIn } from '../support/session.ts'
import { inTurns, residentMb, spread } from './numbers.ts'

const YEARS = 3 * 365 * 86_400_000
const BATCH = 5_000

/** What `count` closed incidents with an order each give to the figures, over three years, through the store that the engine writes with. */
export function fillLoop(dataDir: string, count: number, tell: (done: number) => void): void {
  const world = createWorld(pilotRegisters())
  const db = openStore(dataDir, 'demo')
  db.pragma('synchronous = OFF')
  const store = createLoopStore(db, () => world.utcOffset)
  const random = seededRandom(20261123)
  const targetOf = targetsFrom(world.threshold)
  const places = world.places.all().filter(({ kind }) => ['flat', 'building', 'spot'].includes(kind))
  const teams = ['', '', '', ...world.teams().map(({ id }) => id)]
  const start = Date.now() - YEARS
  const make = (n: number) => {
    const kind = random.pick(world.matterKinds())
    const matter = { kind: REPORT_KIND + kind.id, priority: kind.priority, placeId: random.pick(places).id }
    const took = (...steps: LoopStep[]) => Object.fromEntries(steps.map((step) => [step, took1(random, targetOf(step, matter))]))
    const common = { ...matter, at: start + (YEARS / count) * n, team: random.pick(teams) }
    const areas = areaIdsOf(world.places, matter.placeId)
    const channel = random.pick(['hotline', 'resident', 'field', 'alert'] as const)
    const stars = random.chance(0.3) ? { ratings: 1, stars: random.int(1, 5) } : {}
    const overdue = random.chance(0.05) ? 1 : 0
    const incident: Ended = {
      ...{ ...common, id: `incident-${n}`, took: took('acknowledge', 'dispatch', 'close') },
      counts: { incidents: 1, overdue, [channel]: 1, ...stars },
    }
    const order: Ended = { ...common, id: `order-${n}`, took: took('accept', 'arrive', 'handle', 'verify'), counts: { orders: 1 } }
    return [incident, order].map((ended) => ({ id: ended.id, ended, areas }))
  }
  for (let n = 1; n <= count; n += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - n + 1) }, (_, i) => make(n + i)).flat()
    db.transaction(() => store.put(rows))()
    if ((n - 1) % 100_000 === 0) tell(n)
  }
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

/** log-normal, as such times are: half of them within a third of the target */
function took1(random: Random, target: number): Took {
  const seconds = (target / 3) * Math.exp(random.normal(0, 0.7))
  return { seconds, target, within: seconds <= target }
}

const QUERIES: Record<string, string> = {
  '30 days by kind': '?by=kind',
  '30 days by grid': '?by=grid',
  '30 days by team': '?by=team',
  'one grid, a quarter by kind': '?by=kind&placeId=caihong-g3&days=90',
  'a quarter by kind': '?by=kind&days=90',
  'a year by kind': '?by=kind&days=365',
  'three years by kind': '?by=kind&days=1090',
  'three years by grid': '?by=grid&days=1090',
}

/** The figures of the loop over HTTP, each question in turn. */
export async function loop(dataDir: string, times: number) {
  const start = performance.now()
  const server = await startServer({ dataDir, patience: 600_000 })
  const readyMs = Math.round(performance.now() - start)
  try {
    const officer = await signIn(server, 'officer')
    const ask = async (query: string) => {
      const begin = performance.now()
      const figures = await officer.get<{ all: { incidents: number } }>(`/api/loop${query}`)
      return { ms: performance.now() - begin, incidents: figures.all.incidents }
    }
    const counted: Record<string, number> = {}
    for (const [name, query] of Object.entries(QUERIES)) counted[name] = (await ask(query)).incidents
    const samples = await inTurns(QUERIES, times, async (query) => (await ask(query)).ms)
    const by = Object.fromEntries(Object.entries(samples).map(([name, list]) => [name, { incidents: counted[name], ...spread(list) }]))
    return { readyMs, memoryMb: residentMb(server.pid), all: spread(Object.values(samples).flat()), by }
  } finally {
    await server.stop()
  }
}
