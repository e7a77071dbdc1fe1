import { lineFor } from '../../../server/analysis/quiet/line.ts'
import { hearSign, newQuiet } from '../../../server/analysis/quiet/model.ts'
import type { HomeData } from './data.ts'
import { createReplay, type Sign } from './replay.ts'
import { round } from './score.ts'

/** What one household costs: its days through the server's detectors with a heartbeat of each sensor every half hour, and its state. */
export function costOf(signs: readonly Sign[], home: Pick<HomeData, 'at'>) {
  const days = (signs.at(-1)!.at - signs[0]!.at) / 86_400
  const before = process.cpuUsage()
  const replay = createReplay()
  for (const sign of signs) replay.sign(sign)
  const used = process.cpuUsage(before)
  const msADay = (used.user + used.system) / 1000 / days
  const states = replay.memory().filter(({ part }) => part === 'analysis.inactivity')
  const quiet = newQuiet()
  for (const at of home.at) hearSign(quiet, { at: at * 1000, after: 'home' }, { utcOffset: 0, heardSince: 0 })
  const begun = performance.now()
  for (let n = 0; n < 20; n++) lineFor(quiet.home, 0.5)
  return {
    days: round(days, 0),
    signsADay: round(signs.length / days, 0),
    /** a detector of each kind, alone in its world: an upper bound */
    cpuMsADay: round(msADay, 1),
    tenThousandHouseholds: `${round((msADay * 10_000) / 864_000, 2)} % of a core`,
    lineMs: round((performance.now() - begun) / 20, 2),
    stateBytes: Math.max(...states.map(({ value }) => JSON.stringify(value).length)),
  }
}
