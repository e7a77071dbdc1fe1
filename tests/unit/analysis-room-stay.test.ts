import { describe, expect, test } from 'vitest'
import { roomStay } from '../../server/analysis/room-stay.ts'
import { roomOf } from '../../server/analysis/rooms.ts'
import { analysisDevices, analysisWorld, FLAT, HOUR, MINUTE, ofKind, testAnalysis } from '../support/analysis.ts'

const at = (time: string, day = 3) => Date.parse(`2026-03-0${day}T${time}:00+08:00`)
const bathroom = { ...analysisDevices()[0]!, id: 'motion-bathroom', address: 'motion-bathroom', name: 'motion-bathroom' }
const SENSORS = ['motion-living', 'motion-bedroom', 'motion-bathroom', 'door']

/** Old Zhang's flat with a sensor in the bathroom, heard all along. */
function flat(heard: readonly string[] = SENSORS, thresholds: Record<string, number> = {}) {
  const world = analysisWorld({ devices: [...analysisDevices(), bathroom], thresholds })
  const t = testAnalysis({ start: at('07:00'), detectors: [roomStay], world })
  for (const id of heard) t.send('linwang.heartbeat', id, { online: true })
  const enter = (room: string, more = {}) => t.motion(more, `motion-${room}`)
  return { ...t, enter, stay: (ms: number) => ofKind(t.pass(ms, heard), 'room-stay') }
}

describe('one who lives alone', () => {
  test('in the bathroom for an hour and seen nowhere else is asked after, once', () => {
    const t = flat()
    t.enter('living')
    t.stay(10 * MINUTE)
    t.enter('bathroom')
    expect(t.stay(59 * MINUTE)).toEqual([])
    expect(t.stay(2 * HOUR)).toMatchObject([
      {
        priority: 2,
        placeId: FLAT,
        residentId: 'zhang',
        deviceId: 'motion-bathroom',
        evidence: { since: at('07:10'), room: 'bathroom', stayMinutes: 60, usualMinutes: null },
      },
    ])
  })

  test('who moves there all the while has still not come out', () => {
    const t = flat()
    for (let n = 0; n < 6; n++) {
      t.enter('bathroom')
      t.stay(9 * MINUTE)
    }
    expect(t.stay(10 * MINUTE)).toMatchObject([{ evidence: { since: at('07:00') } }])
  })

  test.each([
    ['another room', (t: ReturnType<typeof flat>) => t.enter('bedroom')],
    ['the door', (t: ReturnType<typeof flat>) => t.contact(true)],
    ['a gate', (t: ReturnType<typeof flat>) => t.passage('zhang', 'out')],
  ])('who is seen at %s has come out, and that clears it', (_where, seen) => {
    const t = flat()
    t.enter('bathroom')
    t.stay(50 * MINUTE)
    seen(t)
    expect(t.stay(2 * HOUR)).toEqual([])
    t.enter('bathroom')
    expect(t.stay(2 * HOUR)).toHaveLength(1)
    t.contact(false)
    expect(seen(t)).toMatchObject([{ act: 'clear', key: 'room-stay/zhang' }])
  })

  test('may be in the living room for as long as it pleases, unless somebody sets a line', () => {
    const free = flat()
    free.enter('living')
    expect(free.stay(10 * HOUR)).toEqual([])
    const set = flat(SENSORS, { 'room-stay.other-minutes@zhang': 120 })
    set.enter('living')
    expect(set.stay(3 * HOUR)).toMatchObject([{ evidence: { room: 'living', stayMinutes: 120 } }])
  })

  test('who usually bathes for long is asked after later, and the line has an end', () => {
    const t = flat()
    for (let n = 0; n < 12; n++) {
      t.enter('bathroom')
      t.stay(54 * MINUTE)
      t.enter('living')
      t.stay(30 * MINUTE)
    }
    t.enter('bathroom')
    expect(t.stay(80 * MINUTE)).toEqual([])
    expect(t.stay(2 * MINUTE)).toMatchObject([{ evidence: { stayMinutes: 81, usualMinutes: 54 } }])
  })

  test('a stay that people were called for is not usual', () => {
    const t = flat()
    for (let n = 0; n < 12; n++) {
      t.enter('bathroom')
      expect(t.stay(90 * MINUTE)).toMatchObject([{ evidence: { stayMinutes: 60, usualMinutes: null } }])
      t.enter('living')
      t.stay(10 * MINUTE)
    }
  })

  test('[I4] history teaches and raises nothing', () => {
    const t = flat()
    const before = t.now() - 60 * HOUR
    for (let n = 0; n < 12; n++) {
      t.enter('bathroom', { at: before + n * HOUR, receivedAt: t.now() })
      t.enter('living', { at: before + n * HOUR + 50 * MINUTE, receivedAt: t.now() })
    }
    t.enter('bathroom', { at: before + 13 * HOUR, receivedAt: t.now() })
    expect(t.stay(3 * HOUR)).toEqual([])
    t.enter('bathroom')
    expect(t.stay(2 * HOUR)).toMatchObject([{ evidence: { stayMinutes: 75, usualMinutes: 50 } }])
  })
})

describe('what is not known', () => {
  test.each(['motion-living', 'motion-bedroom', 'door'])('[A2] %s that is not heard calls nobody', (deaf) => {
    const t = flat(SENSORS.filter((id) => id !== deaf))
    t.enter('bathroom')
    expect(t.stay(5 * HOUR)).toEqual([])
  })

  test('[A2] nor does one that goes out meanwhile', () => {
    const t = flat()
    t.enter('bathroom')
    t.stay(10 * MINUTE)
    t.send('linwang.heartbeat', 'motion-living', { online: false })
    expect(ofKind(t.pass(5 * HOUR, ['motion-bedroom', 'motion-bathroom', 'door']), 'room-stay')).toEqual([])
  })

  test('[A2] a sensor that was away meanwhile may have missed the way out', () => {
    const t = flat()
    t.enter('bathroom')
    t.stay(10 * MINUTE)
    t.send('linwang.heartbeat', 'motion-living', { online: false })
    t.stay(10 * MINUTE)
    t.send('linwang.heartbeat', 'motion-living', { online: true })
    expect(t.stay(5 * HOUR)).toEqual([])
  })

  test('[I4] nobody is called while a backlog comes in', () => {
    const t = flat()
    t.stay(3 * HOUR)
    t.enter('bathroom', { at: t.now() - 2 * HOUR, receivedAt: t.now() })
    expect(t.stay(5 * MINUTE)).toEqual([])
    t.enter('living', { at: t.now() - HOUR, receivedAt: t.now() })
    expect(t.stay(3 * HOUR)).toEqual([])
  })

  test('what comes out of order changes nothing', () => {
    const t = flat()
    t.stay(HOUR)
    t.enter('bathroom')
    t.enter('living', { at: t.now() - MINUTE })
    expect(t.stay(2 * HOUR)).toHaveLength(1)
  })

  test.each([{ status: 'exercise' as const }, { replay: true }])('[X1] %o says nothing of a person', (more) => {
    const t = flat()
    t.enter('bathroom', more)
    expect(t.stay(3 * HOUR)).toEqual([])
  })

  test('a home whose rooms are not told apart asks after nobody', () => {
    const one = { ...analysisDevices()[0]!, id: 'motion-bathroom', address: 'motion-bathroom', name: '卫生间' }
    const t = testAnalysis({ start: at('07:00'), detectors: [roomStay], world: analysisWorld({ devices: [one] }) })
    t.motion({}, 'motion-bathroom')
    expect(ofKind(t.pass(5 * HOUR, ['motion-bathroom']), 'room-stay')).toEqual([])
  })
})

test.each([
  [{ id: 'motion-b12-u1-302-living', address: 'x', name: '' }, 'living'],
  [{ id: 'motion-302-bathroom-2', address: 'x', name: '' }, 'bathroom'],
  [{ id: 'a1', address: 'flat302/wc', name: '' }, 'bathroom'],
  [{ id: 'a1', address: '0x00', name: '12栋1单元302卫生间人体' }, 'bathroom'],
  [{ id: 'a1', address: '0x00', name: '主卧人体' }, 'bedroom'],
  [{ id: 'constructor', address: '0x00', name: '人体' }, undefined],
])('a room is known by %o', (device, room) => {
  expect(roomOf(device)).toBe(room)
})
