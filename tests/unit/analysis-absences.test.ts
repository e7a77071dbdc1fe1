import { describe, expect, test } from 'vitest'
import { child } from '../../server/analysis/child.ts'
import { childAlone } from '../../server/analysis/child-alone.ts'
import type { DetectorOver } from '../../server/analysis/detector.ts'
import { municipal } from '../../server/analysis/municipal.ts'
import { nightOut } from '../../server/analysis/night-out.ts'
import { roomStay } from '../../server/analysis/room-stay.ts'
import { createCareBook } from '../../shared/care.ts'
import type { Finding } from '../../shared/finding.ts'
import { analysisDevices, analysisWorld, HOUR, MINUTE, testAnalysis } from '../support/analysis.ts'
import { plan } from '../support/care.ts'

const at = (time: string, day = 3) => Date.parse(`2026-03-0${day}T${time}:00+08:00`)
const BATHROOM = { ...analysisDevices()[0]!, id: 'motion-bathroom', address: 'motion-bathroom', name: 'motion-bathroom' }

/** An estate in which all is heard and `who` is announced to be away; what is found in `hours` after `act`. */
function found(
  make: DetectorOver<never>,
  who: string,
  start: number,
  away: readonly [from: number, until: number],
  act: (t: Estate) => void,
) {
  const absence = { id: 'a1', kind: 'travel' as const, from: away[0], until: away[1], by: 'u1' }
  const care = createCareBook((id) => (id === who ? plan({ residentId: id, absences: [absence] }) : undefined))
  const world = analysisWorld({ devices: [...analysisDevices(), BATHROOM], care, thresholds: { 'municipal.door-hours': 24 } })
  const t = testAnalysis({ start, detectors: [make as DetectorOver<unknown>], world })
  const ids = world.devices().map(({ id }) => id)
  const go = (ms: number) => {
    const all: Finding[] = []
    for (let left = ms; left > 0; left -= 5 * MINUTE) {
      for (const id of ids) t.send('linwang.heartbeat', id, { online: true })
      all.push(...t.pass(Math.min(left, 5 * MINUTE)))
    }
    return all.filter((one) => one.act === 'raise').map(({ at }) => at)
  }
  const estate = { ...t, go }
  go(MINUTE)
  act(estate)
  return estate
}
type Estate = ReturnType<typeof testAnalysis> & { go(ms: number): number[] }
const NEVER = [0, 1] as const

describe('[P5] who is announced to be away is not asked after', () => {
  test('out by night: a night train', () => {
    const walk = (away: readonly [number, number]) =>
      found(nightOut as never, 'zhang', at('23:30'), away, (t) => t.passage('zhang', 'out')).go(2 * HOUR)
    expect(walk(NEVER)).toHaveLength(1)
    expect(walk([at('20:00'), at('20:00', 9)])).toEqual([])
  })

  test('in the bathroom: a guest, until the day of return', () => {
    const stay = (away: readonly [number, number]) =>
      found(roomStay as never, 'zhang', at('09:00'), away, (t) => {
        t.motion()
        t.motion({}, 'motion-bathroom')
      }).go(4 * HOUR)
    expect(stay(NEVER)).toEqual([at('10:01')])
    expect(stay([at('08:00'), at('08:00', 5)])).toEqual([])
    expect(stay([at('08:00'), at('10:30')])).toEqual([at('11:30')])
  })

  test('a child that is with its parents is not late, until the hour of return', () => {
    const late = (away: readonly [number, number]) =>
      found(child as never, 'li', at('07:40'), away, (t) => t.passage('li', 'out')).go(13 * HOUR)
    expect(late(NEVER)).toEqual([at('18:30')])
    expect(late([at('07:00'), at('07:00', 6)])).toEqual([])
    expect(late([at('07:00'), at('19:00')])).toEqual([at('19:00')])
  })

  test('nor alone at home', () => {
    const alone = (away: readonly [number, number]) => {
      const t = found(childAlone as never, 'li', at('19:00'), away, (t) => {
        for (let n = 6; n > 0; n--) {
          const when = at('11:00') - n * 24 * HOUR
          t.passage('granny', 'out', 'gate-b01-u1', { at: when, receivedAt: when })
          t.passage('granny', 'in', 'gate-b01-u1', { at: when + HOUR, receivedAt: when + HOUR })
        }
        t.passage('li', 'in')
        t.passage('granny', 'out')
      })
      return t.go(6 * HOUR)
    }
    expect(alone(NEVER)).toHaveLength(1)
    expect(alone([at('20:00'), at('20:00', 9)])).toEqual([])
  })

  test('no door for a day: nobody was there to use it', () => {
    const shut = (away: readonly [number, number]) =>
      found(municipal as never, 'zhang', at('08:00'), away, (t) => {
        t.contact(true)
        t.contact(false)
      }).go(30 * HOUR)
    expect(shut(NEVER)).toHaveLength(1)
    expect(shut([at('07:00'), at('20:00')])).toEqual([])
    expect(shut([at('07:00'), at('12:00')])).toEqual([at('12:00', 4)])
  })
})
