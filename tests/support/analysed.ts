import { applyFindings } from '../../server/analysis/alerts.ts'
import type { Signal } from '../../shared/signal.ts'
import type { World } from '../../shared/world.ts'
import { testAnalysis } from './analysis.ts'
import { testWork } from './work.ts'

/** Signals on their way to alerts, as the pipeline takes them. */
export function analysed(world: World) {
  const { take } = testAnalysis({ world })
  const work = testWork(world)
  const alerts = () => [...work.alerts.things.values()]
  Object.assign(work.alerts, { latest: (key: string) => alerts().findLast((alert) => alert.key === key) })
  return {
    play(signals: readonly Signal[]) {
      for (const signal of signals) {
        work.now = signal.receivedAt
        applyFindings(work, take(signal))
      }
    },
    open: () => alerts().filter(({ state }) => state !== 'normal'),
  }
}
