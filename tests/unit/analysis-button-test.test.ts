import { describe, expect, test } from 'vitest'
import { buttonTest } from '../../server/analysis/button-test.ts'
import { analysisDevices, analysisWorld, HOUR, MINUTE, testAnalysis } from '../support/analysis.ts'

const DAY = 24 * HOUR
const second = { ...analysisDevices().find(({ id }) => id === 'help')!, id: 'help-2', address: 'help-2', placeId: 'caihong-b01-u1-201' }

function grid(thresholds: Record<string, number> = {}, heard = ['help', 'help-2']) {
  const world = analysisWorld({ devices: [...analysisDevices(), second], thresholds })
  const t = testAnalysis({ detectors: [buttonTest], world })
  const own = (ms: number) => t.pass(ms, heard).filter(({ key }) => key.startsWith('button-test/'))
  for (const id of heard) t.send('linwang.heartbeat', id, { online: true })
  return { ...t, own }
}

describe('help buttons', () => {
  test('[A4] not pressed for more than the month’s round are one low matter for their grid, told by day', () => {
    const t = grid()
    expect(t.own(35 * DAY)).toEqual([])
    expect(t.own(DAY)).toMatchObject([
      { act: 'raise', kind: 'button-test', priority: 4, placeId: 'caihong-g1', status: 'actual', evidence: { buttons: 2, days: 35 } },
    ])
  })

  test.each([{ status: 'test' as const }, { status: 'exercise' as const }, {}])('are proved by a press: %o', (more) => {
    const t = grid()
    t.own(20 * DAY)
    t.press(more)
    expect(t.own(17 * DAY)).toMatchObject([{ act: 'raise', evidence: { buttons: 1, oldest: 'help-2' } }])
    expect(t.own(20 * DAY)).toMatchObject([{ act: 'note', evidence: { buttons: 2 } }])
    t.press({ status: 'test' })
    t.send('linwang.help', 'help-2', {}, { status: 'test' })
    expect(t.own(HOUR)).toMatchObject([{ act: 'clear' }])
  })

  test('[I4] a state that is told again proves nothing', () => {
    const t = grid({}, ['help'])
    t.own(30 * DAY)
    t.press({ replay: true })
    expect(t.own(6 * DAY)).toMatchObject([{ act: 'raise' }])
  })

  test('[A2] one that is not heard is the engineer’s already', () => {
    const t = grid()
    t.own(30 * DAY)
    expect(t.pass(10 * DAY).filter(({ key }) => key.startsWith('button-test/'))).toEqual([])
  })

  test('0 days put it off', () => {
    expect(grid({ 'help.test-days': 0 }).own(40 * DAY)).toEqual([])
  })

  test('a press late in the night waits for the day', () => {
    const t = grid()
    t.own(11 * HOUR + MINUTE)
    t.press({ status: 'test' })
    t.send('linwang.help', 'help-2', {}, { status: 'test' })
    expect(t.own(35 * DAY + 10 * HOUR)).toEqual([])
    expect(t.own(2 * HOUR)).toHaveLength(1)
  })
})
