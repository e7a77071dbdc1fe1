import { type Analysis, createAnalysis } from '../../server/analysis/analysis.ts'
import { createCheckpoint } from '../../server/store/checkpoint.ts'
import { type Db, openStore } from '../../server/store/open.ts'
import type { World } from '../../shared/world.ts'
import { allSayings, HOUR, MINUTE, NOW, signalMaker } from './households-life.ts'
import { round } from './numbers.ts'

/** In this process alone: rows to states, and the first tick over all of them. */
export function reload(dataDir: string, world: World) {
  globalThis.gc?.()
  const before = process.memoryUsage()
  const cpu = process.cpuUsage()
  const began = performance.now()
  const db = openStore(dataDir, 'demo')
  const { memories } = createCheckpoint(db).load()
  const analysis = createAnalysis({ world })
  analysis.restore(memories)
  analysis.onTick(NOW + MINUTE)
  const seconds = round((performance.now() - began) / 1000)
  const { user, system } = process.cpuUsage(cpu)
  db.close()
  memories.length = 0
  globalThis.gc?.()
  const after = process.memoryUsage()
  return {
    analysis,
    seconds,
    cpuSeconds: round((user + system) / 1e6),
    heapMb: round((after.heapUsed + after.external - before.heapUsed - before.external) / 1_048_576, 0),
  }
}

/** ms of domain time between two checkpoints at the real rate */
const CHECKPOINT = 5_000

export function shareOf(analysis: Analysis, homes: number, hours: number, db: Db) {
  const from = NOW
  const until = from + hours * HOUR
  const signalOf = signalMaker()
  const spent = { signals: 0, ticks: 0, checkpoints: 0 }
  const timed = (what: keyof typeof spent, run: () => void) => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    spent[what] += (user + system) / 1000
  }
  const checkpoint = createCheckpoint(db)
  const { cursor } = checkpoint.load()
  const all = allSayings(homes, from, until).map(signalOf)
  let next = 0
  let findings = 0
  for (let at = from + CHECKPOINT; at <= until; at += CHECKPOINT) {
    timed('signals', () => {
      while (next < all.length && all[next]!.receivedAt < at) findings += analysis.onSignal(all[next++]!).length
    })
    if (at % MINUTE === 0)
      timed('ticks', () => {
        findings += analysis.onTick(at).length
      })
    timed('checkpoints', () => db.transaction(() => checkpoint.save(analysis.dirty(), cursor))())
  }
  db.close()
  const percent = (ms: number) => round((100 * ms) / (hours * HOUR))
  const total = spent.signals + spent.ticks + spent.checkpoints
  return {
    ...{ hours, signals: all.length, findings, errors: analysis.health().reduce((sum, { errors }) => sum + errors, 0) },
    percentOfACore: {
      ...{ signals: percent(spent.signals), ticks: percent(spent.ticks), checkpoints: percent(spent.checkpoints) },
      total: percent(total),
    },
    msATick: round(spent.ticks / (hours * 60), 1),
  }
}
