import { expect, test } from 'vitest'
import { OUTSIDE_TARGETS } from '../../shared/loop-outside.ts'
import { isLate, nameOf, outsideWords, overduePercent, tick, took } from '../../web/desk/figures/figures.ts'
import '../../web/desk/words.ts'

test('a figure is read in one unit, days from two on; nothing is a dash', () => {
  expect([null, 0, 59, 600, 5400, 90_000, 3 * 86_400].map(took)).toEqual(['–', '0秒', '59秒', '10分', '90分', '25时', '3天'])
  expect([10, 60, 600, 3600, 86_400, 7 * 86_400].map(tick)).toEqual(['10秒', '1分', '10分', '1时', '1天', '7天'])
})

test('a group is called by what it is: a kind of the register or of an alert, a team or nobody, a priority', () => {
  expect(nameOf('kind', { key: 'report.street-light', name: '路灯不亮' })).toBe('路灯不亮')
  expect(nameOf('kind', { key: 'help', name: '' })).toBe('求助')
  expect(nameOf('team', { key: '', name: '' })).toBe('网格员等个人')
  expect(nameOf('priority', { key: '1', name: '' })).toMatch(/^1 级/)
})

test('late is over the target, and of nothing there is no share', () => {
  expect([isLate({ median: 61, target: 60 }), isLate({ median: 60, target: 60 }), isLate({ median: null, target: 60 })]).toEqual([
    true,
    false,
    false,
  ])
  expect([overduePercent({ incidents: 0, overdue: 0 }), overduePercent({ incidents: 8, overdue: 1 })]).toEqual([null, 13])
})

test('every target of others names its source and where it was read, and says itself in words', () => {
  for (const each of OUTSIDE_TARGETS) {
    expect(each.source && each.read && each.what.zh && each.what.en, each.step).toBeTruthy()
    expect(outsideWords(each)).not.toMatch(/desk\.|null|NaN/)
  }
})
