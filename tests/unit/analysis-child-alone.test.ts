import { describe, expect, test } from 'vitest'
import { childAlone } from '../../server/analysis/child-alone.ts'
import type { Finding } from '../../shared/finding.ts'
import { analysisWorld, CHILD_FLAT, HOUR, MINUTE, ofKind, testAnalysis } from '../support/analysis.ts'

const DAY = 24 * HOUR
const at = (time: string, day = 9) => Date.parse(`2026-03-${String(day).padStart(2, '0')}T${time}:00+08:00`)

/** The child Li and the grandmother, whose ways of a week are known. */
function family({ start = at('19:00'), known = 6, missed = 0, thresholds = {} } = {}) {
  const t = testAnalysis({ start, detectors: [childAlone], world: analysisWorld({ thresholds }) })
  const beat = (id = 'gate-b01-u1') => t.send('linwang.heartbeat', id, { online: true })
  beat()
  for (let n = known; n > 0; n--) {
    const when = start - n * DAY - 8 * HOUR
    t.passage('granny', 'out', 'gate-b01-u1', { at: when, receivedAt: when })
    if (n > missed) t.passage('granny', 'in', 'gate-b01-u1', { at: when + HOUR, receivedAt: when + HOUR })
  }
  const pass = (ms: number, heard = true) => {
    const found: Finding[] = []
    for (let left = ms; left > 0; left -= 5 * MINUTE) {
      if (heard) beat()
      found.push(...t.pass(Math.min(left, 5 * MINUTE)))
    }
    return ofKind(found, 'child-alone')
  }
  beat()
  return { ...t, pass }
}

describe('a left-behind child', () => {
  test('at home while the grandmother is out in the night is asked after, once', () => {
    const t = family()
    t.passage('li', 'in')
    t.passage('granny', 'out')
    expect(t.pass(3 * HOUR + 55 * MINUTE)).toEqual([])
    expect(t.pass(5 * HOUR)).toMatchObject([
      { priority: 2, placeId: CHILD_FLAT, residentId: 'li', at: at('23:00'), evidence: { since: at('19:00'), aloneMinutes: 240 } },
    ])
    expect(t.passage('granny', 'in')).toMatchObject([{ act: 'clear', key: `child-alone/${CHILD_FLAT}` }])
  })

  test('whose grandmother leaves in the night has an hour', () => {
    const t = family({ start: at('23:30') })
    t.passage('li', 'in')
    t.passage('granny', 'out')
    expect(t.pass(2 * HOUR)).toMatchObject([{ evidence: { aloneMinutes: 60 } }])
  })

  test('by day is nobody’s matter', () => {
    const t = family({ start: at('07:00') })
    t.passage('li', 'in')
    t.passage('granny', 'out')
    expect(t.pass(14 * HOUR)).toEqual([])
  })

  test('who is out too is not alone at home, and a grandmother who came back is there', () => {
    const both = family()
    both.passage('li', 'out')
    both.passage('granny', 'out')
    expect(both.pass(10 * HOUR)).toEqual([])
    const back = family()
    back.passage('li', 'in')
    back.passage('granny', 'out')
    back.pass(HOUR)
    back.passage('granny', 'in')
    expect(back.pass(9 * HOUR)).toEqual([])
  })

  test('0 minutes put it off', () => {
    const t = family({ thresholds: { 'child.alone-minutes': 0 } })
    t.passage('li', 'in')
    t.passage('granny', 'out')
    expect(t.pass(8 * HOUR)).toEqual([])
  })
})

describe('what is not known', () => {
  test('of a grown-up whose ways are not known yet, or whose ways in are often missed, nothing is concluded', () => {
    for (const known of [{ known: 3 }, { known: 8, missed: 3 }]) {
      const t = family(known)
      t.passage('li', 'in')
      t.passage('granny', 'out')
      expect(t.pass(8 * HOUR)).toEqual([])
    }
  })

  test('[A2] a gate that is not heard, or was away meanwhile, may have seen her come home', () => {
    const deaf = family()
    deaf.passage('li', 'in')
    deaf.passage('granny', 'out')
    expect(deaf.pass(8 * HOUR, false)).toEqual([])
    expect(deaf.pass(HOUR)).toEqual([])
  })

  test('[I4] nothing is concluded while a backlog comes in', () => {
    const t = family()
    t.passage('li', 'in')
    t.pass(5 * HOUR)
    t.passage('granny', 'out', 'gate-b01-u1', { at: at('20:00'), receivedAt: t.now() })
    expect(t.pass(5 * MINUTE)).toEqual([])
    t.passage('granny', 'in', 'gate-b01-u1', { at: at('21:00'), receivedAt: t.now() })
    expect(t.pass(5 * HOUR)).toEqual([])
  })

  test('[I4] a way out of days ago raises nothing', () => {
    const t = family()
    t.pass(31 * HOUR)
    t.passage('li', 'in')
    t.passage('granny', 'out', 'gate-b01-u1', { at: t.now() - 30 * HOUR, receivedAt: t.now() })
    expect(t.pass(10 * HOUR)).toEqual([])
  })

  test('[I4] a child that is known to be home from old history alone is asked after by nobody', () => {
    const t = family()
    t.passage('li', 'in', 'gate-b01-u1', { at: t.now() - 30 * HOUR, receivedAt: t.now() })
    t.pass(HOUR)
    t.passage('granny', 'out')
    expect(t.pass(10 * HOUR)).toEqual([])
  })

  test('who has not come back for a week came back unseen', () => {
    const t = family()
    t.passage('granny', 'out')
    t.pass(7 * DAY)
    t.passage('li', 'in')
    expect(t.pass(12 * HOUR)).toEqual([])
  })

  test.each([{ status: 'exercise' as const }, { replay: true }])('[X1] %o says nothing of where she is', (more) => {
    const t = family()
    t.passage('li', 'in')
    t.passage('granny', 'out', 'gate-b01-u1', more)
    expect(t.pass(10 * HOUR)).toEqual([])
  })
})
