import { describe, expect, test } from 'vitest'
import { feedOfTopic, sourceOfTopic, topicsOf } from '../../server/feeds/topics.ts'
import type { DeviceKind } from '../../shared/device.ts'
import type { Feed } from '../../shared/feed.ts'
import { feedDevice, mqttArrival, NOW, testIntake } from '../support/intake.ts'
import { fixture, lines, sample, sampleThere } from '../support/samples.ts'
import { contextOf, decode, told } from '../support/sources.ts'

const HELP = ['linwang.help', {}]
const contact = (open: boolean) => ['linwang.contact', { open }]
const motion = (occupied: boolean) => ['linwang.motion', { occupied }]
const hazard = (name: string, active: boolean) => ['linwang.hazard', { hazard: name, active }]
const beat = (data: Record<string, unknown>) => ['linwang.heartbeat', { online: true, ...data }]

describe('payloads made by zigbee-herdsman-converters', () => {
  const payloads = lines<{ model: string; payload: unknown }>(fixture('zigbee2mqtt/accepted/generated-by-zhc.jsonl'))
  const expected: [string, unknown[]][] = [
    ['MCCGQ11LM', [contact(true)]],
    ['MCCGQ11LM', [contact(false)]],
    ['SJCGQ11LM', [hazard('leak', true)]],
    ['SJCGQ11LM', [hazard('leak', false), beat({ battery: 5 })]],
    ['TS0215A_sos', [HELP]],
    ['HS1SA-E', [hazard('smoke', true), hazard('tamper', false)]],
    ['HS1SA-E', [hazard('smoke', false), hazard('tamper', false)]],
    ['HS1SA-E', [hazard('smoke', false), hazard('tamper', true), beat({ battery: 5, tamper: true })]],
    ['TS0203', [contact(true), hazard('tamper', false)]],
  ]
  test.each(payloads.map((line, i) => [i, line.model, line.payload] as const))('[I3] payload %i of %s', (i, model, payload) => {
    expect([model, told('zigbee2mqtt/d', payload, contextOf('smoke'))]).toEqual(expected[i])
  })
})

/** What a field says, by the documentation of zigbee2mqtt, without a look at our tables. */
const SAYS: Record<string, (value: unknown) => unknown[]> = {
  smoke: (value) => hazard('smoke', value === true),
  water_leak: (value) => hazard('leak', value === true),
  tamper: (value) => hazard('tamper', value === true),
  vibration: (value) => hazard('vibration', value === true),
  contact: (value) => contact(value === false),
  occupancy: (value) => motion(value === true),
  presence: (value) => motion(value === true),
}
test('[I3] whatever set of states a sensor tells, each is told, and nobody calls for help but by an emergency', () => {
  const file = 'zigbee2mqtt/accepted/generated-by-zhc-sensors.jsonl'
  const payloads = lines<{ model: string; payload: Record<string, unknown> }>(fixture(file))
  expect(payloads.length).toBeGreaterThan(40)
  for (const { model, payload } of payloads) {
    const readings = told('zigbee2mqtt/d', payload, contextOf('speaker'))
    const fields = Object.keys(payload).filter((field) => SAYS[field])
    const expected = fields.map((field) => SAYS[field]!(payload[field]))
    expect([model, payload, readings]).toEqual([model, payload, expect.arrayContaining(expected)])
    const isHelp = payload.sos === true || payload.action === 'panic' || payload.action === 'emergency'
    expect([model, readings.some(([type]) => type === 'linwang.help')]).toEqual([model, isHelp])
    if (payload.gas === true || payload.carbon_monoxide === true) expect(readings).toContainEqual(hazard('gas', true))
  }
})

const MESSAGES = 'zigbee2mqtt/messages.jsonl'
describe.skipIf(!sampleThere(MESSAGES))('messages logged by people', () => {
  const messages = new Map(
    lines<{ id: string; topic: string; payload: string }>(sampleThere(MESSAGES) ? sample(MESSAGES) : '').map((line) => [line.id, line]),
  )
  const expected: Record<string, [DeviceKind, unknown[]]> = {
    'sos-emergency-tuya-cn': ['help-button', [HELP]],
    'sos-announce-null-action': ['help-button', [beat({ battery: 100 })]],
    'sos-legacy-action-topic': ['help-button', [HELP]],
    'sos-emergency-old': ['help-button', [HELP]],
    'device-announce': ['help-button', []],
    'smoke-test-with-device': ['smoke', [hazard('smoke', false)]],
    'leak-true-2024': ['leak', [hazard('leak', true), hazard('tamper', false)]],
    'leak-true-old': ['leak', [hazard('leak', true)]],
    'pir-no-occupancy-since': ['motion', [motion(false)]],
    'pir-illuminance': ['motion', [motion(false)]],
    'availability-json': ['motion', [['linwang.heartbeat', { online: false }]]],
    'bridge-state': ['motion', []],
  }
  test.each(Object.entries(expected))('[I3] %s', (id, [kind, readings]) => {
    const { topic, payload } = messages.get(id)!
    const decoded = decode(mqttArrival(topic, payload), contextOf(kind))
    expect(decoded.drafts.map(({ type, data }) => [type, data])).toEqual(readings)
    expect(decoded.rejects).toEqual([])
  })

  test('[I3] every message of the file is expected', () => {
    expect([...messages.keys()].sort()).toEqual(Object.keys(expected).sort())
  })

  test('[I4] last_seen is the time, with its offset', () => {
    const { topic, payload } = messages.get('sos-emergency-tuya-cn')!
    const [draft] = decode(mqttArrival(topic, payload), contextOf('help-button')).drafts
    expect(draft).toMatchObject({ time: Date.parse('2026-04-17T23:33:22+08:00'), offset: 480, address: '0xa4c13899607febd1' })
    expect(draft).not.toHaveProperty('timeAssumed')
  })
})

describe('what is a press', () => {
  const press = (action: unknown, kind: DeviceKind = 'help-button') =>
    told('zigbee2mqtt/d', { action }, contextOf(kind)).filter(([type]) => type === 'linwang.help').length

  test.each(['emergency', 'sos', 'panic', 'single', 'double', 'hold', 'on'])('[I3] a help button that says %s calls for help', (action) => {
    expect(press(action)).toBe(1)
  })
  test.each([null, '', 'release', 'hold_release', 'disarm', 'arm_all_zones', 7])('[I3] a help button that says %j does not', (action) => {
    expect(press(action)).toBe(0)
  })
  test('[I3] another device calls for help by an emergency alone', () => {
    expect([press('emergency', 'motion'), press('single', 'motion')]).toEqual([1, 0])
  })
})

describe('identity', () => {
  const idsOf = (payload: unknown, more: object = {}) =>
    decode(mqttArrival('zigbee2mqtt/door-1', payload, more), contextOf('door-contact')).drafts.map(({ id }) => id)

  test('[I2] with last_seen the same message has the same id, whoever delivers it', () => {
    const seen = { contact: false, last_seen: '2026-03-02T10:00:00+08:00' }
    expect(idsOf(seen, { ref: 'a' })).toEqual(idsOf(seen, { ref: 'b' }))
    expect(idsOf(seen)).not.toEqual(idsOf({ ...seen, contact: true }))
    expect(idsOf(seen)).not.toEqual(idsOf({ ...seen, last_seen: '2026-03-02T10:00:01+08:00' }))
  })

  test('[I2] without it the delivery tells two presses apart, and a redelivery is the same', () => {
    expect(idsOf({ contact: false }, { ref: 'a' })).toEqual(idsOf({ contact: false }, { ref: 'a' }))
    expect(idsOf({ contact: false }, { ref: 'a' })).not.toEqual(idsOf({ contact: false }, { ref: 'b' }))
  })

  test('[I2] several signals of one message have ids of their own', () => {
    const ids = idsOf({ contact: false, occupancy: true, smoke: true, gas: true, battery: 3 })
    expect(new Set(ids).size).toBe(5)
  })

  test('[I4] last_seen as epoch, as nonsense, and none', () => {
    const at = (last_seen: unknown) =>
      decode(mqttArrival('zigbee2mqtt/d', { contact: true, last_seen }), contextOf('door-contact')).drafts[0]
    expect(at(1_772_416_800_123)).toMatchObject({ time: 1_772_416_800_123, offset: 0 })
    for (const nonsense of ['yesterday', -5, {}, 1.5, undefined])
      expect(at(nonsense)).toMatchObject({ time: NOW, offset: null, timeAssumed: true })
  })
})

test('[I3] friendly names with slashes, and their availability', () => {
  const [state] = decode(mqttArrival('zigbee2mqtt/12栋/302/door', { contact: true }), contextOf('door-contact')).drafts
  const [availability] = decode(mqttArrival('zigbee2mqtt/12栋/302/door/availability', 'online'), contextOf('door-contact')).drafts
  expect([state?.address, availability?.address]).toEqual(['12栋/302/door', '12栋/302/door'])
})

test('[I3] a smoke detector whose test button is held is a test', () => {
  const [draft] = decode(mqttArrival('zigbee2mqtt/d', { smoke: true, test: true }), contextOf('smoke')).drafts
  expect(draft).toMatchObject({ status: 'test', data: { active: true } })
})

test('[I3] carbon monoxide is met as gas, and does not hide gas', () => {
  expect(told('zigbee2mqtt/d', { gas: true, carbon_monoxide: false }, contextOf('gas'))).toEqual([hazard('gas', true)])
  expect(told('zigbee2mqtt/d', { carbon_monoxide: true }, contextOf('gas'))).toEqual([hazard('gas', true)])
})

test('[I3] retained state is replay', () => {
  const decoded = decode(mqttArrival('zigbee2mqtt/d', { action: 'emergency', smoke: true }, { retained: true }), contextOf('help-button'))
  expect(decoded.drafts.map(({ replay }) => replay)).toEqual([true, true])
})

test.each([
  ['text', 'hello'],
  ['a list', '[1]'],
  ['null', 'null'],
  ['broken JSON', '{"contact":'],
])('[I3] %s instead of a state is quarantined with the address', (_what, payload) => {
  const decoded = decode(mqttArrival('zigbee2mqtt/d', payload), contextOf('motion'))
  expect(decoded.rejects).toMatchObject([{ reason: 'not-understood', feed: 'zigbee2mqtt', address: 'd' }])
})

test('[I3] what others ask of devices and what the bridge says is no signal; an empty payload is a cleared topic', () => {
  for (const topic of ['zigbee2mqtt/d/set', 'zigbee2mqtt/d/get', 'zigbee2mqtt/bridge/logging', 'zigbee2mqtt/bridge/devices'])
    expect(decode(mqttArrival(topic, { contact: true }), contextOf('motion'))).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
  expect(decode(mqttArrival('zigbee2mqtt/d', ''), contextOf('motion'))).toMatchObject({ ignored: 1 })
  expect(sourceOfTopic('zigbee2mqtt/bridge/logging')).toBeUndefined()
  expect(sourceOfTopic('homeassistant/binary_sensor/0x00158d0002ae86bd/occupancy/config')).toBeUndefined()
})

describe('the bridge is the way to its devices', () => {
  test.each([
    ['online', 'up'],
    ['offline', 'down'],
    ['{"state":"offline"}', 'down'],
    ['{"state": "online"}', 'up'],
  ])('[P4] %s', (payload, state) => {
    const decoded = decode(mqttArrival('zigbee2mqtt/bridge/state', payload), contextOf('motion'))
    expect(decoded).toMatchObject({ drafts: [], rejects: [], links: [{ feed: 'zigbee2mqtt', state }] })
  })
  test('[I3] anything else of it lies in quarantine', () => {
    const decoded = decode(mqttArrival('zigbee2mqtt/bridge/state', 'maybe'), contextOf('motion'))
    expect(decoded.rejects).toMatchObject([{ reason: 'not-understood', feed: 'zigbee2mqtt' }])
    expect(decoded.links).toBeUndefined()
  })

  test('[P4] its feed is down, then up again with a gap; a retained word that says what is known changes nothing', () => {
    const t = testIntake()
    const link = () => t.intake.health(t.now).find(({ id }) => id === 'zigbee2mqtt')!
    const say = (payload: string, more: object = {}) => t.take(mqttArrival('zigbee2mqtt/bridge/state', payload, more))
    say('{"state":"online"}', { retained: true })
    t.now += 1_000
    say('{"state":"online"}', { retained: true })
    expect(link()).toMatchObject({ link: { state: 'up', since: NOW }, reconnects: 0, gap: null })
    say('{"state":"offline"}')
    expect(link().link).toMatchObject({ state: 'down', since: NOW + 1_000 })
    t.now += 60_000
    say('{"state":"online"}')
    expect(link()).toMatchObject({ link: { state: 'up' }, reconnects: 1, gap: { from: NOW + 1_000, to: NOW + 61_000 } })
    t.close()
  })
})

describe('several of them', () => {
  const feedOf = (topic: string, more: object = {}, kind = 'zigbee2mqtt') => {
    const context = { ...contextOf('door-contact'), feed: (id: string) => ({ id, kind }) as Feed }
    const { drafts, rejects } = decode(mqttArrival(topic, { contact: true }, more), context)
    return drafts[0]?.feed ?? rejects[0]?.reason
  }
  test.each([
    ['the usual one', 'zigbee2mqtt/d', {}, 'zigbee2mqtt'],
    ['another base names its feed', 'zigbee2mqtt-west/d', {}, 'west'],
    ['with the key of that feed', 'zigbee2mqtt-west/d', { feed: 'west' }, 'west'],
    ['a feed of its own on the usual base, by its key', 'zigbee2mqtt/d', { feed: 'west' }, 'west'],
    ['the key of one on the base of another', 'zigbee2mqtt-east/d', { feed: 'west' }, 'wrong-feed'],
  ])('[I2] %s', (_what, topic, more, feed) => {
    expect(feedOf(topic, more)).toBe(feed)
  })
  test('[I2] the key of a feed that speaks something else is refused', () => {
    expect(feedOf('zigbee2mqtt/d', { feed: 'gates' }, 'cloudevents')).toBe('wrong-feed')
  })
  test('[I3] an outside broker is asked for their topics too', () => {
    const feeds = [
      { id: 'zigbee2mqtt', kind: 'zigbee2mqtt' },
      { id: 'west', kind: 'zigbee2mqtt' },
      { id: 'yard', kind: 'frigate' },
      { id: 'gates', kind: 'cloudevents' },
    ]
    expect(topicsOf(feeds)).toEqual(['linwang/+/events', 'zigbee2mqtt/#', 'frigate/#', 'zigbee2mqtt-west/#', 'frigate-yard/#'])
    expect(feedOfTopic('zigbee2mqtt-west/d')).toBe('west')
  })
})

describe('what else devices send', () => {
  const kinds: Record<string, DeviceKind> = { 'help-1': 'help-button', 'radar-1': 'motion', 'door-1': 'door-contact' }
  const context = {
    ...contextOf('smoke'),
    device: (feed: string, address: string) => (kinds[address] ? feedDevice(address, kinds[address], feed) : undefined),
  }
  const tells = (topic: string, payload: unknown) => told(`zigbee2mqtt/${topic}`, payload, context)

  test.each<[string, string, unknown, unknown[]]>([
    ['a click of old', 'help-1', { click: 'single', linkquality: 90 }, [HELP]],
    ['a click that is none', 'help-1', { click: null, battery: 80 }, [beat({ battery: 80 })]],
    ['sos as a field', 'pendant', { sos: true }, [HELP]],
    ['a keypad that is armed', 'keypad', { action: 'arm_all_zones', battery: 80 }, [beat({ battery: 80 })]],
    ['a keypad whose panic keys are held', 'keypad', { action: 'panic' }, [HELP]],
    ['a fall', 'radar-2', { fall_status: 'fall_alarm', presence: true }, [motion(true), hazard('fall', true)]],
    ['no fall', 'radar-2', { fall_status: 'normal' }, [hazard('fall', false)]],
    ['a warning of a fall is none yet', 'radar-2', { fall_status: 'fall_warning' }, [hazard('fall', false)]],
    ['smoke in a word', 'ts0601', { smoke_state: 'alarm', battery_state: 'high' }, [hazard('smoke', true)]],
    ['a battery in a word', 'ts0601', { battery_state: 'low' }, [beat({ battery: 5 })]],
    ['a battery without a figure', 'a', { battery: null, linkquality: 90 }, [beat({})]],
    ['two sides of one leak detector', 'l', { water_leak_alarm_1: false, water_leak_alarm_2: true }, [hazard('leak', true)]],
    ['a zone of no type, by what the register has', 'help-1', { alarm_1: true, tamper: false }, [HELP, hazard('tamper', false)]],
    ['its end', 'door-1', { alarm: false }, [contact(false)]],
    ['a siren that sounds', 'siren', { alarm: true, linkquality: 9 }, [beat({})]],
    ['a vibration', 'v', { vibration: true, tamper: false }, [hazard('tamper', false), hazard('vibration', true)]],
    ['a window that is tilted', 'w', { opening_state: 'tilted' }, [contact(true)]],
    ['presence in a word', 'r', { presence_state: 'none' }, [motion(false)]],
    ['presence as the state of a motion sensor', 'radar-1', { state: 'presence', linkquality: 1 }, [motion(true)]],
    ['the state of a plug', 'plug', { state: 'ON', linkquality: 1 }, [beat({})]],
    ['one field a topic', 'door-2/contact', 'false', [contact(true)]],
    ['one field a topic, in words', 'ts0601/smoke_state', 'alarm', [hazard('smoke', true)]],
    ['the battery on a topic of its own', 'door-2/battery', '12', [beat({ battery: 12 })]],
  ])('[I3] %s', (_what, topic, payload, readings) => {
    expect(tells(topic, payload)).toEqual(readings)
  })

  test('[I3] a group of lamps, which is no device, is ignored and does not fill the quarantine', () => {
    const decoded = decode(mqttArrival('zigbee2mqtt/stairs', { state: 'ON', brightness: 80, color_mode: 'xy' }), context)
    expect(decoded).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
  })
  test('[I3] a device whose name ends like a field is a device', () => {
    const named = { ...context, device: (feed: string, address: string) => feedDevice(address, 'door-contact', feed) }
    expect(told('zigbee2mqtt/hall/contact', { contact: true }, named)).toEqual([contact(false)])
  })
  test('[I4] last_seen without a zone is read in the zone of the feed', () => {
    const zoned = { ...context, feed: () => ({ kind: 'zigbee2mqtt', zone: 540 }) as Feed }
    const [draft] = decode(mqttArrival('zigbee2mqtt/door-1', { contact: true, last_seen: '2026-03-02T10:00:00' }), zoned).drafts
    expect(draft).toMatchObject({ time: Date.parse('2026-03-02T10:00:00+09:00'), offset: null })
  })
})

test('[I3] a retained message says how it stands and raises nothing', () => {
  const { drafts } = decode(mqttArrival('zigbee2mqtt/d', { smoke: true, tamper: true }, { retained: true }), contextOf('smoke'))
  expect(drafts.map(({ replay }) => replay)).toEqual([true, true])
  const [availability] = decode(mqttArrival('zigbee2mqtt/d/availability', 'offline', { retained: true }), contextOf('smoke')).drafts
  expect(availability).toMatchObject({ replay: true, data: { online: false } })
})
