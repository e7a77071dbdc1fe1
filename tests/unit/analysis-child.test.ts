import { describe, expect, test } from 'vitest'
import { analysisDevices, analysisWorld, CHILD_FLAT, HOUR, MINUTE, ofKind, testAnalysis } from '../support/analysis.ts'

const GATE = ['gate-b01-u1']
const at = (time: string, day = '2026-03-02') => Date.parse(`${day}T${time}:00+08:00`)

function school(start: number) {
  const home = testAnalysis({ start })
  home.passage('li', 'out')
  return home
}
const beats = (home: ReturnType<typeof testAnalysis>, ms: number) => {
  const found = []
  for (let left = ms; left > 0; left -= 10 * MINUTE) {
    home.send('linwang.heartbeat', 'gate-b01-u1', { online: true })
    found.push(...home.pass(Math.min(left, 10 * MINUTE), GATE))
  }
  return ofKind(found, 'child-not-home')
}

describe('a left-behind child', () => {
  test('who went out and has not come home by the evening of a school day is missed, once', () => {
    const home = school(at('07:40'))
    const found = beats(home, 13 * HOUR)
    expect(found).toMatchObject([{ priority: 2, placeId: CHILD_FLAT, residentId: 'li', at: at('18:30') }])
    expect(found).toMatchObject([{ evidence: { outSince: at('07:40'), homeBy: '18:30', gateHeard: true } }])
  })

  test('who came home is not', () => {
    const home = school(at('07:40'))
    beats(home, 9 * HOUR)
    home.passage('li', 'in')
    expect(beats(home, 6 * HOUR)).toEqual([])
  })

  test('who comes home later clears it', () => {
    const home = school(at('07:40'))
    beats(home, 12 * HOUR)
    expect(home.passage('li', 'in')).toMatchObject([{ act: 'clear', key: 'child-not-home/li' }])
  })

  test('is missed later in the evening at the weekend', () => {
    const saturday = '2026-03-07'
    expect(beats(school(at('09:00', saturday)), 13 * HOUR)).toMatchObject([{ at: at('20:00', saturday), evidence: { homeBy: '20:00' } }])
  })

  test('who leaves after the hour has an hour to come back', () => {
    expect(beats(school(at('19:00')), 3 * HOUR)).toMatchObject([{ at: at('20:00') }])
  })

  test('[I4] a way in that is told late counts for when it was', () => {
    const home = school(at('07:40'))
    home.passage('li', 'in', 'gate-b01-u1', { at: at('07:30'), receivedAt: home.now() })
    expect(beats(home, 12 * HOUR)).toHaveLength(1)
    expect(home.passage('li', 'in', 'gate-b01-u1', { at: at('18:00'), receivedAt: home.now() })).toMatchObject([{ act: 'clear' }])
  })

  test('[A2] behind a gate that is not heard is a question, and an emergency only once the gate is heard again', () => {
    const home = school(at('07:40'))
    expect(ofKind(home.pass(12 * HOUR), 'child-not-home')).toMatchObject([{ priority: 3, evidence: { gateHeard: false } }])
    expect(beats(home, HOUR)).toMatchObject([{ priority: 2, evidence: { gateHeard: true } }])
  })

  test('[A2] while a backlog of the gates comes in nobody is missed yet', () => {
    const home = testAnalysis({ start: at('19:00') })
    home.passage('li', 'out', 'gate-b01-u1', { at: at('07:40'), receivedAt: home.now() })
    expect(ofKind(home.pass(10 * MINUTE), 'child-not-home')).toEqual([])
    home.passage('li', 'in', 'gate-b01-u1', { at: at('16:50'), receivedAt: home.now() })
    expect(beats(home, 3 * HOUR)).toEqual([])
  })

  test('[A4] a whole feed of gates that is out asks after no child', () => {
    const gates = [1, 2, 3].map((n) => ({ ...analysisWorld().device('gate-east')!, id: `gate-${n}`, address: `gate-${n}` }))
    const world = analysisWorld({ devices: [...analysisDevices(), ...gates] })
    const home = testAnalysis({ start: at('07:40'), world })
    for (const { id } of gates) home.send('linwang.heartbeat', id, { online: true })
    home.passage('li', 'out')
    expect(ofKind(home.pass(14 * HOUR), 'child-not-home')).toEqual([])
    expect(ofKind(home.found, 'feed-silent')).toHaveLength(1)
  })

  test('[X1] a drill at the gate is no way home', () => {
    const home = school(at('07:40'))
    home.passage('li', 'in', 'gate-b01-u1', { status: 'exercise' })
    expect(beats(home, 12 * HOUR)).toHaveLength(1)
  })
})
