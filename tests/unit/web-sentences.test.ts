import { expect, test } from 'vitest'
import type { AlertView } from '../../shared/wall.ts'
import { why } from '../../web/ui/sentences.ts'
import { dayTimeWords } from '../../web/ui/silence-words.ts'

const NOON = Date.parse('2026-11-23T12:00:00+08:00')
const HOUR = 3_600_000
const silent = (lastDoor: number): AlertView => ({
  id: 'alert-1',
  kind: 'inactivity',
  state: 'active-unacknowledged',
  priority: 1,
  status: 'actual',
  placeId: 'caihong-b01-u1-101',
  place: '1栋 1单元 101',
  raisedAt: NOON,
  lastAt: NOON,
  count: 1,
  evidence: { lastDoor },
  version: 1,
})

test.each([
  [NOON - 3 * HOUR, '最后开门 09:00'],
  [NOON - 16 * HOUR, '最后开门 昨天 20:00'],
  [NOON - 49 * HOUR, '最后开门 2 天前 11:00'],
])('[§7] a time of another day says which day (%#)', (lastDoor, words) => {
  expect(why(silent(lastDoor), 480)).toBe(words)
})

test('[§7] a learned silence says the usual time, how long it lasts, and the door', () => {
  const evidence = {
    usualBy: '09:00',
    since: NOON - 16 * HOUR,
    silentMinutes: 220,
    doorOpened: false,
    lastDoor: NOON - 20 * HOUR,
    learned: true,
  }
  expect(why({ ...silent(0), evidence }, 480)).toBe('平时上午 9 点前必有动静，已静 3 小时 40 分，门未开过')
  const late = { outSince: NOON - 5 * HOUR, backBy: '11:30', learned: true }
  expect(why({ ...silent(0), kind: 'not-returned', evidence: late }, 480)).toBe('07:00 出门 · 平时 11:30 前已回家')
})

test('[§7] the hour of getting up is told when it was missed, not of an evening', () => {
  const since = (hours: number) => ({ ...silent(NOON - 8 * HOUR), evidence: { usualBy: '08:10', since: NOON - hours * HOUR } })
  expect(why(since(14), 480)).toBe('平时早上 8:10 前必有动静')
  expect(why(since(5), 480)).toBe('平时早上 8:10 前必有动静')
  expect(why(since(3), 480)).toBe('人在家，一直没有动静')
})

test('[§7] a silence of today runs on, in words of a grid worker', () => {
  const evidence = { usualBy: '09:00', since: NOON - 4 * HOUR, silentMinutes: 200, doorOpened: false }
  expect(why({ ...silent(0), evidence }, 480, NOON - 20 * 60_000)).toBe('平时上午 9 点前必有动静，今天已静 3 小时 40 分，门未开过')
})

test.each([
  ['heat', '今天已静 3 小时 20 分，门未开过，高温预警，提前问候'],
  ['cold', '今天已静 3 小时 20 分，门未开过，低温预警，提前问候'],
])('[§7] a line that %s has shortened says so', (strain, words) => {
  const evidence = { since: NOON - 4 * HOUR, silentMinutes: 200, doorOpened: false, strain }
  expect(why({ ...silent(0), evidence }, 480)).toBe(words)
})

test('[A4] sensors silent together are told by their number', () => {
  const evidence = { feed: 'zigbee2mqtt', devices: 9, since: NOON - 2 * HOUR }
  expect(why({ ...silent(0), kind: 'device-silent', evidence }, 480)).toBe('最后一次听到 10:00:00 · 9 台设备受影响')
})

test.each([
  ['00:30', '凌晨 0 点半'],
  ['06:00', '早上 6 点'],
  ['11:10', '上午 11:10'],
  ['12:00', '中午 12 点'],
  ['15:30', '下午 3 点半'],
  ['21:05', '晚上 9:05'],
])('[§7] %s is said as %s', (clock, words) => {
  expect(dayTimeWords(clock)).toBe(words)
})
