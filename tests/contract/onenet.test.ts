import { describe, expect, test } from 'vitest'
import type { DeviceKind } from '../../shared/device.ts'
import { arrivalOf, feedDevice, NOW } from '../support/intake.ts'
import { sample, sampleThere } from '../support/samples.ts'
import { decode } from '../support/sources.ts'

const IMEI = '860000000000001'
const read = (push: unknown, kind: DeviceKind = 'smoke') =>
  decode(arrivalOf(push, { source: 'onenet', feed: 'nb' }), {
    now: NOW,
    utcOffset: 480,
    device: (feed, address) => (address === IMEI ? feedDevice(address, kind, feed) : undefined),
  })
const said = (push: unknown, kind?: DeviceKind) => read(push, kind).drafts.map(({ type, data }) => [type.slice(8), data])
const push = (msg: unknown) => ({ msg, msg_signature: '9XFwVl4VRJ2Lub2ryUJK8g==', nonce: 'C1z3?giR' })
const datapoint = (stream: string, value: unknown, more: object = {}) => ({
  type: 1,
  dev_id: 523444202,
  imei: IMEI,
  ds_id: stream,
  at: NOW - 1_000,
  value,
  ...more,
})

test.skipIf(!sampleThere('nbiot/onenet-push-datapoint.json'))('[I3] a measure of a real terminal: it lives', () => {
  const { drafts, rejects } = read(sample('nbiot/onenet-push-datapoint.json'))
  expect(rejects).toEqual([])
  expect(drafts).toMatchObject([
    {
      type: 'linwang.heartbeat',
      feed: 'nb',
      address: IMEI,
      aliases: ['523444202'],
      time: 1_555_904_805_407,
      offset: 0,
      data: { online: true, values: { '3300_0_5700': -115 } },
    },
  ])
})

describe('datapoints', () => {
  test.each<[string, string, unknown, DeviceKind, unknown[]]>([
    ['the input of a smoke detector', '3200_0_5500', 1, 'smoke', [['hazard', { hazard: 'smoke', active: true }]]],
    ['the input of a gas detector', '3200_0_5500', false, 'gas', [['hazard', { hazard: 'gas', active: false }]]],
    ['the input of a door', '3200_0_5500', true, 'door-contact', [['contact', { open: true }]]],
    ['the input of a button', '3200_0_5500', 1, 'help-button', [['help', {}]]],
    ['presence', '3302_0_5500', 1, 'motion', [['motion', { occupied: true }]]],
    ['the battery', '3_0_9', '87', 'smoke', [['heartbeat', { online: true, battery: 87 }]]],
    ['energy in Wh', '3305_0_5805', 12_500, 'power-meter', [['meter', { quantity: 'power', reading: 12.5, unit: 'kWh' }]]],
    ['water', '3424_0_1', 33.2, 'water-meter', [['meter', { quantity: 'water', reading: 33.2, unit: 'm3' }]]],
    ['a stream by name', 'smoke_state', 1, 'smoke', [['hazard', { hazard: 'smoke', active: true }]]],
    [
      'a value of fields',
      'report',
      { gas_state: 1, battery: 60 },
      'gas',
      [
        ['hazard', { hazard: 'gas', active: true }],
        ['heartbeat', { online: true, battery: 60 }],
      ],
    ],
    ['a value of fields as text', 'report', '{"smoke_state":0}', 'smoke', [['hazard', { hazard: 'smoke', active: false }]]],
  ])('[I3] %s', (_what, stream, value, kind, readings) => {
    expect(said(push(datapoint(stream, value)), kind)).toEqual(readings)
  })

  test('[I3] the input of a device that nobody bound yet lies in quarantine', () => {
    expect(read(push(datapoint('3200_0_5500', 1)), 'camera')).toMatchObject({
      drafts: [],
      rejects: [{ where: '/msg/ds_id', address: IMEI }],
    })
  })
  test('[I3] hex of the product’s own lies in quarantine and says so', () => {
    const { drafts, rejects } = read(push(datapoint('3200_0_5505', 'AA5501020304050607080A0B')))
    expect(drafts).toEqual([])
    expect(rejects).toMatchObject([{ reason: 'not-understood', address: IMEI, where: '/msg/value' }])
    expect(rejects[0]!.detail).toMatch(/3200_0_5505.*12 bytes.*aa5501/)
  })
  test('[I3] hex of a frame that is known is read', () => {
    const frame = Buffer.from('505500211000000801000300180327bb0a68803030606724090800010000' + '0e3c646402557150', 'hex')
    frame.writeUInt16BE(frame.length - 4, 2)
    expect(said(push(datapoint('3200_0_5505', frame.toString('hex'))))[0]).toEqual(['hazard', { hazard: 'smoke', active: true }])
  })
})

describe('the push', () => {
  test('[I3] a list, and the same as text', () => {
    const list = [datapoint('smoke_state', 1), datapoint('smoke_state', 0, { at: NOW }), { type: 7, cmd_id: 'x', imei: IMEI }]
    for (const msg of [list, JSON.stringify(list)])
      expect(said(push(msg))).toEqual([
        ['hazard', { hazard: 'smoke', active: true }],
        ['hazard', { hazard: 'smoke', active: false }],
      ])
  })
  test.each([
    [1, true],
    [0, false],
  ])('[P4] on and off line: status %i', (status, online) => {
    const { drafts } = read(push({ type: 2, dev_id: 2016617, status, login_type: 10, at: NOW }))
    expect(drafts).toMatchObject([{ address: '2016617', type: 'linwang.heartbeat', data: { online } }])
  })
  test('[I3] the answer to a command means nothing to us', () => {
    expect(read(push({ type: 7, imei: IMEI, cmd_type: 0 }))).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
  })
  test('[I3] an encrypted push lies in quarantine with what to do', () => {
    const { rejects } = read({ enc_msg: 'AAAA', msg_signature: 's', nonce: 'n' })
    expect(rejects).toMatchObject([{ reason: 'not-understood', where: '/enc_msg', feed: 'nb' }])
    expect(rejects[0]!.detail).toContain('加密')
  })
  test('[I3] the newer platform’s notification of properties', () => {
    const notification = {
      messageType: 'notify',
      notifyType: 'property',
      deviceName: IMEI,
      data: { params: { smoke_state: { value: 1, time: NOW - 9 } } },
    }
    expect(read(push(JSON.stringify(notification))).drafts).toMatchObject([
      { address: IMEI, time: NOW - 9, data: { hazard: 'smoke', active: true } },
    ])
  })
  test.each([
    ['nothing', '', 'malformed', '0'],
    ['a list', '[]', 'not-understood', ''],
    ['no msg', '{"nonce":"n"}', 'not-understood', ''],
    ['msg that is no JSON', JSON.stringify(push('{"type":')), 'not-understood', '/msg character 8'],
    ['nobody’s message', JSON.stringify(push({ type: 1, ds_id: 'a', value: 1 })), 'unknown-device', '/msg/imei'],
    ['a type of nobody', JSON.stringify(push({ type: 9, imei: IMEI })), 'not-understood', '/msg/type'],
    ['a datapoint without its stream', JSON.stringify(push({ type: 1, imei: IMEI, value: 1 })), 'not-understood', '/msg/ds_id'],
  ])('[I3] %s lies in quarantine', (_what, body, reason, where) => {
    expect(read(body)).toMatchObject({ drafts: [], rejects: [{ reason, where, feed: 'nb' }] })
  })
  test('[I2] pushed again after a failure it is the same; a retried part of a list is read like the whole', () => {
    const list = push([datapoint('smoke_state', 1), datapoint('odd', 1)])
    const decoded = read(list)
    expect(read(list).drafts).toEqual(decoded.drafts)
    expect(read(decoded.part!(decoded.drafts[0]!)).drafts).toEqual(decoded.drafts)
    expect(read(decoded.rejects[0]!.part!).rejects).toMatchObject([{ where: '/ds_id' }])
  })
})
