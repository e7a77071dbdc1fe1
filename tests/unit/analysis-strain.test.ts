import { expect, test } from 'vitest'
import { isAtRisk, strain, tightening } from '../../server/analysis/strain.ts'
import type { WarningInForce } from '../../server/analysis/warnings-in-force.ts'

const NOW = Date.parse('2026-07-20T12:00:00+08:00')
const warning = (more: Partial<WarningInForce>): WarningInForce => ({
  id: 'w1',
  feed: 'weather',
  event: '',
  headline: '',
  colour: 'orange',
  status: 'actual',
  sent: NOW - 1,
  until: NOW + 1,
  ...more,
})

test.each([
  [{ name: '高温' }, 'heat'],
  [{ event: '11B09' }, 'heat'],
  [{ event: '11B05' }, 'cold'],
  [{ name: '寒潮' }, 'cold'],
  [{ name: '低温' }, 'cold'],
  [{ event: 'Extreme Cold Warning' }, 'cold'],
  [{ event: 'EXCESSIVE HEAT' }, 'heat'],
  [{ event: '11B99', headline: '市气象台发布低温雨雪冰冻黄色预警' }, 'cold'],
  [{ name: '暴雨', headline: '高温过后有暴雨' }, undefined],
  [{ event: 'wheat rust' }, undefined],
])('what strains people is told by name, code or words: %o', (more, kind) => {
  expect(strain([warning(more)], NOW)?.kind).toBe(kind)
})

test('the worst of what holds now counts, and it ends', () => {
  const all = [warning({ name: '高温', colour: 'yellow' }), warning({ id: 'w2', name: '高温', colour: 'red' })]
  expect(strain(all, NOW)).toMatchObject({ level: 4, warning: 'w2' })
  expect(strain(all, NOW + 1)).toBeNull()
  expect(strain([warning({ name: '高温', sent: NOW + 5 })], NOW)).toBeNull()
})

test('[X1] a drill strains nobody', () => {
  expect(strain([warning({ name: '高温', status: 'exercise' })], NOW)).toBeNull()
})

test('the line gets shorter with the colour', () => {
  const factors = (['blue', 'yellow', 'orange', 'red'] as const).map((colour) =>
    tightening(strain([warning({ name: '高温', colour })], NOW)),
  )
  expect(factors).toEqual([...factors].sort((a, b) => b - a))
  expect(new Set([1, ...factors]).size).toBe(5)
  expect(tightening(null)).toBe(1)
})

test('old people and the sick are at risk', () => {
  expect(isAtRisk({ categories: ['elder'] })).toBe(true)
  expect(isAtRisk({ categories: ['volunteer'] })).toBe(false)
})
