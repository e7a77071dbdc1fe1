import { describe, expect, test } from 'vitest'
import type { DeviceKind } from '../../shared/device.ts'
import type { Feed } from '../../shared/feed.ts'
import { arrivalOf, feedDevice, NOW } from '../support/intake.ts'
import { sample, sampleThere } from '../support/samples.ts'
import { decode } from '../support/sources.ts'

const IMEI = '860000000000001'
const CLOUD_ID = 'acf7baaee65e431eadfb8f5fe50e8b81'

interface Ground {
  known?: Record<string, DeviceKind>
  zone?: number
}
const read = (message: unknown, { known = { [IMEI]: 'smoke' }, zone }: Ground = {}) =>
  decode(arrivalOf(message, { source: 'ctwing', feed: 'nb' }), {
    now: NOW,
    utcOffset: 480,
    device: (feed, address) => (known[address] ? feedDevice(address, known[address], feed) : undefined),
    feed: (id) => ({ id, kind: 'ctwing', ...(zone !== undefined && { zone }) }) as Feed,
  })
const said = (message: unknown, ground?: Ground) =>
  read(message, ground).drafts.map(({ type, data, status }) => [type.slice(8), data, status])
const hazard = (code: string, active: boolean, more: object = {}, status = 'actual') => [
  'hazard',
  { hazard: code, active, ...more },
  status,
]
const beat = (data: object = {}) => ['heartbeat', { online: true, ...data }, 'actual']

const message = (messageType: string, more: object = {}) => ({
  messageType,
  timestamp: NOW - 2_000,
  tenantId: '10461180',
  protocol: 'lwm2m',
  productId: '15014772',
  deviceId: CLOUD_ID,
  IMSI: 'undefined',
  IMEI,
  ...more,
})
const report = (payload: unknown, more: object = {}) => message('dataReport', { payload, ...more })
const passed = (bytes: Uint8Array | string) => report({ APPdata: Buffer.from(bytes).toString('base64') })

const SAMPLES: Record<string, unknown[]> = {
  'ctwing-smoke-lian-alarm.json': [beat({ silenced: true, battery: 100 })],
  'ctwing-water-huaqiang-1.json': [
    hazard('water-pressure', true, { pressure: 0, lowMark: 70, low: true }),
    hazard('trouble', false),
    beat({ battery: 100 }),
  ],
  'ctwing-online.json': [beat()],
  'ctwing-commandResponse.json': [],
  'ctwing-eventReport-lowbattery.json': [beat({ batteryVoltage: 1, battery: 5 })],
  'ctwing-dataReport-position.json': [beat({ position: { lon: -174, lat: -86 } })],
}
describe.skipIf(!sampleThere('nbiot/SOURCE.txt'))('messages of real terminals', () => {
  test.each(Object.entries(SAMPLES))('[I3] %s', (file, readings) => {
    const decoded = read(sample(`nbiot/${file}`))
    expect(decoded.rejects).toEqual([])
    expect(decoded.drafts.map(({ type, data, status }) => [type.slice(8), data, status])).toEqual(readings)
  })
  test('[I3] a silenced detector is no alarm, and known by its IMEI or the platform’s name', () => {
    const { drafts } = read(sample('nbiot/ctwing-smoke-lian-alarm.json'))
    expect(drafts).toMatchObject([{ feed: 'nb', address: IMEI, aliases: [CLOUD_ID], time: 1_606_982_320_277, offset: 0 }])
    expect(drafts.filter(({ type }) => type === 'linwang.hazard')).toEqual([])
  })
  test('[I3] bytes that nobody has described lie in quarantine and say so', () => {
    const { drafts, rejects } = read(sample('nbiot/ctwing-manhole-appdata.json'))
    expect(drafts).toEqual([])
    expect(rejects).toMatchObject([{ reason: 'not-understood', address: IMEI, where: '/payload/APPdata' }])
    expect(rejects[0]!.detail).toContain('57 bytes')
  })
})

describe('a smoke detector’s Alarm_Status', () => {
  const status = (value: unknown, ground?: Ground) =>
    said(report({ serviceId: 'notification', serviceData: { Alarm_Status: value } }), ground)
  test.each<[number, string, unknown[]]>([
    [1, '报警', [hazard('smoke', true)]],
    [2, '静音', [beat({ silenced: true })]],
    [3, '保留', [beat()]],
    [4, '低压', [beat({ battery: 5 })]],
    [5, '故障', [hazard('trouble', true)]],
    [6, '数据异常', [hazard('trouble', true)]],
    [7, '正常', [hazard('smoke', false), hazard('trouble', false)]],
    [8, '单次静音', [beat({ silenced: true })]],
    [9, '连续静音', [beat({ silenced: true })]],
    [10, '拆卸', [hazard('tamper', true)]],
    [11, '拆卸恢复', [hazard('tamper', false)]],
    [12, '在线', [beat()]],
    [13, '异常', [hazard('trouble', true)]],
    [14, '模拟报警', [hazard('smoke', true, {}, 'test')]],
  ])('[I3] %i %s', (value, _word, readings) => {
    expect(status(value)).toEqual(readings)
  })
  test('[I3] a gas detector of the same maker detects gas', () => {
    expect(status(1, { known: { [IMEI]: 'gas' } })).toEqual([hazard('gas', true)])
    expect(status(1, { known: { [CLOUD_ID]: 'gas' } })).toEqual([hazard('gas', true)])
  })
  test('[I3] a status that is in no table lies in quarantine', () => {
    const { drafts, rejects } = read(report({ serviceData: { Alarm_Status: 15 } }))
    expect([drafts, rejects[0]?.detail]).toEqual([[], 'nobody has said what Alarm_Status of this product means'])
  })
  test('[I3] a low battery beside a full figure is low', () => {
    expect(said(report({ serviceData: { Alarm_Status: 4, Battery_Level: 100 } }))).toEqual([beat({ battery: 5 })])
  })
})

describe('fields of a thing model', () => {
  test.each<[string, object, unknown[]]>([
    ['smoke', { smoke_state: 1, battery_value: 88 }, [hazard('smoke', true), beat({ battery: 88 })]],
    ['no smoke', { smoke_state: 0 }, [hazard('smoke', false)]],
    ['gas of high concentration', { gas_sensor_state: 2 }, [hazard('gas', true)]],
    ['water on the floor', { water_leak: '1' }, [hazard('leak', true)]],
    ['a cover that was taken off', { tamper_state: 1 }, [hazard('tamper', true)]],
    ['a pendant', { sos: 1 }, [['help', {}, 'actual']]],
    ['a pendant that says nothing', { sos: 0, battery: 50 }, [beat({ battery: 50 })]],
    [
      'a water meter with its valve',
      { water_flow: 123.456, valve_status: 1, battery_voltage: 3.6 },
      [['meter', { quantity: 'water', reading: 123.456, unit: 'm3', valve: 1 }, 'actual'], beat({ batteryVoltage: 3.6, valve: 1 })],
    ],
    ['radio alone', { rsrp: -95, snr: 4, csq: 20 }, [beat()]],
  ])('[I3] %s', (_what, payload, readings) => {
    expect(said(report(payload))).toEqual(readings)
  })

  test('[I3] an alarm is told though another field of the message is not known', () => {
    expect(said(report({ smoke_state: 1, mystery: 3 }))).toEqual([hazard('smoke', true, { unread: ['mystery'] })])
  })
  test('[I3] when nothing but the health is known, the rest may be the alarm: it is set aside as well', () => {
    const { drafts, rejects } = read(report({ battery_value: 80, mystery: 3 }))
    expect(drafts).toMatchObject([{ type: 'linwang.heartbeat', data: { battery: 80 } }])
    expect(rejects).toMatchObject([{ where: '/payload/mystery', address: IMEI }])
  })
  test.each([
    ['a smoke state of 7', { smoke_state: 7 }],
    ['a meter that runs backwards', { water_flow: -1 }],
  ])('[I3] %s is not guessed at', (_what, payload) => {
    expect(read(report(payload))).toMatchObject({ drafts: [], rejects: [{ reason: 'not-understood' }] })
  })
})

describe('events and the line', () => {
  test.each<[string, object, unknown[]]>([
    ['a warning of a low battery', { eventType: 2, eventContent: { battery_state: 1 } }, [beat({ battery: 5 })]],
    [
      'a fault that nobody described',
      { eventType: 3, serviceId: 1003, eventContent: { odd: 1 } },
      [hazard('trouble', true, { service: 1003 })],
    ],
    ['an alarm', { eventType: 2, eventContent: { smoke_alarm: 1 } }, [hazard('smoke', true)]],
  ])('[I3] %s', (_what, more, readings) => {
    expect(said(message('eventReport', more))).toEqual(readings)
  })
  test.each([
    [1, true],
    [0, false],
  ])('[P4] on and off line: %i', (eventType, online) => {
    expect(said(message('deviceOnlineOfflineReport', { eventType }))).toEqual([['heartbeat', { online }, 'actual']])
  })
})

/** A frame of Huaqiang: model, alarm bits, fault, battery, and pressures by the seconds of their time. */
function frameOf({ model = 6, alarm = 0, fault = 0, battery = 90, encrypted = false, samples = [[1, 250]] as [number, number][] } = {}) {
  const frame = Buffer.alloc(56 + samples.length * 8)
  frame.write('PU')
  frame.writeUInt16BE(frame.length - 4, 2)
  frame.set([0x10, 0, 0, model, 1, 0, 3, encrypted ? 8 : 0, frame.length - 25], 4)
  frame.set([6, 0, alarm, fault, 0, 14, 60, battery, 100], 25)
  frame.writeUInt32BE(70, 43)
  frame[55] = samples.length
  for (const [n, [time, value]] of samples.entries()) {
    frame.writeUInt32BE(time, 56 + n * 8)
    frame.writeInt32BE(value, 60 + n * 8)
  }
  return frame
}
describe('the binary frame of a hydrant or a smoke detector', () => {
  test('[I3] the latest pressure of many, and no alarm', () => {
    const samples = Array.from({ length: 48 }, (_, n): [number, number] => [10_000 - n * 30, 200 + n])
    expect(said(passed(frameOf({ samples })))).toEqual([
      hazard('water-pressure', false, { pressure: 200, lowMark: 70 }),
      hazard('trouble', false),
      beat({ battery: 90 }),
    ])
  })
  test('[I3] bits of its alarm: pressure low, battery low, fault', () => {
    expect(said(passed(frameOf({ alarm: 0b1010_0001 })))).toEqual([
      hazard('water-pressure', true, { pressure: 250, lowMark: 70, low: true }),
      hazard('trouble', true),
      beat({ battery: 5 }),
    ])
  })
  test('[I3] a smoke detector', () => {
    expect(said(passed(frameOf({ model: 8, alarm: 1, samples: [] })))).toEqual([
      hazard('smoke', true),
      hazard('trouble', false),
      beat({ battery: 90 }),
    ])
  })
  test.each([
    ['a wrong length', Buffer.concat([frameOf(), Buffer.alloc(3)]), 'bytes after its length'],
    ['an unknown model', frameOf({ model: 0x0c }), 'model 0x0c'],
    ['encryption', frameOf({ encrypted: true }), 'encrypted'],
    ['a frame that ends early', frameOf().subarray(0, 30), 'bytes after its length'],
  ])('[I3] %s lies in quarantine', (_what, frame, words) => {
    const { drafts, rejects } = read(passed(frame))
    expect([drafts, rejects.length]).toEqual([[], 1])
    expect(rejects[0]!.detail).toContain(words)
  })
})

describe('a fire transmission device', () => {
  const CLOUD = '1501708501'
  const part = (v: unknown, id: string | number = '222') => ({ id, v })
  const fire = (c: number, b: unknown, more: object = {}) =>
    report(
      { APPdata: Buffer.from(JSON.stringify({ b, c, id: 1_609_231_209_767, tm: NOW - 5_000, ...more })).toString('base64') },
      { IMEI: '', deviceId: CLOUD },
    )
  const own = { known: { [CLOUD]: 'alarm-panel', [`${CLOUD}/222`]: 'smoke' } as Record<string, DeviceKind> }
  const panelAlone = { known: { [CLOUD]: 'alarm-panel' } as Record<string, DeviceKind> }

  test.each<[number, unknown[]]>([
    [1, [hazard('fire', false, { word: 1 }), hazard('trouble', false, { word: 1 }), beat({ word: 1 })]],
    [2, [hazard('fire', true, { word: 2 }), hazard('trouble', false, { word: 2 }), beat({ word: 2, states: ['fire'] })]],
    [4, [hazard('fire', false, { word: 4 }), hazard('trouble', true, { word: 4 }), beat({ word: 4, states: ['fault'] })]],
    [67, [hazard('fire', true, { word: 67 }), hazard('trouble', false, { word: 67 }), beat({ word: 67, states: ['fire', 'feedback'] })]],
    [257, [hazard('fire', false, { word: 257 }), hazard('trouble', true, { word: 257 }), beat({ word: 257, states: ['power'] })]],
  ])('[I3] component status %i of GB/T 26875.3', (v, readings) => {
    expect(said(fire(27, [part(`${v}`)]), own)).toEqual(readings)
  })

  test('[I3] each detector speaks under its own name, with the time and number of its device', () => {
    const { drafts } = read(fire(27, [part(2)]), own)
    expect(drafts[0]).toMatchObject({ address: `${CLOUD}/222`, aliases: [CLOUD], time: NOW - 5_000 })
    expect(read(fire(27, [part(2)])).drafts[0]!.id).toBe(drafts[0]!.id)
  })
  test('[A4] the all-clear of one detector does not take the fire of another away, where only the panel is known', () => {
    expect(said(fire(27, [part(2, 'a'), part(1, 'b')]), panelAlone).filter(([type]) => type === 'hazard')).toEqual([
      hazard('fire', true, { word: 2 }),
    ])
  })
  test('[I3] base64 without its padding', () => {
    const message = fire(27, [part(2)], { pad: 'x' }) as ReturnType<typeof report> & { payload: { APPdata: string } }
    message.payload.APPdata = message.payload.APPdata.replace(/=+$/, '')
    expect(said(message, own)[0]).toEqual(hazard('fire', true, { word: 2 }))
  })
  test('[P4] off line is the device itself, whatever part stands there', () => {
    expect(read(fire(92, [part(1)]), own).drafts).toMatchObject([{ address: CLOUD, type: 'linwang.heartbeat', data: { online: false } }])
  })
  test('[I3] a part whose state is none fails no other part', () => {
    const { drafts, rejects } = read(fire(27, [part('?', 'a'), part(2)]), own)
    expect(drafts[0]).toMatchObject({ address: `${CLOUD}/222`, data: { hazard: 'fire', active: true } })
    expect(rejects).toMatchObject([{ reason: 'not-understood', where: '/payload/APPdata' }])
  })
  test.each<[string, number, unknown, unknown[]]>([
    ['device offline, of no part', 92, [], [['heartbeat', { online: false }, 'actual']]],
    ['device offline', 92, undefined, [['heartbeat', { online: false }, 'actual']]],
    ['smoke by event code', 22, [part(1)], [hazard('smoke', true)]],
    ['self-test', 21, [part(-2)], [beat({ selfTest: true })]],
    ['one part instead of a list', 23, part(3), [hazard('trouble', true)]],
    ['state of the device', 24, [part(1)], [beat({ said: 1 })]],
  ])('[I3] %s', (_what, c, b, readings) => {
    expect(said(fire(c, b), own)).toEqual(readings)
  })
  test.each([
    ['a kind of message that is not known', fire(77, [part(1)])],
    ['a state that is none', fire(27, [part('on fire')])],
    ['an event code that is none', fire(22, [part(99)])],
  ])('[I3] %s lies in quarantine', (_what, message) => {
    expect(read(message, own)).toMatchObject({ drafts: [], rejects: [{ reason: 'not-understood', address: CLOUD }] })
  })
})

describe('who and when', () => {
  test.each([
    ['milliseconds', NOW - 2_000, NOW - 2_000, 0],
    ['seconds', Math.floor(NOW / 1000), Math.floor(NOW / 1000) * 1000, 0],
    ['digits of local time', '20260302095900', Date.parse('2026-03-02T09:59:00+08:00'), null],
    ['a text of local time', '2026-03-02 09:59:00', Date.parse('2026-03-02T09:59:00+08:00'), null],
  ])('[I4] a timestamp in %s', (_what, timestamp, time, offset) => {
    expect(read(message('deviceOnlineOfflineReport', { eventType: 1, timestamp })).drafts[0]).toMatchObject({ time, offset })
  })
  test.each([[undefined], ['soon'], [-5], [1e300], [{}]])('[I4] no sound timestamp (%j): it is of its receipt', (timestamp) => {
    expect(read(message('deviceOnlineOfflineReport', { eventType: 1, timestamp })).drafts[0]).toMatchObject({
      time: NOW,
      timeAssumed: true,
    })
  })
  test('[I2] pushed again it is the same, and two in one millisecond are two', () => {
    const idsOf = (payload: object) => read(report(payload)).drafts.map(({ id }) => id)
    expect(idsOf({ smoke_state: 1 })).toEqual(idsOf({ smoke_state: 1 }))
    expect(idsOf({ smoke_state: 1 })).not.toEqual(idsOf({ smoke_state: 0 }))
    expect(new Set(idsOf({ smoke_state: 1, tamper: 1, battery: 3 })).size).toBe(3)
  })
  test('[I3] nobody said it: quarantine', () => {
    const nobody = message('dataReport', { payload: { smoke_state: 1 }, IMEI: 'undefined', deviceId: '' })
    expect(read(nobody).rejects).toMatchObject([{ reason: 'unknown-device', where: '/IMEI' }])
  })
  test.each([
    ['nothing', '', 'malformed'],
    ['no JSON', '{"messageType":', 'malformed'],
    ['a number', '7', 'not-understood'],
    ['a message type of nobody', JSON.stringify(message('greeting')), 'not-understood'],
    ['no payload', JSON.stringify(message('dataReport')), 'not-understood'],
  ])('[I3] %s lies in quarantine, and is never refused: the platform would stop pushing', (_what, body, reason) => {
    const decoded = read(body)
    expect(decoded).toMatchObject({ drafts: [], rejects: [{ reason, feed: 'nb' }] })
    expect(decoded.problem).toBeUndefined()
  })
  test('[I3] where reading stopped is told', () => {
    expect(read('{"a": 1, "b" 2}').rejects[0]).toMatchObject({ reason: 'malformed', where: '13' })
    expect(read('{"a": 1').rejects[0]).toMatchObject({ where: '7' })
  })
  test('[I3] a list is read one by one, and what is kept of it is the one', () => {
    const decoded = read([report({ smoke_state: 1 }), report({ odd: 1 })])
    expect(decoded.drafts).toMatchObject([{ data: { hazard: 'smoke' } }])
    expect(decoded.rejects).toMatchObject([{ where: '/1/payload/odd' }])
    expect(JSON.parse(decoded.part!(decoded.drafts[0]!))).toMatchObject({ payload: { smoke_state: 1 } })
    expect(JSON.parse(decoded.rejects[0]!.part!)).toMatchObject({ payload: { odd: 1 } })
  })
})
