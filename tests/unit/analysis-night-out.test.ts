import { describe, expect, test } from 'vitest'
import { nightOut } from '../../server/analysis/night-out.ts'
import { warnings } from '../../server/analysis/warnings.ts'
import type { Finding } from '../../shared/finding.ts'
import { analysisDevices, analysisWorld, FLAT, HOME_SENSORS, HOUR, MINUTE, ofKind, testAnalysis } from '../support/analysis.ts'

const DAY = 24 * HOUR
const at = (time: string, day = 3) => Date.parse(`2026-03-0${day}T${time}:00+08:00`)
const detectors = [warnings, nightOut]

/** An estate by night whose gates, and sensors if it is said, are heard. */
function estate(start: number, heard: readonly string[] = ['gate-b01-u1', 'gate-east'], world = analysisWorld()) {
  const t = testAnalysis({ start, detectors, world })
  const beat = () => {
    for (const id of heard) t.send('linwang.heartbeat', id, { online: true })
  }
  beat()
  const pass = (ms: number) => {
    const found: Finding[] = []
    for (let left = ms; left > 0; left -= 5 * MINUTE) {
      beat()
      found.push(...t.pass(Math.min(left, 5 * MINUTE)))
    }
    return ofKind(found, 'night-out')
  }
  return { ...t, pass }
}
const WITH_HOME = ['gate-b01-u1', ...HOME_SENSORS]

describe('out by night through a gate', () => {
  test('who does not come back within minutes is asked after, once', () => {
    const t = estate(at('02:14'))
    t.passage('zhang', 'out')
    expect(t.pass(14 * MINUTE)).toEqual([])
    expect(t.pass(2 * HOUR)).toMatchObject([
      { kind: 'night-out', priority: 2, placeId: FLAT, residentId: 'zhang', evidence: { since: at('02:14'), outMinutes: 15, by: 'gate' } },
    ])
  })

  test('who comes back in time is not, and who comes back later clears it', () => {
    const t = estate(at('02:14'))
    t.passage('zhang', 'out')
    t.pass(10 * MINUTE)
    t.passage('zhang', 'in')
    expect(t.pass(HOUR)).toEqual([])
    t.passage('zhang', 'out')
    expect(t.pass(HOUR)).toHaveLength(1)
    expect(t.passage('zhang', 'in')).toMatchObject([{ act: 'clear', key: 'night-out/zhang' }])
  })

  test('the estate gate after the unit gate is one way out', () => {
    const t = estate(at('02:14'))
    t.passage('zhang', 'out')
    t.pass(5 * MINUTE)
    t.passage('zhang', 'out', 'gate-east')
    expect(t.pass(HOUR)).toMatchObject([{ evidence: { since: at('02:14') } }])
  })

  test('who leaves the house again came back unseen', () => {
    const t = estate(at('01:00'))
    t.passage('zhang', 'out')
    t.pass(2 * HOUR)
    expect(t.passage('zhang', 'out')).toMatchObject([{ act: 'clear' }])
    expect(t.pass(HOUR)).toMatchObject([{ evidence: { since: at('03:00') } }])
  })

  test.each([
    ['22:40', 'zhang', 0],
    ['23:10', 'zhang', 1],
    ['04:50', 'zhang', 1],
    ['05:10', 'zhang', 0],
    ['02:00', 'li', 1],
    ['02:00', 'granny', 1],
    ['02:00', 'nobody', 0],
  ])('at %s %s is called for %i times', (time, who, times) => {
    const t = estate(at(time))
    t.passage(who, 'out')
    expect(t.pass(HOUR)).toHaveLength(times)
  })

  test('a refused card is no way out', () => {
    const t = estate(at('02:00'))
    t.send('linwang.passage', 'gate-b01-u1', { direction: 'out', residentId: 'zhang', granted: false })
    expect(t.pass(HOUR)).toEqual([])
  })

  test('the threshold of a person holds, and 0 puts it off', () => {
    for (const [minutes, times] of [
      [40, 0],
      [0, 0],
      [20, 1],
    ] as const) {
      const t = estate(at('02:00'), undefined, analysisWorld({ thresholds: { 'night-out.minutes@zhang': minutes } }))
      t.passage('zhang', 'out')
      expect(t.pass(30 * MINUTE)).toHaveLength(times)
    }
  })
})

describe('what is usual', () => {
  /** walks at about half past four on these nights before, known afterwards or at the time */
  function walker(nights: number, minutesApart = 25) {
    const t = estate(at('20:00', 1))
    for (let n = 1; n <= nights; n++) {
      const walked = at('04:30', 1) - n * DAY + (n % 3) * minutesApart * MINUTE
      t.passage('zhang', 'out', 'gate-b01-u1', { at: walked, receivedAt: t.now() })
      t.passage('zhang', 'in', 'gate-b01-u1', { at: walked + HOUR, receivedAt: t.now() })
    }
    t.pass(8.5 * HOUR)
    t.passage('zhang', 'out')
    return t.pass(HOUR)
  }

  test('who walks at half past four is not called for; twice is no habit', () => {
    expect(walker(9)).toEqual([])
    expect(walker(2)).toHaveLength(1)
  })

  test('[I4] history teaches and raises nothing', () => {
    const t = estate(at('20:00', 1))
    t.passage('zhang', 'out', 'gate-b01-u1', { at: at('02:00', 1) - 3 * DAY, receivedAt: t.now() })
    expect(t.pass(12 * HOUR)).toEqual([])
  })

  test('a habit of one hour says nothing of another', () => {
    const t = estate(at('20:00', 1))
    for (let n = 1; n <= 9; n++) t.passage('zhang', 'out', 'gate-b01-u1', { at: at('04:30', 1) - n * DAY, receivedAt: t.now() })
    t.pass(6 * HOUR)
    t.passage('zhang', 'out')
    expect(t.pass(HOUR)).toMatchObject([{ evidence: { usuallyHome: true } }])
  })

  test('nothing is said to be usual before a week is known', () => {
    const t = estate(at('02:00'))
    t.passage('zhang', 'out')
    expect(t.pass(HOUR)).toMatchObject([{ evidence: { usuallyHome: null } }])
  })
})

describe('out by the own door', () => {
  test('and nothing moves inside any more', () => {
    const t = estate(at('02:00'), WITH_HOME)
    t.motion()
    t.motion({}, 'motion-bedroom')
    t.send('linwang.motion', 'motion-living', { occupied: false })
    t.send('linwang.motion', 'motion-bedroom', { occupied: false })
    t.pass(15 * MINUTE)
    t.contact(true)
    t.contact(false)
    expect(t.pass(HOUR)).toMatchObject([{ deviceId: 'door', evidence: { by: 'door', since: at('02:15') } }])
    expect(t.motion()).toMatchObject([{ act: 'clear' }])
  })

  test('who moves inside afterwards has not left, nor has whom a sensor still sees', () => {
    const t = estate(at('02:00'), WITH_HOME)
    t.contact(true)
    t.pass(5 * MINUTE)
    t.motion()
    expect(t.pass(HOUR)).toEqual([])
    t.contact(false)
    t.contact(true)
    expect(t.pass(HOUR)).toEqual([])
  })

  test('[A2] a sensor that is not heard calls nobody', () => {
    const t = estate(at('02:00'), ['door', 'motion-living'])
    t.contact(true)
    expect(t.pass(5 * HOUR)).toEqual([])
  })

  test('a contact that checks in is no way out', () => {
    const t = estate(at('02:00'), WITH_HOME)
    t.contact(false)
    expect(t.pass(HOUR)).toEqual([])
  })
})

describe('what is not known', () => {
  test('[A2] a gate that is not heard may have seen the way home', () => {
    const t = estate(at('02:00'), [])
    t.passage('zhang', 'out')
    t.pass(2 * MINUTE)
    t.send('linwang.heartbeat', 'gate-b01-u1', { online: false })
    expect(t.pass(10 * HOUR)).toEqual([])
  })

  test('[A2] nor is anybody called by a gate that was away meanwhile', () => {
    const t = estate(at('02:00'), ['gate-east'])
    t.passage('zhang', 'out')
    t.send('linwang.heartbeat', 'gate-b01-u1', { online: false })
    t.pass(10 * MINUTE)
    t.send('linwang.heartbeat', 'gate-b01-u1', { online: true })
    expect(t.pass(2 * HOUR)).toEqual([])
  })

  test('[I4] nobody is called while a backlog comes in', () => {
    const t = estate(at('01:00'))
    t.pass(2 * HOUR)
    t.passage('zhang', 'out', 'gate-b01-u1', { at: at('02:00'), receivedAt: t.now() })
    expect(t.pass(5 * MINUTE)).toEqual([])
    t.passage('zhang', 'in', 'gate-b01-u1', { at: at('02:20'), receivedAt: t.now() })
    expect(t.pass(HOUR)).toEqual([])
  })

  test('[I4] what is told in the morning is no walk by night any more', () => {
    const t = estate(at('01:00'))
    t.pass(9 * HOUR)
    t.passage('zhang', 'out', 'gate-b01-u1', { at: at('02:00'), receivedAt: t.now() })
    expect(t.pass(3 * HOUR)).toEqual([])
  })

  test.each([{ status: 'exercise' as const }, { status: 'test' as const }, { replay: true }])(
    '[X1] %o says nothing of a person',
    (more) => {
      const t = estate(at('02:00'))
      t.passage('zhang', 'out', 'gate-b01-u1', more)
      expect(t.pass(HOUR)).toEqual([])
    },
  )
})

test('a cold night is asked after sooner, a drill of one is not', () => {
  for (const [status, minutes] of [
    ['actual', 9],
    ['exercise', 15],
  ] as const) {
    const t = estate(at('02:00'), undefined, analysisWorld({ devices: analysisDevices() }))
    const cold = {
      identifier: 'c',
      msgType: 'alert' as const,
      references: [],
      event: '11B05',
      colour: 'red' as const,
      headline: '寒潮',
      areas: ['全市'],
    }
    t.take({ ...t.signal('linwang.warning', '/feeds/weather', cold, { status }), feed: 'weather' })
    t.passage('zhang', 'out')
    expect(t.pass(HOUR)).toMatchObject([{ evidence: { outMinutes: minutes } }])
  }
})
