import { beforeEach, expect, test } from 'vitest'
import { moveAlert } from '../../server/analysis/alert-changes.ts'
import { applyFindings } from '../../server/analysis/alerts.ts'
import type { SignalData } from '../../shared/signal.ts'
import { analysisWorld, MINUTE, SECOND, testAnalysis } from '../support/analysis.ts'
import { type TestWork, testWork } from '../support/work.ts'

let t: ReturnType<typeof testAnalysis>
let work: TestWork
beforeEach(() => {
  t = testAnalysis()
  work = testWork(analysisWorld())
  Object.assign(work.alerts, { latest: (key: string) => alerts().findLast((alert) => alert.key === key) })
})
const alerts = () => [...work.alerts.things.values()]
/** one signal on its way to the alerts */
function tell(findings: Parameters<typeof applyFindings>[1]) {
  applyFindings(work, findings)
}
const camera = (data: SignalData['linwang.camera'], more: { repeat?: true } = {}) =>
  tell(t.take({ ...t.signal('linwang.camera', 'cam-1', data), ...(more.repeat && { repeat: true }) }))
const smoke = (active: boolean, more: { repeat?: true } = {}) =>
  tell(t.take({ ...t.signal('linwang.hazard', 'smoke', { hazard: 'smoke', active }), ...(more.repeat && { repeat: true }) }))
const pass = (ms: number) => {
  work.now += ms
  t.pass(ms)
}
const acknowledge = () =>
  work.alerts.put(moveAlert(alerts()[0]!, 'acknowledge', { at: work.now, by: 'zhang' }, { acknowledgedAt: work.now })!)

test('[A4] activePostCount 1, 2, 3 of a moment is one alert that counts 1', () => {
  camera({ event: 'loitering' })
  for (const _ of [2, 3]) camera({ event: 'loitering' }, { repeat: true })
  expect(alerts()).toMatchObject([{ kind: 'camera.loitering', count: 1, state: 'returned-unacknowledged' }])
})

test('[A4] activePostCount 1, 2, 3 of what lasts is one alert, and its end is its end', () => {
  camera({ event: 'intrusion', active: true })
  for (const _ of [2, 3]) camera({ event: 'intrusion', active: true }, { repeat: true })
  expect(alerts()).toMatchObject([{ count: 1, state: 'active-unacknowledged' }])
  camera({ event: 'intrusion', active: false })
  expect(alerts()).toMatchObject([{ count: 1, state: 'returned-unacknowledged' }])
})

test('[A4] a repeat whose first message was lost raises', () => {
  smoke(true, { repeat: true })
  expect(alerts()).toMatchObject([{ kind: 'hazard.smoke', count: 1, state: 'active-unacknowledged' }])
})

test('[A4] a repeat does not renew what was acknowledged, a new alarm counts', () => {
  smoke(true)
  acknowledge()
  smoke(true, { repeat: true })
  expect(alerts()).toMatchObject([{ count: 1, state: 'active-acknowledged' }])
  smoke(true)
  expect(alerts()).toMatchObject([{ count: 2 }])
})

test('[A4] the repeat of a moment that was acknowledged and is over brings it not back', () => {
  camera({ event: 'loitering' })
  acknowledge()
  expect(alerts()).toMatchObject([{ state: 'normal' }])
  pass(10 * SECOND)
  camera({ event: 'loitering' }, { repeat: true })
  expect(alerts()).toMatchObject([{ state: 'normal', count: 1 }])
})

test('[A4] start, stop, start again: the same alert begins anew though the sender calls it a repeat', () => {
  smoke(true)
  pass(MINUTE)
  smoke(false)
  expect(alerts()).toMatchObject([{ state: 'returned-unacknowledged' }])
  pass(MINUTE)
  smoke(true, { repeat: true })
  expect(alerts()).toMatchObject([{ state: 'active-unacknowledged', count: 2 }])
})

test('[A4] start, stop and a pulse of the same kind are one alert with a beginning and an end', () => {
  camera({ event: 'crowd', active: true })
  pass(MINUTE)
  camera({ event: 'crowd', active: false })
  camera({ event: 'crowd' })
  expect(alerts()).toMatchObject([{ kind: 'camera.crowd', count: 2, state: 'returned-unacknowledged', active: false }])
})

test('[A4] a repeat that is worse than what is known is no mere repeat', () => {
  tell(t.take(t.signal('linwang.hazard', 'smoke', { hazard: 'leak', active: true })))
  const worse = { ...t.signal('linwang.hazard', 'smoke', { hazard: 'leak', active: true }), repeat: true as const }
  const [raise] = t.take(worse)
  tell([{ ...raise!, priority: 1 } as typeof raise & object])
  expect(alerts()).toMatchObject([{ priority: 1, count: 2 }])
})
