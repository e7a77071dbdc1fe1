import { expect, test } from 'vitest'
import { addWorking, type WorkingTime, workingBetween } from '../../shared/working-time.ts'

const HOUR = 3_600_000
const at = (text: string) => Date.parse(`${text}:00+08:00`)
/** 8:30 to 12:00 and 14:00 to 17:30; a holiday on Wednesday, Saturday worked instead. 2026-03-02 is a Monday. */
const time: WorkingTime = {
  utcOffset: 480,
  spans: [
    [510, 720],
    [840, 1050],
  ],
  worked: (day) => ({ '2026-03-04': false, '2026-03-07': true })[day],
}

test.each([
  ['within the morning', '2026-03-02T09:00', 1, '2026-03-02T10:00'],
  ['over noon', '2026-03-02T11:00', 2, '2026-03-02T15:00'],
  ['over the evening', '2026-03-02T17:00', 1, '2026-03-03T09:00'],
  ['over a holiday', '2026-03-03T17:00', 1, '2026-03-05T09:00'],
  ['over a Saturday that is worked and a Sunday', '2026-03-07T17:00', 1, '2026-03-09T09:00'],
  ['from the night before', '2026-03-02T03:00', 7, '2026-03-02T17:30'],
  ['no time at all', '2026-03-01T03:00', 0, '2026-03-01T03:00'],
])('[D1] working time goes by %s', (_name, from, hours, to) => {
  expect(new Date(addWorking(time, at(from), hours * HOUR)).toISOString()).toBe(new Date(at(to)).toISOString())
})

test('[D1] what lies between is what was added, and less than nothing the other way round', () => {
  const from = at('2026-03-03T16:20')
  for (let n = 1; n < 40; n++) {
    const to = addWorking(time, from, n * 1_234_567)
    expect(workingBetween(time, from, to)).toBe(n * 1_234_567)
    expect(workingBetween(time, to, from)).toBe(-n * 1_234_567)
  }
})

const isAtWork = (local: string) => workingBetween(time, at(local), at(local) + 1) > 0

test('who never works is not waited for', () => {
  const never = { ...time, worked: () => false }
  expect(addWorking(never, 0, HOUR)).toBe(HOUR)
  expect(isAtWork('2026-03-04T10:00')).toBe(false)
  expect(isAtWork('2026-03-05T10:00')).toBe(true)
})
