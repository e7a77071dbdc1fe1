import { afterEach, beforeEach, expect, test } from 'vitest'
import { arrivalOf, cloudEvent, event, mqttArrival, NOW, type TestIntake, testIntake } from '../support/intake.ts'

let t: TestIntake
beforeEach(() => {
  t = testIntake()
})
afterEach(() => t.close())
const feed = (id: string) => t.intake.health(t.now).find((view) => view.id === id)

test('[P4] a feed of the register that was never heard is shown as such', () => {
  expect(feed('frigate')).toEqual({
    id: 'frigate',
    name: '摄像机',
    state: 'never',
    lastHeard: null,
    perMinute: 0,
    accepted: 0,
    duplicates: 0,
    repeats: 0,
    quarantined: 0,
    drift: null,
    link: null,
    reconnects: 0,
    gap: null,
  })
})

test('[P4] counts, rate and silence of a feed', () => {
  t.take(arrivalOf([cloudEvent({ id: 'a' }), cloudEvent({ id: 'a' }), cloudEvent({ id: 'b' }), cloudEvent({ id: 'c', subject: 'x' })]))
  expect(feed('gates')).toMatchObject({ state: 'heard', accepted: 2, duplicates: 1, quarantined: 1, perMinute: 2, lastHeard: NOW })
  t.now += 70_000
  expect(feed('gates')).toMatchObject({ state: 'heard', perMinute: 0 })
  t.now += 15 * 60_000
  expect(feed('gates')).toMatchObject({ state: 'silent', lastHeard: NOW })
})

test('[A3] what a failed commit counted is taken back, for feeds and devices', () => {
  t.take(event({ id: 'a' }))
  t.now += 5_000
  t.fail(event({ id: 'b' }), event({ id: 'a' }), event({ id: 'c', subject: 'x' }))
  expect(feed('gates')).toMatchObject({ accepted: 1, duplicates: 0, quarantined: 0, perMinute: 1, lastHeard: NOW })
  expect(t.intake.lastHeard('gate-east')).toBe(NOW)
})

test('[A2] a device that says it is offline was not heard', () => {
  t.take(mqttArrival('zigbee2mqtt/door-1/availability', 'offline', { ref: 'a' }))
  expect(t.intake.lastHeard('door-1')).toBeUndefined()
  t.take(mqttArrival('zigbee2mqtt/door-1/availability', '{"state":"online"}', { ref: 'b' }))
  expect(t.intake.lastHeard('door-1')).toBe(NOW)
})

test('[A1] a checkpoint and the signals after it give the same health', () => {
  t.take(event({ id: 'a', time: new Date(NOW + 400_000).toISOString() }))
  const checkpoint = JSON.parse(JSON.stringify(t.intake.checkpoint())) as ReturnType<TestIntake['intake']['checkpoint']>
  t.now += 3_000
  const { signals } = t.take(event({ id: 'b' }))
  const before = [t.intake.health(t.now), t.intake.lastHeard('gate-east')]
  t.restart()
  t.intake.restore(checkpoint)
  t.intake.recall(signals)
  expect([t.intake.health(t.now), t.intake.lastHeard('gate-east')]).toEqual(before)
})

test('[I5] a general key cannot make up feeds without end', () => {
  for (let n = 0; n < 60; n++) t.take(arrivalOf(Array.from({ length: 10 }, (_, i) => cloudEvent({ source: `/feeds/made-up-${n}-${i}` }))))
  expect(t.intake.health(t.now).length).toBeLessThanOrEqual(504)
})

test('[P4] counts and clock of one device', () => {
  const off = new Date(NOW - 400_000).toISOString()
  t.take(event({ id: 'a', time: off }), event({ id: 'a' }), event({ id: 'b', data: { direction: 'up' } }), event({ id: 'c', subject: 'x' }))
  const counts = { accepted: 1, duplicates: 1, repeats: 0, quarantined: 1 }
  expect(t.intake.ofDevice('gates', 'gate-east', t.now)).toEqual({ lastHeard: NOW, drift: -400, ...counts })
  expect(t.intake.ofDevice('gates', 'nobody', t.now)).toMatchObject({ lastHeard: null, drift: null, accepted: 0 })
  t.fail(event({ id: 'd' }), event({ id: 'd' }), event({ id: 'e', data: 0 }))
  expect(t.intake.ofDevice('gates', 'gate-east', t.now)).toMatchObject(counts)
  const saved = JSON.parse(JSON.stringify(t.intake.checkpoint())) as ReturnType<TestIntake['intake']['checkpoint']>
  t.restart()
  t.intake.restore(saved)
  expect(t.intake.ofDevice('gates', 'gate-east', t.now)).toEqual({ lastHeard: NOW, drift: -400, ...counts })
})

test('[A1] a checkpoint of an earlier version is understood', () => {
  t.intake.restore({ feeds: [], devices: [['gate-east', NOW]], drift: [] })
  expect(t.intake.lastHeard('gate-east')).toBe(NOW)
})
