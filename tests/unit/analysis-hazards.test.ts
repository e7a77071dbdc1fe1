import { describe, expect, test } from 'vitest'
import { HOUR, kinds, MINUTE, testAnalysis } from '../support/analysis.ts'

describe('help button', () => {
  test('a press is priority 1, latched, and names who lives there', () => {
    const [finding] = testAnalysis().press()
    expect(finding).toMatchObject({ kind: 'help', priority: 1, latched: true, residentId: 'zhang', late: false, status: 'actual' })
  })

  test('[A4] presses in one flat are one matter', () => {
    const home = testAnalysis()
    const keys = [home.press(), home.press(), home.press()].map(([finding]) => finding!.key)
    expect(new Set(keys).size).toBe(1)
  })

  test('[X1] an exercise never joins an actual matter', () => {
    const home = testAnalysis()
    const [actual, exercise, drill] = [home.press(), home.press({ status: 'exercise' }), home.press({ status: 'test' })].map(
      ([one]) => one!,
    )
    expect(new Set([actual!.key, exercise!.key, drill!.key]).size).toBe(3)
    expect(exercise).toMatchObject({ status: 'exercise' })
  })
})

describe('[I4] late signals', () => {
  test.each([
    [4 * MINUTE, 'press', false],
    [6 * MINUTE, 'press', true],
    [24 * HOUR, 'press', true],
    [24 * HOUR, 'smoke', true],
    [24 * HOUR, 'see', true],
  ] as const)('%d ms late, a %s alerts, marked late: %s', (late, what, marked) => {
    const home = testAnalysis()
    const more = { at: home.now() - late, receivedAt: home.now() }
    const found =
      what === 'press' ? home.press(more) : what === 'smoke' ? home.smoke(true, 'smoke', more) : home.see('fall', 'cam-1', {}, more)
    expect(found).toMatchObject([{ act: 'raise', late: marked, at: more.at }])
  })

  test.each(['press', 'smoke', 'see'] as const)('over 24 hours late, a %s only records', (what) => {
    const home = testAnalysis()
    const more = { at: home.now() - 24 * HOUR - 1, receivedAt: home.now() }
    const found =
      what === 'press' ? home.press(more) : what === 'smoke' ? home.smoke(true, 'smoke', more) : home.see('fall', 'cam-1', {}, more)
    expect(found).toEqual([])
  })

  test('a replayed state raises nothing', () => {
    const home = testAnalysis()
    expect([...home.press({ replay: true }), ...home.smoke(true, 'smoke', { replay: true })]).toEqual([])
  })

  test('an alarm that its own all-clear overtook is told all the same, and that it is over', () => {
    const home = testAnalysis()
    home.smoke(true)
    home.pass(10 * MINUTE)
    home.smoke(false)
    const found = home.smoke(true, 'smoke', { at: home.now() - 5 * MINUTE, receivedAt: home.now() })
    expect(kinds(found)).toEqual(['hazard.smoke', 'clear'])
  })

  test('an all-clear from before the alarm clears nothing', () => {
    const home = testAnalysis()
    home.smoke(true)
    expect(home.smoke(false, 'smoke', { at: home.now() - MINUTE, receivedAt: home.now() })).toEqual([])
  })
})

describe('hazards', () => {
  test.each([
    ['smoke', 1],
    ['gas', 1],
    ['fire', 1],
    ['leak', 2],
    ['carbon-monoxide', 2],
  ])('%s is priority %i', (hazard, priority) => {
    const [finding] = testAnalysis().send('linwang.hazard', 'smoke', { hazard, active: true })
    expect(finding).toMatchObject({ kind: `hazard.${hazard}`, priority })
  })

  test('[A4] smoke from two detectors in one flat is one matter, over when the last is', () => {
    const home = testAnalysis()
    const [one, two] = [home.smoke(true, 'smoke'), home.smoke(true, 'smoke-2')].map(([finding]) => finding!)
    expect(one!.key).toBe(two!.key)
    expect(home.smoke(false, 'smoke')).toEqual([])
    expect(home.smoke(false, 'smoke-2')).toMatchObject([{ act: 'clear', key: one!.key }])
  })

  test('[A4] smoke and fire in one place are one matter, another flat is another', () => {
    const home = testAnalysis()
    const [smoke] = home.smoke(true)
    const [fire] = home.send('linwang.hazard', 'smoke-2', { hazard: 'fire', active: true })
    const [next] = home.smoke(true, 'smoke-child')
    expect(fire!.key).toBe(smoke!.key)
    expect(next!.key).not.toBe(smoke!.key)
  })

  test('a detector that says all day that all is well leaves nothing to be saved', () => {
    const home = testAnalysis()
    home.analysis.dirty()
    home.smoke(false)
    expect(home.analysis.dirty().map(({ part }) => part)).not.toContain('analysis.hazard')
  })
})

describe('cameras', () => {
  test.each([
    ['fall', 1, true],
    ['fire', 1, true],
    ['smoke', 1, true],
    ['thrown-object', 2, true],
    ['intrusion', 2, true],
    ['crowd', 3, false],
    ['fire-lane-blocked', 3, false],
    ['loitering', 3, false],
    ['overheat', 2, true],
    ['left-object', 4, false],
    ['removed-object', 4, false],
    ['illegal-parking', 4, false],
    ['waste-overflow', 4, false],
    ['video-loss', 3, false],
    ['tamper', 3, false],
  ])('%s is priority %i; stays until people were there: %s', (event, priority, latched) => {
    expect(testAnalysis().see(event)[0]).toMatchObject({ act: 'raise', kind: `camera.${event}`, priority, latched })
  })

  test.each(['other', 'constructor', 'something-new'])('%s alerts nobody', (event) => expect(testAnalysis().see(event)).toEqual([]))

  test('what is not urgent and has no end is a moment: over at once', () => {
    expect(kinds(testAnalysis().see('crowd'))).toEqual(['camera.crowd', 'clear'])
  })

  test('[A4] two cameras that see one crowd are one matter, over when neither sees it', () => {
    const square = testAnalysis()
    const [one, two] = ['cam-1', 'cam-2'].map((id) => square.see('crowd', id, { active: true })[0]!)
    expect(one!.key).toBe(two!.key)
    expect(square.see('crowd', 'cam-1', { active: false })).toEqual([])
    expect(square.see('crowd', 'cam-2', { active: false })).toMatchObject([{ act: 'clear', key: one!.key }])
  })

  test('below the confidence that is set for it an event is only recorded', () => {
    expect(testAnalysis().see('fall', 'cam-1', { confidence: 0.59 })).toEqual([])
    expect(testAnalysis().see('fall', 'cam-1', { confidence: 0.6 })).toHaveLength(1)
  })

  test('a lost picture is over when the camera sees again, whatever it sees', () => {
    const gate = testAnalysis()
    const [lost] = gate.see('video-loss')
    expect(gate.see('other', 'cam-2')).toEqual([])
    expect(gate.see('other')).toMatchObject([{ act: 'clear', key: lost!.key }])
  })

  test('a recorder that says all day that a channel has its picture tells so the end of a loss, and of nothing else', () => {
    const gate = testAnalysis()
    const beat = (more: object) => gate.send('linwang.heartbeat', 'cam-1', { online: true, ...more })
    gate.see('tamper')
    expect(beat({ video: true })).toEqual([])
    const [lost] = gate.see('video-loss')
    expect(beat({})).toEqual([])
    expect(beat({ video: true })).toMatchObject([{ act: 'clear', key: lost!.key }])
    expect(beat({ video: true })).toEqual([])
  })
})
