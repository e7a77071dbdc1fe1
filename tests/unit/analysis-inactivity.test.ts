import { describe, expect, test } from 'vitest'
import { analysisWorld, FLAT, HOME_SENSORS, HOUR, MINUTE, ofKind, testAnalysis } from '../support/analysis.ts'
import { MONDAY_TEN } from '../support/work.ts'

const at = (time: string) => Date.parse(`2026-03-02T${time}:00+08:00`)

/** Everything at home is heard, and somebody has just moved. */
function atHome(options: Parameters<typeof testAnalysis>[0] = {}) {
  const home = testAnalysis(options)
  for (const id of HOME_SENSORS) home.send('linwang.heartbeat', id, { online: true })
  home.motion()
  return home
}

describe('a person living alone who does not stir', () => {
  test('is noticed after the hours set, and why is said', () => {
    const home = atHome()
    expect(ofKind(home.pass(4 * HOUR - MINUTE, HOME_SENSORS), 'inactivity')).toEqual([])
    const [finding] = ofKind(home.pass(2 * MINUTE, HOME_SENSORS), 'inactivity')
    expect(finding).toMatchObject({ priority: 1, placeId: FLAT, residentId: 'zhang' })
    expect(finding).toMatchObject({ evidence: { silentMinutes: 240, since: MONDAY_TEN, lastDoor: null, usualBy: null, hours: 4 } })
  })

  test('is noticed once for one silence', () => {
    const home = atHome()
    expect(ofKind(home.pass(11 * HOUR, HOME_SENSORS), 'inactivity')).toHaveLength(1)
  })

  test('is noticed sooner in the heat, and a drill of it changes nothing', () => {
    for (const [status, hours] of [
      ['actual', 2.4],
      ['exercise', 4],
    ] as const) {
      const home = atHome()
      const heat = { identifier: 'h', msgType: 'alert' as const, references: [], event: '11B09', headline: '高温', areas: ['全市'] }
      home.take({ ...home.signal('linwang.warning', '/feeds/weather', { ...heat, colour: 'red' }, { status }), feed: 'weather' })
      expect(ofKind(home.pass(hours * HOUR - MINUTE, HOME_SENSORS), 'inactivity')).toEqual([])
      const [finding] = ofKind(home.pass(2 * MINUTE, HOME_SENSORS), 'inactivity')
      expect(finding!.evidence!.strain).toBe(status === 'actual' ? 'heat' : undefined)
    }
  })

  test('has a limit of their own where one is set', () => {
    const home = atHome({ world: analysisWorld({ thresholds: { 'inactivity.hours@zhang': 2 } }) })
    expect(ofKind(home.pass(2 * HOUR + MINUTE, HOME_SENSORS), 'inactivity')).toHaveLength(1)
  })

  test('is well again with the next sign of life, and is watched anew', () => {
    const home = atHome()
    home.pass(5 * HOUR, HOME_SENSORS)
    expect(home.motion()).toMatchObject([{ act: 'clear', key: `inactivity/${FLAT}` }])
    expect(home.motion()).toEqual([])
    expect(ofKind(home.pass(5 * HOUR, HOME_SENSORS), 'inactivity')).toHaveLength(1)
  })

  test.each([
    ['motion that ends', (home: ReturnType<typeof atHome>) => home.send('linwang.motion', 'motion-living', { occupied: false })],
    ['a drill', (home: ReturnType<typeof atHome>) => home.motion({ status: 'exercise' })],
    ['a replayed state', (home: ReturnType<typeof atHome>) => home.motion({ replay: true })],
    [
      'a door that was refused',
      (home: ReturnType<typeof atHome>) =>
        home.send('linwang.passage', 'gate-b01-u1', { direction: 'in', residentId: 'zhang', granted: false }),
    ],
  ])('%s is no sign of life', (_what, does) => {
    const home = atHome()
    home.pass(3 * HOUR, HOME_SENSORS)
    does(home)
    expect(ofKind(home.pass(HOUR + MINUTE, HOME_SENSORS), 'inactivity')).toHaveLength(1)
  })

  test('water that runs is one', () => {
    const home = atHome()
    const meter = (reading: number) => home.send('linwang.meter', 'water', { quantity: 'water', reading, unit: 'L' })
    meter(100)
    home.pass(3 * HOUR, HOME_SENSORS)
    meter(103)
    expect(ofKind(home.pass(HOUR + MINUTE, HOME_SENSORS), 'inactivity')).toEqual([])
  })

  test('sleeps at night without a call, and is looked for in the morning', () => {
    const home = atHome({ start: at('21:30') })
    expect(ofKind(home.pass(11 * HOUR, HOME_SENSORS), 'inactivity')).toEqual([])
    const [finding] = ofKind(home.pass(2 * HOUR, HOME_SENSORS), 'inactivity')
    expect(finding).toMatchObject({ at: at('21:30') + 12 * HOUR })
  })

  test('[I4] history teaches and raises nothing, late news only counts for when it happened', () => {
    const home = atHome()
    home.pass(3 * HOUR, HOME_SENSORS)
    home.motion({ at: MONDAY_TEN + HOUR, receivedAt: home.now() })
    const found = ofKind(home.pass(2 * HOUR + MINUTE, HOME_SENSORS), 'inactivity')
    expect(found).toMatchObject([{ evidence: { since: MONDAY_TEN + HOUR } }])
    expect(home.motion({ at: MONDAY_TEN - 48 * HOUR, receivedAt: home.now() })).toEqual([])
  })
})

describe('home or away', () => {
  const presence = (home: ReturnType<typeof testAnalysis>) => home.analysis.care(home.now(), [])[0]!.presence

  test('who goes through the door and is not seen inside again is out, and may be silent', () => {
    const home = atHome()
    home.pass(MINUTE, HOME_SENSORS)
    home.contact(true)
    home.contact(false)
    expect(presence(home)).toBe('unsure')
    expect(ofKind(home.pass(8 * HOUR, HOME_SENSORS), 'inactivity')).toEqual([])
    expect(presence(home)).toBe('out')
  })

  test('a visitor at the door does not make the person be out', () => {
    const home = atHome()
    home.contact(true)
    home.pass(5 * MINUTE, HOME_SENSORS)
    home.motion()
    expect(presence(home)).toBe('home')
    expect(ofKind(home.pass(4 * HOUR + MINUTE, HOME_SENSORS), 'inactivity')).toHaveLength(1)
  })

  test('[I4] a door that was told late does not undo the motion after it', () => {
    const home = atHome()
    home.pass(2 * HOUR, HOME_SENSORS)
    home.motion()
    home.contact(true, { at: home.now() - HOUR, receivedAt: home.now() })
    home.pass(HOUR, HOME_SENSORS)
    expect(presence(home)).toBe('home')
  })

  test('the gate of the own unit says in and out, the estate gate only that one is on the way', () => {
    const home = atHome()
    home.passage('zhang', 'out')
    expect(presence(home)).toBe('out')
    home.passage('zhang', 'in', 'gate-east')
    expect(presence(home)).toBe('unsure')
    home.passage('zhang', 'in')
    expect(presence(home)).toBe('home')
  })

  test('whoever is out longer than a long outing is looked for, by day, before the usual returns are known', () => {
    const home = atHome()
    home.passage('zhang', 'out')
    expect(ofKind(home.pass(20 * HOUR, HOME_SENSORS), 'not-returned')).toEqual([])
    const found = ofKind(home.pass(2 * HOUR, HOME_SENSORS), 'not-returned')
    expect(found).toMatchObject([{ priority: 3, at: at('07:00') + 24 * HOUR, evidence: { outSince: MONDAY_TEN, learned: false } }])
    home.passage('zhang', 'in')
    expect(home.pass(MINUTE, HOME_SENSORS)).toContainEqual(expect.objectContaining({ act: 'clear', key: `not-returned/${FLAT}` }))
  })
})

describe('[A2] blind is not quiet', () => {
  test('a home whose sensors fall silent raises no inactivity', () => {
    expect(ofKind(atHome().pass(12 * HOUR), 'inactivity')).toEqual([])
  })

  test.each(HOME_SENSORS)('nor does one whose %s alone is mute', (mute) => {
    const home = atHome()
    expect(
      ofKind(
        home.pass(
          12 * HOUR,
          HOME_SENSORS.filter((id) => id !== mute),
        ),
        'inactivity',
      ),
    ).toEqual([])
  })

  test('the silence counts from when the sensors are heard again', () => {
    const home = atHome()
    home.pass(3 * HOUR)
    expect(ofKind(home.pass(4 * HOUR, HOME_SENSORS), 'inactivity')).toEqual([])
    expect(ofKind(home.pass(HOUR, HOME_SENSORS), 'inactivity')).toHaveLength(1)
  })

  test('a backlog that a gateway brings does not make a silence', () => {
    const home = atHome()
    home.pass(5 * HOUR)
    const found = [0.1, 0.2].flatMap((hours) => [
      ...home.motion({ at: MONDAY_TEN + hours * HOUR, receivedAt: home.now() }),
      ...home.pass(5 * MINUTE),
    ])
    expect(ofKind(found, 'inactivity')).toEqual([])
  })

  test('a home that is blind for hours gets a visit, once, and it is over when the home is heard', () => {
    const home = atHome()
    expect(ofKind(home.pass(6 * HOUR - MINUTE), 'welfare-check')).toEqual([])
    const found = ofKind(home.pass(3 * HOUR), 'welfare-check')
    expect(found).toMatchObject([
      { priority: 3, placeId: FLAT, residentId: 'zhang', at: MONDAY_TEN + 6 * HOUR, evidence: { reason: 'blind' } },
    ])
    const back = home.pass(HOUR, HOME_SENSORS)
    expect(back).toContainEqual(expect.objectContaining({ act: 'clear', key: `welfare-check/${FLAT}` }))
  })

  test('a person who was seen at the gate meanwhile needs none yet', () => {
    const home = atHome()
    home.pass(5 * HOUR)
    home.passage('zhang', 'out')
    expect(ofKind(home.pass(5 * HOUR), 'welfare-check')).toEqual([])
  })

  test('a home that was never heard is blind on the wall and calls nobody', () => {
    const home = testAnalysis()
    expect(home.pass(30 * HOUR)).toEqual([])
    expect(home.analysis.care(home.now(), [])).toMatchObject([{ state: 'blind' }])
  })

  test('a sensor that was never heard is not there yet', () => {
    const home = testAnalysis()
    home.motion()
    expect(ofKind(home.pass(4 * HOUR + MINUTE, ['motion-living']), 'inactivity')).toHaveLength(1)
  })
})

describe('care rows', () => {
  test('the day so far, its blind hours, and what is still to come', () => {
    const home = atHome()
    home.pass(HOUR, HOME_SENSORS)
    home.pass(5 * HOUR)
    const [row] = home.analysis.care(home.now(), [])
    expect(row).toMatchObject({ residentId: 'zhang', placeId: FLAT, gridId: 'caihong-g1', clusterId: 'caihong-c001', state: 'blind' })
    expect(row!.today.slice(19, 23)).toEqual([-1, 3, 0, 0])
    expect(row!.today.slice(30, 34)).toEqual([-2, -2, -2, -1])
  })

  test('what is usual is learned from days on which the person was there', () => {
    const home = atHome({ start: at('08:10') })
    const day = () => {
      for (const id of HOME_SENSORS) home.send('linwang.heartbeat', id, { online: true })
      for (let n = 0; n < 4; n++) home.motion()
      home.pass(24 * HOUR, HOME_SENSORS)
    }
    day()
    expect(home.analysis.care(home.now(), [])[0]!.usual).toEqual(new Array(48).fill(0))
    for (let n = 0; n < 4; n++) day()
    const { usual } = home.analysis.care(home.now(), [])[0]!
    expect(usual[16]).toBeGreaterThan(4)
    expect(usual.filter((level) => level > 0)).toHaveLength(1)
    const [finding] = ofKind(home.pass(6 * HOUR, HOME_SENSORS), 'inactivity')
    expect(finding ?? home.found.findLast((one) => one.act === 'raise')).toMatchObject({ evidence: { usualBy: '08:30' } })
  })

  test('the line ahead is the one that is crossed; blind there is none', () => {
    const home = atHome()
    home.pass(HOUR, HOME_SENSORS)
    const row = () => home.analysis.care(home.now(), [])[0]!
    const { lineAt } = row()
    expect(row()).toMatchObject({ lineAt: MONDAY_TEN + 4 * HOUR, days: 0, confidence: 0 })
    expect(ofKind(home.pass(lineAt! - home.now() - MINUTE, HOME_SENSORS), 'inactivity')).toEqual([])
    expect(ofKind(home.pass(MINUTE, HOME_SENSORS), 'inactivity')).toHaveLength(1)
    home.pass(5 * HOUR)
    expect(row()).toMatchObject({ state: 'blind', lineAt: null })
  })

  test('an open alert of the flat is named, and the silence is shown', () => {
    const home = atHome()
    home.pass(5 * HOUR, HOME_SENSORS)
    const alert = { id: 'alert-7', kind: 'inactivity', placeId: FLAT, status: 'actual', priority: 1 } as never
    expect(home.analysis.care(home.now(), [alert])).toMatchObject([{ alertId: 'alert-7', state: 'silent', silentSince: MONDAY_TEN }])
  })
})
