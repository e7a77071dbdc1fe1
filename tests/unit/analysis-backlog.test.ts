import { expect, test } from 'vitest'
import { countSignal, newTraffic, recent, turnTraffic } from '../../server/analysis/figures-traffic.ts'
import { HOME_SENSORS, HOUR, MINUTE, ofKind, testAnalysis } from '../support/analysis.ts'

const at = (time: string) => Date.parse(`2026-03-02T${time}:00+08:00`)
const DAY = 24 * HOUR

/** A house that was switched on at two o'clock: its gateway hands over what it kept since the morning, then is heard live. */
function switchedOn(keptFrom: number, every: number) {
  const home = testAnalysis({ start: at('14:00') })
  for (let when = keptFrom; when < home.now(); when += every)
    for (const id of HOME_SENSORS) home.send('linwang.heartbeat', id, { online: true }, { at: when })
  home.motion({ at: at('10:00') })
  for (const id of HOME_SENSORS) home.send('linwang.heartbeat', id, { online: true })
  return home
}

test('[A2] a backlog without gaps proves that the sensors were there all along', () => {
  const home = switchedOn(at('09:00'), 50 * MINUTE)
  expect(ofKind(home.pass(2 * MINUTE, HOME_SENSORS), 'inactivity')).toHaveLength(1)
})

test('[A2] a gap in the backlog does not: the silence counts from its end', () => {
  const home = switchedOn(at('09:00'), 150 * MINUTE)
  expect(ofKind(home.pass(HOUR, HOME_SENSORS), 'inactivity')).toEqual([])
})

test('[A2] a backlog alone makes nothing heard, nor silent', () => {
  const home = testAnalysis({ start: at('14:00') })
  for (const id of HOME_SENSORS) home.send('linwang.heartbeat', id, { online: true }, { at: at('09:00') })
  expect(home.pass(HOUR)).toEqual([])
})

test('[A2] a door contact that checks in is no sign of life, one that opens is', () => {
  const home = testAnalysis({ start: at('10:00') })
  for (const id of HOME_SENSORS) home.send('linwang.heartbeat', id, { online: true })
  home.motion()
  for (let n = 0; n < 8; n++) {
    expect(ofKind(home.pass(29 * MINUTE, HOME_SENSORS), 'inactivity')).toEqual([])
    home.contact(false)
  }
  expect(ofKind(home.pass(30 * MINUTE, HOME_SENSORS), 'inactivity')).toHaveLength(1)
  expect(home.contact(true)).toMatchObject([{ act: 'clear' }])
})

test('[I4] the days before teach what is usual, each once', () => {
  const home = testAnalysis({ start: at('14:00') })
  home.pass(MINUTE)
  for (const days of [4, 3, 2, 1]) for (const hour of ['06:10', '06:20', '12:00']) home.motion({ at: at(hour) - days * DAY })
  home.motion()
  home.pass(15 * MINUTE)
  const row = home.analysis.care(home.now(), []).find(({ residentId }) => residentId === 'zhang')!
  expect(row.usual.flatMap((level, slot) => (level > 0 ? [slot] : []))).toEqual([12, 24])
  expect(row.today[12]).toBeLessThanOrEqual(0)
})

test('[I4] a backlog counts in the minutes from which it comes', () => {
  const now = at('14:00')
  const traffic = newTraffic()
  turnTraffic(traffic, now, 480)
  countSignal(traffic, { at: now - 10 * MINUTE, receivedAt: now }, 480)
  countSignal(traffic, { at: now - 3 * HOUR, receivedAt: now }, 480)
  countSignal(traffic, { at: now - MINUTE / 2, receivedAt: now }, 480)
  expect([traffic.count, recent(traffic)[50], recent(traffic).reduce((sum, n) => sum + n)]).toEqual([1, 1, 1])
})
