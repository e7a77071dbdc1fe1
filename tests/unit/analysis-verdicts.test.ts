import { expect, test } from 'vitest'
import { inactivity } from '../../server/analysis/inactivity.ts'
import type { InactivityState } from '../../server/analysis/inactivity-state.ts'
import { newTally } from '../../server/analysis/quiet/tally.ts'
import type { Alert, VerdictCode } from '../../shared/alert.ts'
import { FLAT, HOME_SENSORS, HOUR, MINUTE, ofKind, testAnalysis } from '../support/analysis.ts'

/** One silence of five hours for which people are called. */
function silentHome() {
  const home = testAnalysis({ detectors: [inactivity] })
  for (const id of HOME_SENSORS) home.send('linwang.heartbeat', id, { online: true })
  home.motion()
  const [finding] = ofKind(home.pass(5 * HOUR, HOME_SENSORS), 'inactivity')
  const alert = { kind: 'inactivity', residentId: 'zhang', placeId: FLAT, raisedAt: finding!.at, lastAt: finding!.at } as Alert
  const judge = (verdict: VerdictCode, more: Partial<Alert> = {}) => {
    const judged = { ...alert, ...more, verdict: { verdict, at: home.now(), by: 'u1' } }
    home.analysis.observe({ alerts: [{ before: alert, alert: judged, act: 'judged', by: 'u1' }] }, home.now())
  }
  const state = () => home.analysis.dirty().find(({ part }) => part === 'analysis.inactivity')!.value as InactivityState
  return { ...home, judge, state }
}
type Home = ReturnType<typeof silentHome>
const silences = (home: Home) => home.state().quiet.home.starts.reduce((sum, one) => sum + one, 0)

test('[A1] a silence that ended by itself is an ordinary one, and a false alarm stays one', () => {
  const home = silentHome()
  home.motion()
  expect(silences(home)).toBe(1)
  home.judge('false')
  expect(silences(home)).toBe(1)
})

test.each(['real', 'exercise'] as const)('[A1] found to be %s it is forgotten, and the lines are drawn anew', (verdict) => {
  const home = silentHome()
  home.motion()
  home.judge(verdict)
  const { quiet } = home.state()
  expect(quiet.home.starts).toEqual(newTally().starts)
  expect(quiet.drawn).toBe(-1)
})

test.each(['real', 'exercise'] as const)('[A1] found to be %s before it ended it is never learned', (verdict) => {
  const home = silentHome()
  home.judge(verdict)
  home.motion()
  expect(silences(home)).toBe(0)
})

test('[A1] the last word counts, and saying it twice teaches once', () => {
  const home = silentHome()
  home.motion()
  home.judge('real')
  home.judge('real')
  home.judge('false')
  home.judge('false')
  expect(silences(home)).toBe(1)
})

test('[A1] a verdict on another alert, or on another person’s, teaches nothing', () => {
  const home = silentHome()
  home.motion()
  home.judge('real', { raisedAt: home.now() + MINUTE, lastAt: home.now() + MINUTE })
  home.judge('real', { residentId: 'li' })
  home.judge('real', { kind: 'room-stay' })
  expect(silences(home)).toBe(1)
})

test('[A1] ordinary silences are learned on after a real one', () => {
  const home = silentHome()
  home.judge('real')
  home.motion()
  home.pass(HOUR, HOME_SENSORS)
  home.motion()
  expect(silences(home)).toBe(1)
})

test('[A1] somebody who had not returned: the same for silences behind the door', () => {
  const home = testAnalysis({ detectors: [inactivity] })
  for (const id of HOME_SENSORS) home.send('linwang.heartbeat', id, { online: true })
  home.pass(MINUTE)
  home.contact(true)
  home.contact(false)
  const [finding] = ofKind(home.pass(30 * HOUR, HOME_SENSORS), 'not-returned')
  home.contact(true)
  const starts = () =>
    (home.analysis.dirty().find(({ part }) => part === 'analysis.inactivity')!.value as InactivityState).quiet.door.starts
  expect(starts().some((one) => one > 0)).toBe(true)
  const verdict = { verdict: 'real' as const, at: home.now(), by: 'u1' }
  const alert = { kind: 'not-returned', residentId: 'zhang', placeId: FLAT, raisedAt: finding!.at, lastAt: finding!.at, verdict } as Alert
  home.analysis.observe({ alerts: [{ before: alert, alert, act: 'judged', by: 'u1' }] }, home.now())
  expect(starts().every((one) => one === 0)).toBe(true)
})
