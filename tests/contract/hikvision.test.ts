import { describe, expect, test } from 'vitest'
import { SOURCES } from '../../server/feeds/sources/index.ts'
import type { Decoded } from '../../shared/arrival.ts'
import type { CameraRule } from '../../shared/device.ts'
import { NOW } from '../support/intake.ts'
import { sampleBytes, sampleThere } from '../support/samples.ts'
import { type Ground, groundOf, read, toldOf } from '../support/vendor.ts'

const MULTIPART = { headers: { 'content-type': 'multipart/form-data; boundary=boundary' } }
const hik = (body: string | Uint8Array, ground: Ground = {}, more = {}): Decoded => read('hikvision', body, ground, more)
const one = (decoded: Decoded) => {
  expect(decoded.rejects).toEqual([])
  expect(decoded.drafts).toHaveLength(1)
  return decoded.drafts[0]!
}

const MAC = '44:19:b6:00:00:01'
/** An alert of our own making, after the vendor's form. */
function alert(fields: Record<string, string | number | undefined> = {}, more = ''): string {
  const all = {
    ipAddress: '192.168.1.64',
    portNo: 80,
    protocol: 'HTTP',
    macAddress: MAC,
    channelID: 1,
    dateTime: '2026-03-02T09:59:50+08:00',
    activePostCount: 1,
    eventType: 'linedetection',
    eventState: 'active',
    eventDescription: `${fields.eventType ?? 'linedetection'} alarm`,
    ...fields,
  }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`<${name}>${value}</${name}>`]))
  return `<EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">\r\n${lines.join('\r\n')}\r\n${more}</EventNotificationAlert>\r\n`
}
const region = (id: number, target = 'human') =>
  `<DetectionRegionList><DetectionRegionEntry><regionID>${id}</regionID><detectionTarget>${target}</detectionTarget></DetectionRegionEntry></DetectionRegionList>`

const SAMPLES: [file: string, address: string, time: string, type: string, data: object][] = [
  [
    'cam1_DS-2CD2T46G2-ISU_io_notification.xml',
    '4f:e4:2f:81:cd:1b/1',
    '2024-11-19T15:53:28Z',
    'linwang.camera',
    { event: 'other', label: 'IO', active: true, zones: ['1'] },
  ],
  [
    'cam2_DS-2CD2346G2-ISU_io_notification.xml',
    'e0:2c:37:93:d9:54/1',
    '2024-11-19T15:53:28Z',
    'linwang.camera',
    { event: 'other', label: 'IO', active: true },
  ],
  [
    'dvr208g-heartbeat-videoloss-no-tz.xml',
    '3c:1b:f8:38:ba:23',
    '2026-09-09T09:02:40Z',
    'linwang.heartbeat',
    { online: true, said: '2026-09-09T17:02:40', zoneAssumed: 480 },
  ],
  [
    'fielddetection_human.xml',
    'ac:b9:2f:49:44:75/1',
    '2022-01-31T12:53:05Z',
    'linwang.camera',
    { event: 'intrusion', label: 'human', active: true, zones: ['3'] },
  ],
  [
    'fireDetection.xml',
    'a4:4c:62:22:d7:3c/2',
    '2023-12-27T10:07:58Z',
    'linwang.camera',
    { event: 'fire', active: true, temperature: 101, channelName: '#4汽机西北角枪机' },
  ],
  [
    'ipc_thermometry_motiondetection.xml',
    'a6:60:9e:f8:01:09/2',
    '2024-11-13T19:20:52Z',
    'linwang.camera',
    { event: 'other', label: 'VMD', active: true },
  ],
  ['nvr-heartbeat-empty-channel.xml', 'c0:6d:ed:02:d3:d9', '2022-12-11T06:00:20Z', 'linwang.heartbeat', { online: true }],
  [
    'peoplecounting-timerange-cn-crlf.xml',
    '24:28:fd:f3:3a:11/1',
    '2021-10-12T11:15:00Z',
    'linwang.camera',
    { event: 'other', label: 'PeopleCounting', enter: 0, exit: 1 },
  ],
  [
    'post-fireDetection-multipart.body',
    'a4:4c:62:22:d7:3c/2',
    '2023-12-27T10:07:58Z',
    'linwang.camera',
    { event: 'fire', active: true, temperature: 101 },
  ],
  [
    'videoloss-broken-offset-minus8.xml',
    '8c:e7:48:da:94:8f/1',
    '2016-12-25T02:59:49Z',
    'linwang.heartbeat',
    { online: true, said: '2016-12-24T18:59:49-8:00' },
  ],
  [
    'vmd-minutes-only-time.xml',
    '01:17:24:45:d9:f4/1',
    '2009-11-14T15:27:00Z',
    'linwang.camera',
    { event: 'other', label: 'VMD', said: '2009-11-14T15:27Z' },
  ],
  ['acs-door-close-22.json', 'a4:d5:c2:24:dd:74/1', '2025-10-22T05:55:52Z', 'linwang.contact', { open: false, part: 'lock', code: '5/22' }],
  [
    'acs-fingerprint-pass-38.json',
    'a4:d5:c2:24:dd:74/1',
    '2025-10-22T05:43:48Z',
    'linwang.passage',
    { granted: true, direction: 'in', code: '5/38' },
  ],
]

describe('messages of real devices', () => {
  test.each(SAMPLES.filter(([file]) => sampleThere(`hikvision/${file}`)))('[I3] %s', (file, address, time, type, data) => {
    const draft = one(hik(sampleBytes(`hikvision/${file}`), {}, MULTIPART))
    const heading = file === 'fireDetection.xml' ? { ...data, channelName: (draft.data as { channelName: string }).channelName } : data
    expect(draft).toMatchObject({ feed: 'yard', address, time: Date.parse(time), type, data: heading, status: 'actual' })
    expect(JSON.stringify(draft)).not.toMatch(/hex|Check In/)
  })

  test.skipIf(!sampleThere('hikvision/alertstream-nvr-heartbeat.body'))(
    '[I2] three parts of one stream that say the same have one id',
    () => {
      const { drafts } = hik(sampleBytes('hikvision/alertstream-nvr-heartbeat.body'))
      expect(drafts.map(({ type }) => type)).toEqual(Array(3).fill('linwang.heartbeat'))
      expect(new Set(drafts.map(({ id }) => id)).size).toBe(1)
    },
  )

  test.skipIf(!sampleThere('hikvision/post-fireDetection-multipart.body'))(
    '[I3] the pictures of a multipart body are hash and length',
    () => {
      const { data } = one(hik(sampleBytes('hikvision/post-fireDetection-multipart.body'), {}, MULTIPART))
      expect((data as { pictures: unknown[] }).pictures).toEqual([
        { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: 13 },
        { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: 9 },
      ])
    },
  )

  test.each(
    ['ipc_list.xml', 'nvr_single_item.xml', 'set_alarm_server_payload.xml', 'set_alarm_server_outside_network_payload.xml'].filter((file) =>
      sampleThere(`hikvision/${file}`),
    ),
  )('[I3] %s is a setting of a device, no alert: quarantined with the reason', (file) => {
    expect(hik(sampleBytes(`hikvision/${file}`))).toMatchObject({
      drafts: [],
      rejects: [
        { reason: 'not-understood', detail: '<HttpHostNotificationList> is no <EventNotificationAlert>', where: 'byte 0', feed: 'yard' },
      ],
    })
  })
})

describe('what an alert is', () => {
  test.each([
    ['linedetection', 'intrusion'],
    ['fielddetection', 'intrusion'],
    ['regionEntrance', 'intrusion'],
    ['regionExiting', 'intrusion'],
    ['loitering', 'loitering'],
    ['group', 'crowd'],
    ['parking', 'illegal-parking'],
    ['unattendedBaggage', 'left-object'],
    ['attendedBaggage', 'removed-object'],
    ['fireDetection', 'fire'],
    ['smokeDetection', 'smoke'],
    ['TMA', 'overheat'],
    ['shelteralarm', 'tamper'],
    ['tamperdetection', 'tamper'],
    ['scenechangedetection', 'tamper'],
    ['videoloss', 'video-loss'],
    ['VMD', 'other'],
    ['PIR', 'other'],
    ['IO', 'other'],
    ['faceSnap', 'other'],
    ['rapidMove', 'other'],
    ['diskfull', 'other'],
    ['somethingNew', 'other'],
  ])('[I3] %s is %s, and the code is kept', (eventType, event) => {
    expect(one(hik(alert({ eventType }))).data).toMatchObject({ event, label: eventType, code: eventType, active: true })
    expect(one(hik(alert({ eventType, eventState: 'inactive', activePostCount: 2 }))).data).toMatchObject({ event, active: false })
  })

  test('[A4] a post count above one says the same alarm again', () => {
    expect(one(hik(alert({ activePostCount: 1 }))).repeat).toBeUndefined()
    expect(one(hik(alert({ activePostCount: 174 }))).repeat).toBe(true)
  })

  test('[P4] nothing lost, count zero, is a sign of life; a loss that ends is one of video', () => {
    const beat = { eventType: 'videoloss', eventState: 'inactive', activePostCount: 0 }
    expect(one(hik(alert(beat)))).toMatchObject({ type: 'linwang.heartbeat', data: { online: true, video: true }, address: `${MAC}/1` })
    expect(one(hik(alert({ ...beat, activePostCount: 3 }))).data).toMatchObject({ event: 'video-loss', active: false })
    expect(one(hik(alert({ ...beat, eventState: 'active' }))).data).toMatchObject({ event: 'video-loss', active: true })
    const push = '<Extensions><serialNumber>1</serialNumber><eventPush>,IO,2026-03-02 09:59:40</eventPush></Extensions>'
    expect(one(hik(alert(beat, push))).type).toBe('linwang.heartbeat')
  })

  test('[A4] a stored resend updates state and raises nothing', () => {
    const resent = one(hik(alert({}, '<isDataRetransmission>true</isDataRetransmission>')))
    expect(resent).toMatchObject({ replay: true, backlog: true })
    expect(resent.id).toBe(one(hik(alert())).id)
    expect(one(hik(alert({}, '<isDataRetransmission>false</isDataRetransmission>'))).replay).toBeUndefined()
  })

  test('[I3] an event that lasts is the event that it wraps', () => {
    const more = `<DurationList><Duration><relationEvent>fielddetection</relationEvent></Duration></DurationList>${region(2)}`
    expect(one(hik(alert({ eventType: 'duration', activePostCount: 7 }, more)))).toMatchObject({
      repeat: true,
      data: { event: 'intrusion', code: 'fielddetection', zones: ['2'] },
    })
  })

  test('[I2] the same message has the same id; start, end, count, region and second have their own', () => {
    const ids = [
      alert(),
      alert({ eventState: 'inactive' }),
      alert({ activePostCount: 2 }),
      alert({ dateTime: '2026-03-02T09:59:51+08:00' }),
      alert({ channelID: 2 }),
      alert({ eventType: 'VMD' }),
      alert({}, region(1)),
      alert({}, region(2)),
    ].map((body) => one(hik(body)).id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(one(hik(alert())).id).toBe(ids[0])
  })

  test('[I3] the same alert as JSON', () => {
    const json = {
      macAddress: '44-19-B6-00-00-01',
      channelID: 1,
      dateTime: '2026-03-02T09:59:50+08:00',
      activePostCount: 1,
      eventType: 'linedetection',
      eventState: 'active',
      eventDescription: 'linedetection alarm',
      ipAddress: '192.168.1.64',
    }
    const asXml = one(hik(alert()))
    expect(one(hik(JSON.stringify(json)))).toEqual(asXml)
    expect(one(hik(JSON.stringify({ EventNotificationAlert: json })))).toEqual(asXml)
    expect(hik(JSON.stringify([json, { ...json, channelID: 2 }])).drafts.map(({ address }) => address)).toEqual([`${MAC}/1`, `${MAC}/2`])
  })
})

describe('which device it was', () => {
  test.each([
    [{ channelID: 1 }, `${MAC}/1`, [MAC, '192.168.1.64/1', '192.168.1.64']],
    [{ channelID: 0 }, MAC, [`${MAC}/0`, '192.168.1.64', '192.168.1.64/0']],
    [{ channelID: '' }, MAC, [`${MAC}/0`, '192.168.1.64', '192.168.1.64/0']],
    [{ channelID: '', dynChannelID: '' }, MAC, [`${MAC}/0`, '192.168.1.64', '192.168.1.64/0']],
    [{ channelID: undefined, dynChannelID: 3 }, `${MAC}/3`, ['192.168.1.64/3']],
    [{ channelID: 34, ipAddress: undefined }, `${MAC}/34`, [`${MAC}/2`]],
    [{ macAddress: undefined }, '192.168.1.64/1', ['192.168.1.64']],
    [{ macAddress: undefined, ipAddress: undefined }, '10.0.0.9/1', ['10.0.0.9']],
    [{ macAddress: '4419B6000001' }, `${MAC}/1`, [MAC, '192.168.1.64/1', '192.168.1.64']],
  ])('[I3] %j', (fields, address, aliases) => {
    const draft = one(hik(alert(fields), {}, { remote: '10.0.0.9' }))
    expect([draft.address, draft.aliases]).toEqual([address, aliases])
  })
})

describe('what the register says of a camera', () => {
  const rules: CameraRule[] = [
    { label: 'person', zone: '3', from: '22:00', to: '06:00', event: 'intrusion' },
    { label: 'VMD', event: 'loitering' },
    { label: 'IO', zone: '1', event: 'fire-lane-blocked' },
  ]
  const known = { [MAC]: 'camera' } as const
  const event = (body: string) => (one(hik(body, { known, rules })).data as { event: string }).event
  const night = { dateTime: '2026-03-02T23:00:00+08:00' }

  test('[I3] the target, zone and hours of its rules decide of drawn areas', () => {
    expect(event(alert({ ...night, eventType: 'fielddetection' }, region(3)))).toBe('intrusion')
    expect(event(alert({ eventType: 'fielddetection' }, region(3)))).toBe('other')
    expect(event(alert({ ...night, eventType: 'fielddetection' }, region(1)))).toBe('other')
  })
  test('[I3] what no rule speaks of is as the camera says', () => {
    expect(event(alert({ eventType: 'fielddetection' }, region(3, 'vehicle')))).toBe('intrusion')
    expect(event(alert({ eventType: 'loitering' }, region(3)))).toBe('loitering')
    expect(event(alert({ eventType: 'fireDetection' }))).toBe('fire')
  })
  test('[I3] motion that knows its target', () => {
    const person: Ground = { known, rules: [{ label: 'person', event: 'intrusion' }] }
    const motion = (target: string) => one(hik(alert({ eventType: 'VMD' }, `<targetType>${target}</targetType>`), person)).data
    expect(motion('human')).toMatchObject({ event: 'intrusion', label: 'human' })
    expect(motion('vehicle')).toMatchObject({ event: 'other', label: 'VMD' })
  })
  test('[I3] a rule by the code of the vendor', () => {
    expect(event(alert({ eventType: 'VMD' }))).toBe('loitering')
    expect(event(alert({ eventType: 'IO' }, '<inputIOPortID>1</inputIOPortID>'))).toBe('fire-lane-blocked')
    expect(event(alert({ eventType: 'IO' }, '<inputIOPortID>2</inputIOPortID>'))).toBe('other')
  })
  test('[A4] the end outside the hours belongs to what began inside them', () => {
    expect(event(alert({ dateTime: '2026-03-03T06:30:00+08:00', eventType: 'fielddetection', eventState: 'inactive' }, region(3)))).toBe(
      'intrusion',
    )
  })
})

describe('clocks', () => {
  test('[I4] without a zone the feed’s own, else the community’s, and what was said is kept', () => {
    const body = alert({ dateTime: '2026-03-02T09:59:50' })
    expect(one(hik(body))).toMatchObject({
      time: Date.parse('2026-03-02T09:59:50+08:00'),
      offset: null,
      data: { said: '2026-03-02T09:59:50', zoneAssumed: 480 },
    })
    expect(one(hik(body, { feed: { zone: 60 } }))).toMatchObject({
      time: Date.parse('2026-03-02T09:59:50+01:00'),
      data: { zoneAssumed: 60 },
    })
  })
  test('[I4] no time at all is the receipt', () => {
    expect(one(hik(alert({ dateTime: 'yesterday' })))).toMatchObject({ timeAssumed: true, offset: null, data: { said: 'yesterday' } })
    expect(one(hik(alert({ dateTime: undefined }))).timeAssumed).toBe(true)
  })
  test.each(['1970-01-01T00:01:00+08:00', '2000-01-01T00:01:00Z', '0000-00-00T00:00:00', undefined])(
    '[I2] a clock that was never set (%s) does not make two events of two hours one',
    (dateTime) => {
      const hour = 3_600_000
      const id = (now: number) => one(hik(alert({ dateTime }), { now })).id
      expect(id(NOW + hour)).not.toBe(id(NOW))
      expect(id(NOW)).toBe(id(NOW))
    },
  )
  test.each([
    [alert({ dateTime: '2026-03-02T09:59:50-8:00' }), '/dateTime'],
    [alert({ dateTime: undefined }), '/dateTime'],
    [alert({ eventDescription: 'a < b' }), '/'],
    [alert({ macAddress: undefined, ipAddress: undefined }), '/macAddress'],
  ])('[I3] a strict feed mends nothing (%#)', (body, where) => {
    expect(hik(body).drafts).toHaveLength(1)
    expect(hik(body, { feed: { strict: true } })).toMatchObject({ drafts: [], rejects: [{ reason: 'invalid-data', where }] })
  })
})

describe('bodies', () => {
  test.each([
    ['dashes in the header’s boundary', '--boundary', '----boundary', '\r\n'],
    ['LF', 'boundary', '--boundary', '\n'],
    ['a boundary that the header does not name', undefined, '--MIME_boundary', '\r\n'],
  ])('[I3] multipart with %s', (_what, boundary, line, eol) => {
    const part = `${line}${eol}Content-Type: application/xml${eol}Content-Length: 1${eol}${eol}${alert({ eventType: 'VMD' })}${eol}`
    const picture = `${line}${eol}Content-Disposition: form-data; name="linedetection"; filename="a.jpg";${eol}Content-Type: image/jpeg${eol}${eol}\xff\xd8\xff${eol}`
    const headers = { 'content-type': `multipart/form-data${boundary ? `; boundary=${boundary}` : ''}` }
    const decoded = hik(Buffer.from(`${part}${picture}${line}--${eol}`, 'latin1'), {}, { headers })
    expect(one(decoded).data).toMatchObject({ label: 'VMD', pictures: [{ bytes: 3 }] })
  })

  test('[I3] the text of one part is kept of a draft that no register knows, without the pictures', () => {
    const body = `--b\r\nContent-Type: application/xml\r\n\r\n${alert()}\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\xff\r\n--b--`
    const decoded = hik(Buffer.from(body, 'latin1'))
    expect(decoded.part?.(decoded.drafts[0]!).trim()).toBe(alert().trim())
  })

  test('[I3] names with & and < that were not escaped, in GB2312 or UTF-8', () => {
    const [, after] = alert({ channelName: '@' }).split('@')
    const head = alert({ channelName: '@' }).split('@')[0]!
    const gb = Buffer.concat([Buffer.from(head), Buffer.from([0xb6, 0xab, 0xc3, 0xc5, 0x26]), Buffer.from(after!)])
    expect(one(hik(gb)).data).toMatchObject({ channelName: '东门&' })
    expect(one(hik(alert({ channelName: 'A<B & C' }))).data).toMatchObject({ channelName: 'A<B & C' })
  })

  test('[I3] what is cut off says where, an empty body nothing', () => {
    const cut = alert().slice(0, 200)
    expect(hik(cut).rejects).toMatchObject([{ reason: 'not-understood', where: 'byte 200' }])
    expect(hik('{"eventType":')).toMatchObject({ drafts: [], rejects: [{ where: 'byte 13' }] })
    expect(hik('garbage').rejects).toMatchObject([{ reason: 'not-understood', where: 'byte 0' }])
    expect(hik('')).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
    expect(hik('<EventNotificationAlert><x/></EventNotificationAlert>').rejects).toMatchObject([{ detail: 'the alert has no eventType' }])
  })

  test('[I3] what is too much for one message is not dropped without a word', () => {
    const small = '<EventNotificationAlert><eventType>VMD</eventType></EventNotificationAlert>'
    const json = JSON.stringify(Array(501).fill({ eventType: 'VMD' }))
    for (const body of [small.repeat(501), json, `--b\r\n\r\n${small}\r\n`.repeat(501)]) {
      const { drafts, rejects } = hik(body)
      expect(drafts).toHaveLength(500)
      expect(rejects).toMatchObject([{ detail: 'the message holds more than 500 alerts: the rest was not read' }])
    }
  })

  test('[I3] one bad part never fails its message', () => {
    const body = ['--b', '', alert(), '--b', '', '<EventNotificationAlert><eventType>', '--b', '', alert({ channelID: 2 }), '--b--'].join(
      '\r\n',
    )
    const { drafts, rejects } = hik(body)
    expect(drafts.map(({ address }) => address)).toEqual([`${MAC}/1`, `${MAC}/2`])
    expect(rejects).toMatchObject([{ reason: 'not-understood', detail: 'the text ends before </eventType>' }])
  })
})

describe('doors and terminals', () => {
  const access = (event: object, more: object = {}) =>
    JSON.stringify({
      ipAddress: '192.168.1.11',
      macAddress: 'a4:d5:c2:00:00:01',
      dateTime: '2026-03-02T09:59:50+08:00',
      activePostCount: 1,
      eventType: 'AccessControllerEvent',
      eventState: 'active',
      ...more,
      AccessControllerEvent: { majorEventType: 5, serialNo: 9, name: '张三', cardNo: '123456', employeeNoString: 'resident-1', ...event },
    })
  const said = (event: object, ground: Ground = {}) => toldOf(hik(access(event), ground))[0]

  test.each([
    [1, { granted: true, credential: 'card' }],
    [2, { granted: true, credential: 'card' }],
    [6, { granted: false, credential: 'card' }],
    [9, { granted: false, credential: 'card' }],
    [38, { granted: true }],
    [39, { granted: false }],
    [75, { granted: true, credential: 'face' }],
    [76, { granted: false, credential: 'face' }],
  ])('[I3] minor %i is a passage', (subEventType, data) => {
    expect(said({ subEventType })).toMatchObject(['linwang.passage', { direction: 'unknown', ...data, code: `5/${subEventType}` }])
  })

  test.each([
    [21, 'linwang.contact', { open: true, part: 'lock' }],
    [22, 'linwang.contact', { open: false, part: 'lock' }],
    [25, 'linwang.contact', { open: true, part: 'door' }],
    [27, 'linwang.hazard', { hazard: 'door-forced', active: true }],
    [28, 'linwang.hazard', { hazard: 'door-held-open', active: true }],
    [81, 'linwang.hazard', { hazard: 'door-held-open', active: true }],
    [82, 'linwang.hazard', { hazard: 'door-forced', active: true }],
    [23, 'linwang.passage', { direction: 'out', granted: true }],
    [999, 'linwang.heartbeat', { online: true, code: '5/999' }],
  ])('[I3] minor %i is a %s', (subEventType, type, data) => {
    expect(said({ subEventType })).toMatchObject([type, data])
  })

  test('[I3] duress, fire and tampering of major 1', () => {
    expect(said({ majorEventType: 1, subEventType: 0x40a })).toMatchObject(['linwang.hazard', { hazard: 'duress', active: true }])
    expect(said({ majorEventType: 1, subEventType: 0x419 })).toMatchObject(['linwang.hazard', { hazard: 'fire', active: false }])
    expect(said({ majorEventType: 1, subEventType: 0x404 })).toMatchObject(['linwang.hazard', { hazard: 'tamper', active: true }])
    expect(said({ majorEventType: 3, subEventType: 112 })).toMatchObject(['linwang.heartbeat', { code: '3/112' }])
  })

  test('[S2] no name, card or number of a person; a resident only when the register has one', () => {
    const bytes = Buffer.from(access({ subEventType: 75 }))
    const arrival = { source: 'hikvision', transport: 'http', feed: 'gates', bytes }
    expect(JSON.stringify(hik(access({ subEventType: 75 })).drafts)).not.toMatch(/张三|123456|resident-1/)
    const context = { ...groundOf({}), resident: (id: string) => id === 'resident-1' }
    const known = SOURCES.hikvision!(arrival, context).drafts[0]!
    expect(known.data).toMatchObject({ residentId: 'resident-1' })
  })

  test('[S2] what waits in quarantine names nobody, and reads the same when it is tried again', () => {
    const decoded = hik(access({ subEventType: 75, cardReaderNo: 2 }))
    const kept = decoded.part!(decoded.drafts[0]!)
    expect(kept).not.toMatch(/张三|123456/)
    expect(kept).toContain('resident-1')
    expect(one(hik(kept)).data).toEqual(decoded.drafts[0]!.data)
    const cut = hik(access({ subEventType: 75 }).replace(/\}\s*$/, ''))
    expect(cut.rejects).toHaveLength(1)
    expect(cut.rejects[0]!.part).not.toMatch(/张三|123456/)
    const plate = hik(alert({ eventType: '', name: '张三', licensePlate: '贵A12345' }))
    expect(plate.rejects[0]!.part).not.toMatch(/张三|贵A12345/)
  })

  test.each([
    [{ cardReaderNo: 1 }, 'in'],
    [{ cardReaderNo: 2 }, 'out'],
    [{ cardReaderNo: 2, attendanceStatus: 'checkIn' }, 'in'],
    [{ attendanceStatus: 'checkOut' }, 'out'],
    [{ attendanceStatus: 'undefined' }, 'unknown'],
  ])('[I3] %j goes %s', (event, direction) => {
    expect(said({ subEventType: 75, ...event })).toMatchObject(['linwang.passage', { direction }])
  })

  test('[I3] the register knows better which way a reader looks', () => {
    const ground: Ground = { known: { 'a4:d5:c2:00:00:01/1': 'gate' }, rules: [{ label: 'reader', zone: '1', event: 'out' }] }
    expect(said({ subEventType: 75, cardReaderNo: 1 }, ground)).toMatchObject(['linwang.passage', { direction: 'out' }])
  })

  test('[I2] MAC and serial number make the identity, the door the address', () => {
    const first = one(hik(access({ subEventType: 75, doorNo: 2 })))
    expect(first.address).toBe('a4:d5:c2:00:00:01/2')
    const resent = one(
      hik(access({ subEventType: 75, doorNo: 2 }, { activePostCount: 3, ipAddress: '192.168.1.99', isDataRetransmission: true })),
    )
    expect(resent.id).toBe(first.id)
    expect(resent).toMatchObject({ replay: true, repeat: true })
    expect(one(hik(access({ subEventType: 75, doorNo: 2, serialNo: 10 }))).id).not.toBe(first.id)
  })

  test('[P4] a heartbeat of a terminal', () => {
    expect(toldOf(hik(JSON.stringify({ eventType: 'heartBeat', macAddress: MAC, dateTime: '2026-03-02T09:59:50+08:00' })))).toMatchObject([
      ['linwang.heartbeat', { online: true }],
    ])
  })
})
