import { expect, test } from 'vitest'
import type { Happening } from '../../server/demo/happening.ts'
import { cloudEvent } from '../../server/demo/payloads/cloud-event.ts'
import { frigateEvent, frigateStats } from '../../server/demo/payloads/frigate.ts'
import { zigbeeMessage } from '../../server/demo/payloads/zigbee.ts'
import { SOURCES } from '../../server/feeds/sources/index.ts'
import { createWorld } from '../../server/registers/world.ts'
import { pilotRegisters } from '../support/registers.ts'

const world = createWorld(pilotRegisters())
const NOW = Date.parse('2026-11-24T10:42:00+08:00')
const context = { now: NOW + 500, utcOffset: 480, device: world.deviceByAddress }
const decode = (source: string, topic: string, payload: string) =>
  SOURCES[source]!({ source, transport: 'mqtt', topic, bytes: new TextEncoder().encode(payload) }, context)

const FLAT = 'b12-u1-302'
const at = NOW
test.each<[Happening, string, Record<string, unknown>]>([
  [{ at, what: 'motion', occupied: true, deviceId: `motion-${FLAT}-living` }, 'linwang.motion', { occupied: true }],
  [{ at, what: 'contact', open: true, deviceId: `door-${FLAT}` }, 'linwang.contact', { open: true }],
  [{ at, what: 'press', deviceId: `help-${FLAT}` }, 'linwang.help', {}],
  [{ at, what: 'hazard', hazard: 'smoke', active: true, deviceId: `smoke-${FLAT}` }, 'linwang.hazard', { hazard: 'smoke', active: true }],
  [{ at, what: 'hazard', hazard: 'leak', active: false, deviceId: `leak-${FLAT}` }, 'linwang.hazard', { hazard: 'leak', active: false }],
  [{ at, what: 'report', deviceId: `motion-${FLAT}-living` }, 'linwang.heartbeat', { online: true }],
])('[§9] what zigbee2mqtt would say is understood: %o', (happening, type, data) => {
  const device = world.device(happening.deviceId)!
  const { topic, payload } = zigbeeMessage(happening, device)
  const { drafts, rejects } = decode('zigbee2mqtt', topic, payload)
  expect(rejects).toEqual([])
  const [main, ...rest] = drafts
  expect(main).toMatchObject({ type, data, address: device.address, time: NOW, status: 'actual' })
  for (const { data } of rest) expect(data).toEqual({ hazard: 'tamper', active: false })
})

test('[§9] what Frigate would say is understood by the rules of its camera', () => {
  const camera = world.devices().find(({ rules }) => rules?.some(({ event }) => event === 'thrown-object'))!
  const rule = camera.rules!.find(({ event }) => event === 'thrown-object')!
  const seen = { at, what: 'sighting', since: at - 2000, label: rule.label, zone: rule.zone!, score: 0.9, deviceId: camera.id } as const
  const begun = frigateEvent({ ...seen, phase: 'new' }, camera)
  const ended = frigateEvent({ ...seen, phase: 'end' }, camera)
  expect(decode('frigate', begun.topic, begun.payload).drafts).toMatchObject([
    { type: 'linwang.camera', data: { event: 'thrown-object', active: true } },
  ])
  expect(decode('frigate', ended.topic, ended.payload).drafts).toMatchObject([
    { type: 'linwang.camera', data: { event: 'thrown-object', active: false } },
  ])
})

test('[§9] the statistics say which cameras give pictures', () => {
  const reports = ['cam-001', 'cam-002'].map((deviceId) => ({ at, what: 'report' as const, deviceId }))
  const { topic, payload } = frigateStats(reports, (id) => id, new Set(['cam-002']))
  const { drafts } = decode('frigate', topic, payload)
  expect(drafts.map(({ address, data }) => [address, data])).toEqual([
    ['cam-001', { online: true }],
    ['cam-002', { online: false }],
  ])
})

test('[§9] what gates and meters post is understood, and the same thing told twice has one id', () => {
  const passage: Happening = { at, what: 'passage', direction: 'in', credential: 'face', residentId: 'r0001', deviceId: 'gate-b12-u1' }
  const event = cloudEvent(passage, world.device('gate-b12-u1')!)
  const { drafts } = decode('cloudevents', '', JSON.stringify(event))
  expect(drafts).toMatchObject([
    { type: 'linwang.passage', feed: 'gates', deviceId: 'gate-b12-u1', time: NOW, data: { direction: 'in', granted: true } },
  ])
  expect(cloudEvent(passage, world.device('gate-b12-u1')!)).toEqual(event)
})
