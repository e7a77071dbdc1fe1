import { type Line, linesFor } from '../../../server/analysis/quiet/line.ts'
import { backBy, DAYS_TO_LEARN, hearSign, newQuiet, RETURNS_TO_KNOW, tooLongAt } from '../../../server/analysis/quiet/model.ts'
import type { HomeData } from './data.ts'
import type { Alarms } from './score.ts'

/** O: absences are told; N: nobody knows of them; C: the system infers them. */
export type Track = 'O' | 'N' | 'C'

/** What the server's model would call at each dial, sign by sign; it knows at each sign what was there the day before. */
export interface Called {
  /** too silent at home, by dial */
  home: Alarms[]
  /** not returned, by dial; of signs that were the door in track C */
  out: Alarms[]
}

export function callsOf(home: HomeData, track: Track, dials: readonly number[]): Called {
  const quiet = newQuiet()
  const none = () => dials.map(() => new Float64Array(home.at.length).fill(Number.POSITIVE_INFINITY))
  const called: Called = { home: none(), out: none() }
  let day = Math.floor(home.at[0]! / 86_400)
  let lines: { home?: Line[]; door?: Line[] } = {}
  let absence = 0
  for (let n = 0; n < home.at.length; n++) {
    const at = home.at[n]!
    const today = Math.floor(at / 86_400)
    if (today !== day) {
      day = today
      lines = draw()
    }
    const after = track === 'C' && home.door[n] ? 'door' : 'home'
    const heardSince = home.unheard?.[n] ? null : 0
    hearSign(quiet, { at: at * 1000, after }, { utcOffset: 0, heardSince, away: track === 'O' && n > 0 && wasAway(home.at[n - 1]!, at) })
    const calls = after === 'door' ? called.out : called.home
    const dueOf = after === 'door' ? backBy : tooLongAt
    for (const [dial, line] of (lines[after] ?? []).entries()) {
      const due = dueOf(line, at * 1000, 0)
      if (due !== undefined) calls[dial]![n] = due / 1000
    }
  }
  return called

  function draw() {
    if (quiet.home.days < DAYS_TO_LEARN - 1) return {}
    const knows = quiet.door.starts.reduce((sum, one) => sum + one, 0) >= RETURNS_TO_KNOW
    return { home: linesFor(quiet.home, dials), ...(knows && { door: linesFor(quiet.door, dials) }) }
  }
  function wasAway(from: number, to: number) {
    while (absence < home.away.length && home.away[absence]![1] <= from) absence += 1
    return absence < home.away.length && home.away[absence]![0] < to
  }
}
