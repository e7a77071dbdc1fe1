import { describe, expect, test } from 'vitest'
import { SOURCES } from '../../server/feeds/sources/index.ts'
import type { CameraRule } from '../../shared/device.ts'
import { sampleBytes, sampleThere } from '../support/samples.ts'
import { type Ground, groundOf, read } from '../support/vendor.ts'

const SAMPLE = 'hikvision-isc/isc-OnEventNotify-fielddetection-2019.json'
const isc = (body: unknown, ground: Ground = {}) => read('hikvision-isc', typeof body === 'string' ? body : JSON.stringify(body), ground)
/** Events of our own making. */
const event = (more: object = {}) => ({
  eventId: 'E1',
  srcIndex: 'cam-index-1',
  srcType: 'camera',
  eventType: 131588,
  status: 0,
  happenTime: '2026-03-02T09:59:50.000+08:00',
  ...more,
})
const notify = (...events: object[]) => ({
  method: 'OnEventNotify',
  params: { sendTime: '2026-03-02T09:59:51.000+08:00', ability: 'event_rule', events },
})
const only = (body: unknown, ground: Ground = {}) => {
  const { drafts, rejects } = isc(body, ground)
  expect(rejects).toEqual([])
  expect(drafts).toHaveLength(1)
  return drafts[0]!
}

describe('iSecure Center', () => {
  test.skipIf(!sampleThere(SAMPLE))('[I4] a real event: no zone, a clock that runs ahead; both times can be seen', () => {
    const { drafts } = read('hikvision-isc', sampleBytes(SAMPLE))
    expect(drafts).toMatchObject([
      {
        id: '639F006C-4DB4-4904-9C7F-AE3D4857619F',
        address: 'e615e5abbff4418090627cd080e7f067',
        aliases: ['10.104.229.237/1'],
        time: Date.parse('2019-03-13T17:38:34+08:00'),
        offset: null,
        type: 'linwang.camera',
        data: { event: 'intrusion', label: 'fielddetection', code: '131588', said: '2019-03-13 17:38:34', zoneAssumed: 480 },
      },
    ])
  })

  test('[I4] the zone of the feed goes before that of the platform', () => {
    const body = notify(event({ happenTime: '2026-03-02 09:59:50' }))
    expect(only(body).time).toBe(Date.parse('2026-03-02T09:59:50+08:00'))
    expect(only(body, { feed: { zone: 0 } }).time).toBe(Date.parse('2026-03-02T09:59:50Z'))
    expect(isc(notify(event({ happenTime: 'soon' })), { feed: { strict: true } }).rejects).toMatchObject([
      { reason: 'invalid-data', where: '/params/events/0/happenTime' },
    ])
  })

  test.each([
    [0, 'E1', undefined, undefined],
    [1, 'E1/start', true, undefined],
    [2, 'E1/stop', false, undefined],
    [3, 'E1/pulse/2026-03-02T09:59:50.000+08:00', true, true],
  ])('[A4] status %i', (status, id, active, repeat) => {
    const draft = only(notify(event({ status })))
    expect([draft.id, (draft.data as { active?: boolean }).active, draft.repeat]).toEqual([id, active, repeat])
  })

  test('[A4] what is linked to an event later, and its pictures, are nothing to us', () => {
    expect(isc(notify(event({ status: 4 }), event({ status: 5 })))).toMatchObject({ drafts: [], rejects: [], ignored: 2 })
  })

  test('[I3] a number that is in no book is other, with the number kept; the name goes before the number', () => {
    expect(only(notify(event({ eventType: 999001 }))).data).toMatchObject({ event: 'other', label: '999001', code: '999001' })
    expect(only(notify(event({ eventType: 999001, data: { eventType: 'loitering' } }))).data).toMatchObject({
      event: 'loitering',
      label: 'loitering',
    })
  })

  test('[S2] a passage names a resident or nobody', () => {
    const data = { ExtEventInOut: 1, ExtEventCardNo: '998877', ExtEventPersonName: '李四', ExtEventPersonNo: 'resident-1' }
    const body = notify(event({ srcType: 'door', eventType: 198914, data }))
    const draft = only(body)
    expect(draft).toMatchObject({ type: 'linwang.passage', data: { direction: 'in', granted: true, credential: 'card' } })
    expect(JSON.stringify(draft)).not.toMatch(/李四|998877|resident-1/)
    const { drafts, part } = isc(body)
    expect(part!(drafts[0]!)).not.toMatch(/李四|998877/)
    expect(only(notify(JSON.parse(part!(drafts[0]!)))).data).toEqual(draft.data)
    const arrival = { source: 'hikvision-isc', transport: 'http', feed: 'isc', bytes: Buffer.from(JSON.stringify(body)) }
    expect(SOURCES['hikvision-isc']!(arrival, { ...groundOf({}), resident: () => true }).drafts[0]!.data).toMatchObject({
      residentId: 'resident-1',
    })
  })

  test('[I3] rules of the register', () => {
    const rules: CameraRule[] = [{ label: 'fielddetection', from: '22:00', to: '06:00', event: 'intrusion' }]
    const ground: Ground = { known: { 'cam-index-1': 'camera' }, rules }
    const body = (happenTime: string) => notify(event({ happenTime, data: { eventType: 'fielddetection' } }))
    expect(only(body('2026-03-02T09:00:00+08:00'), ground).data).toMatchObject({ event: 'other' })
    expect(only(body('2026-03-02T23:00:00+08:00'), ground).data).toMatchObject({ event: 'intrusion' })
  })

  test('[I3] one bad event never fails its message, and says where it stands', () => {
    const { drafts, rejects } = isc(
      notify(event({ eventId: undefined }), event(), event({ eventType: undefined }), event({ srcIndex: '' })),
    )
    expect(drafts).toHaveLength(1)
    expect(rejects.map(({ reason, where }) => [reason, where])).toEqual([
      ['not-understood', '/params/events/0/eventId'],
      ['not-understood', '/params/events/2/eventType'],
      ['unknown-device', '/params/events/3/srcIndex'],
    ])
  })

  test.each(['', 'null', '[]', '{}', '{"params":{"events":7}}', '{"params":', '\xff'])('[I3] %j is quarantined', (body) => {
    const { drafts, rejects } = isc(body)
    expect([drafts.length, rejects.length]).toEqual([0, 1])
  })
})
