import { expect, test } from 'vitest'
import type { AlertView } from '../../shared/wall.ts'
import en from '../../web/i18n/en.ts'
import zh from '../../web/i18n/zh-CN.ts'
import { kindWord, why } from '../../web/ui/sentences.ts'

const at = (time: string) => Date.parse(`2026-11-23T${time}:00+08:00`)
const alert = (kind: string, evidence: AlertView['evidence']): AlertView => ({
  id: 'alert-1',
  kind,
  state: 'active-unacknowledged',
  priority: 2,
  status: 'actual',
  placeId: 'caihong-b01-u1-101',
  place: '1栋 1单元 101',
  raisedAt: at('12:00'),
  lastAt: at('12:00'),
  count: 1,
  evidence,
  version: 1,
})

test.each([
  ['night-out', { since: at('02:14'), outMinutes: 18, by: 'gate', usuallyHome: true }, '凌晨 02:14 出门 · 平时此时在家 · 已 18 分钟未归'],
  [
    'night-out',
    { since: at('23:20'), outMinutes: 15, by: 'door', usuallyHome: null },
    '夜里 23:20 出门 · 门开过后屋里再没有动静 · 已 15 分钟未归',
  ],
  [
    'room-stay',
    { since: at('10:05'), room: 'bathroom', stayMinutes: 62, usualMinutes: 25 },
    '10:05 进卫生间，62 分钟没有出来 · 平时不超过 25 分钟',
  ],
  ['child-alone', { since: at('21:10'), aloneMinutes: 110 }, '孩子在家，大人 21:10 起都不在 · 已 110 分钟'],
  ['water-flow', { reason: 'burst', hours: 2, litres: 600 }, '连续 2 小时流水不停，共 600 升，像是爆管或水龙头没关'],
  ['water-flow', { reason: 'night', hours: 3, litres: 75 }, '夜里连续 3 小时流水不停，共 75 升，平时没有这么多'],
  ['water-use', { used: 620, usualUse: 270 }, '今天已用水 620 升，平时一天 270 升'],
  ['power-use', { used: 12, usualUse: 4.8 }, '今天已用电 12 度，平时一天 4.8 度'],
  ['low-water', { hours: 12, litres: 3, limit: 10 }, '12 小时只用水 3 升，市里规则是不到 10 升要看望'],
  ['no-door', { hours: 24 }, '24 小时没有开过门，市里规则要看望'],
  ['button-test', { buttons: 7, days: 41 }, '7 个求助按钮超期没有试按，最久 41 天'],
])('[§7] %s says why in words of the street', (kind, evidence, words) => {
  expect(why(alert(kind, evidence), 480)).toBe(words)
  expect(kindWord(kind)).not.toBe(kind)
  expect(Object.keys(en.kind)).toContain(kind)
})

test('[§7] each of these words exists in both languages', () => {
  expect(Object.keys(en.why)).toEqual(Object.keys(zh.why))
  expect(Object.keys(en.room)).toEqual(Object.keys(zh.room))
})
