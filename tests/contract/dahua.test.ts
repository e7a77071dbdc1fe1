import { describe, expect, test } from 'vitest'
import { NOW } from '../support/intake.ts'
import { fixture, sample, sampleThere } from '../support/samples.ts'
import { type Ground, read, toldOf, uploaded } from '../support/vendor.ts'

const dahua = (body: string | Uint8Array, ground: Ground = {}) => read('dahua', body, ground)
const only = (body: string | Uint8Array, ground: Ground = {}) => {
  const { drafts, rejects } = dahua(body, ground)
  expect(rejects).toEqual([])
  expect(drafts).toHaveLength(1)
  return drafts[0]!
}
const event = (code: string, action: string, data?: object, index = 0) =>
  `Code=${code};action=${action};index=${index}${data ? `;data=${JSON.stringify(data, null, 3)}` : ''}`
const utc = (clock: string) => Date.parse(clock) / 1000

describe('the words of the attach stream', () => {
  test('[I3] a start without data is a beginning at the receipt', () => {
    expect(only(fixture('dahua/accepted/motion-start-simple.txt'))).toMatchObject({
      type: 'linwang.camera',
      address: '0',
      time: NOW,
      offset: null,
      timeAssumed: true,
      data: { event: 'other', label: 'VideoMotion', active: true },
    })
  })

  test.each([
    ['Start', true],
    ['Stop', false],
    ['Pulse', undefined],
  ])('[A4] %s of the same code has the same address and event', (action, active) => {
    const draft = only(event('CrossRegionDetection', action, undefined, 3))
    expect(draft.address).toBe('3')
    expect(draft.data).toMatchObject({ event: 'intrusion', label: 'CrossRegionDetection' })
    expect((draft.data as { active?: boolean }).active).toBe(active)
  })

  test('[I3] a human told as HumamID, with its region', () => {
    const data = { RegionName: ['Region1'], WindowId: [0], object: [{ HumamID: 542, Rect: [2072, 1808, 3440, 8184] }] }
    expect(only(event('SmartMotionHuman', 'Start', data)).data).toMatchObject({ event: 'other', object: 'person', regions: ['Region1'] })
  })

  test('[I3] equals signs and semicolons inside the data are data', () => {
    const data = { Name: 'Rule;action=Stop', Encoded: 'dGVzdA==' }
    expect(only(event('CrossRegionDetection', 'Start', data)).data).toMatchObject({ active: true, rule: 'Rule;action=Stop' })
  })

  test('[I3] no space after the colon, CRLF, and blanks around the fields', () => {
    expect(only('\r\nCode=VideoMotion; action=Stop; index=1; data={\r\n"SmartMotionEnable":true\r\n}\r\n')).toMatchObject({
      address: '1',
      data: { label: 'VideoMotion', active: false },
    })
  })

  test('[I3] several events in one part, whatever a wrong Content-Length left between them', () => {
    const torn = `${event('VideoLoss', 'Start', undefined, 2)}\r\n\r\n--myboundary\r\nContent-Type: text/plain\r\nContent-Length:76\r\n\r\n${event('VideoBlind', 'Stop', { a: 1 }, 4)}\n${event('AlarmLocal', 'Start', undefined, 1)}`
    expect(dahua(torn).drafts.map(({ address, data }) => [address, (data as { event: string }).event])).toEqual([
      ['2', 'video-loss'],
      ['4', 'tamper'],
      ['in-1', 'other'],
    ])
  })

  test.each([
    ['CrossLineDetection', 'intrusion'],
    ['WanderDetection', 'loitering'],
    ['StayDetection', 'loitering'],
    ['RioterDetection', 'crowd'],
    ['ParkingDetection', 'illegal-parking'],
    ['FallDetection', 'fall'],
    ['FireWarning', 'fire'],
    ['SmokeDetection', 'smoke'],
    ['VideoLoss', 'video-loss'],
    ['VideoBlind', 'tamper'],
    ['LeftDetection', 'other'],
    ['TakenAwayDetection', 'other'],
    ['CallNoAnswered', 'other'],
    ['NeverHeardOf', 'other'],
  ])('[I3] %s means %s, and the code is kept', (code, meant) => {
    expect(only(event(code, 'Start')).data).toMatchObject({ event: meant, label: code, active: true })
  })

  test('[I3] a code in underscores is the same code', () => {
    expect(only(event('_VideoLoss_', 'Start')).data).toMatchObject({ event: 'video-loss', label: 'VideoLoss' })
  })

  test('[I3] chatter is counted and tells nothing', () => {
    expect(dahua(event('VideoMotionInfo', 'State'))).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
    expect(dahua(event('SomethingNew', 'State'))).toMatchObject({ drafts: [], ignored: 1 })
    expect(dahua(event('NewFile', 'Pulse', { File: '/mnt/sd/1.jpg' }))).toMatchObject({ drafts: [], ignored: 1 })
  })

  test('[I3] a fault of the device itself is told with its heartbeat', () => {
    expect(only(event('StorageFailure', 'Start', undefined, 2))).toMatchObject({
      type: 'linwang.heartbeat',
      address: '0',
      data: { online: true, fault: 'storage' },
    })
  })

  test('[I3] a heartbeat is heard from every channel that the register has', () => {
    expect(dahua('Heartbeat')).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
    const known = { 0: 'camera', 7: 'camera' } as const
    expect(dahua('\r\nHeartbeat\r\n', { known }).drafts).toMatchObject([
      { type: 'linwang.heartbeat', address: '0', data: { online: true } },
      { type: 'linwang.heartbeat', address: '7', data: { online: true } },
    ])
  })

  test.each(['', 'hello', 'Code=', '{"a":1}', '\u0000\u0001'])('[I3] %j is not understood, and where is said', (body) => {
    const { drafts, rejects } = dahua(body)
    expect(drafts).toEqual([])
    expect(rejects).toMatchObject([{ reason: 'not-understood', feed: 'yard' }])
    expect(rejects[0]!.where).toBeDefined()
  })
})

describe('cut data', () => {
  const whole = event('CrossLineDetection', 'Start', {
    Name: 'Rule1',
    LocaleTime: '2026-03-02 10:00:00',
    UTC: NOW / 1000,
    Object: { ObjectType: 'Human' },
    CardName: '张三',
    Track: [1, 2, 3],
  })

  test('[I3] whatever is whole is read, the text is kept, the person is not', () => {
    const { data, offset } = only(whole.slice(0, whole.indexOf('"Track"') + 20))
    expect(offset).toBe(480)
    expect(data).toMatchObject({ event: 'intrusion', rule: 'Rule1', object: 'person', active: true })
    expect((data as unknown as { raw: string }).raw).toContain('"LocaleTime" : "2026'.replaceAll(' :', ':'))
    expect(JSON.stringify(data)).not.toContain('张三')
  })

  test('[I3] wherever it breaks off, the event is told', () => {
    for (let end = whole.indexOf('{') + 1; end < whole.length; end++)
      expect(only(whole.slice(0, end)).data).toMatchObject({ event: 'intrusion', active: true })
  })

  test('[I3] a cut event does not harm the next', () => {
    const { drafts } = dahua(`${whole.slice(0, -30)}\r\n\r\n${event('VideoLoss', 'Start')}`)
    expect(drafts.map(({ data }) => (data as { event: string }).event)).toEqual(['intrusion', 'video-loss'])
  })

  test('[I3] what stands behind the data is left out, a quote inside a word ends nothing', () => {
    const { data } = only('Code=CrossRegionDetection;action=Start;index=0;data={"RegionName":["a"],"Name":"R\\",{1"}\u0000rest, of it}')
    expect(data).toMatchObject({ regions: ['a'], rule: 'R",{1' })
    expect(only('Code=CrossRegionDetection;action=Start;index=0;data={"RegionName":["a\\",b"],"Name":"R').data).toMatchObject({
      regions: ['a",b'],
    })
  })

  test('[I3] a strict feed quarantines it, and says where', () => {
    const cut = whole.slice(0, -30)
    const { drafts, rejects } = dahua(cut, { feed: { strict: true } })
    expect(drafts).toEqual([])
    expect(rejects).toMatchObject([{ reason: 'not-understood', where: `${cut.trim().length}`, part: cut.trim() }])
  })
})

describe('clocks', () => {
  const at = (data: object, ground: Ground = {}) => only(event('CrossRegionDetection', 'Start', data), ground)

  test('[I4] LocaleTime and UTC give the zone', () => {
    const data = { LocaleTime: '2019-07-30 15:43:21', UTC: 1_564_472_601, UTCMS: 172 }
    expect(at(data)).toMatchObject({ time: 1_564_472_601_172, offset: 480 })
    expect(at(data).data).not.toHaveProperty('said')
  })

  test('[I4] a "UTC" that is local, an hour after the receipt, is mended and what it said is kept', () => {
    const now = Date.parse('2023-06-26T20:22:00Z')
    const draft = at({ LocaleTime: '2023-06-26 21:22:01', UTC: 1_687_814_520, UTCMS: 945 }, { now })
    expect(draft).toMatchObject({
      time: now + 945,
      offset: 60,
      data: { assumed: 'utc-is-local', said: 'UTC 1687814520, 2023-06-26 21:22:01' },
    })
  })

  test('[I4] a "UTC" eight hours ahead in China is local time', () => {
    expect(at({ UTC: utc('2026-03-02T10:00:01Z') })).toMatchObject({ time: NOW + 1_000, offset: 480, data: { assumed: 'utc-is-local' } })
  })

  test('[I4] so it is in a zone west of Greenwich, where it lies back', () => {
    const ground = { feed: { zone: -300 } }
    expect(at({ UTC: NOW / 1000 - 5 * 3600 }, ground)).toMatchObject({ time: NOW, offset: -300, data: { assumed: 'utc-is-local' } })
  })

  test('[I4] a clock that is right is believed, one that runs 16 s, 20 min or half an hour ahead too', () => {
    for (const ahead of [0, 16, 1200, 1800])
      for (const LocaleTime of [undefined, '2026-03-02 02:00:00'])
        expect(at({ LocaleTime, UTC: NOW / 1000 + ahead })).toMatchObject({ time: NOW + ahead * 1000, offset: 0 })
  })

  test('[I4] a strict feed believes what it is told', () => {
    expect(at({ UTC: utc('2026-03-02T10:00:01Z') }, { feed: { strict: true } }).time).toBe(Date.parse('2026-03-02T10:00:01Z'))
  })

  test('[I4] an old one that may be either is marked as doubtful', () => {
    const data = { LocaleTime: '2026-03-01 21:22:01', UTC: utc('2026-03-01T21:22:00Z') }
    expect(at(data)).toMatchObject({ time: Date.parse('2026-03-01T21:22:00Z'), data: { assumed: 'utc-may-be-local' } })
  })

  test('[I4] RealUTC wins over a local UTC', () => {
    expect(at({ RealUTC: NOW / 1000, UTC: NOW / 1000 + 8 * 3600 })).toMatchObject({ time: NOW, offset: 480 })
  })

  test('[I4] a local time alone is read in the zone of the feed', () => {
    expect(at({ LocaleTime: '2026-03-02 11:00:00' }, { feed: { zone: 540 } })).toMatchObject({ time: NOW, offset: null })
  })

  test('[I4] a clock that was never set counts by the receipt', () => {
    expect(at({ LocaleTime: '2000-01-01 08:00:05', UTC: 946_684_805 })).toMatchObject({
      timeAssumed: true,
      data: { assumed: 'clock-unset' },
    })
  })
})

describe('doors', () => {
  const access = (data: object, action = 'Pulse') => only(event('AccessControl', action, data))

  test.each([
    [1, 'card'],
    [0, 'code'],
    [4, 'remote'],
    [14, 'qr'],
    [15, 'face'],
    [99, undefined],
  ])('[I3] method %i is %s', (Method, credential) => {
    const draft = access({ Method, Status: 1, Type: 'Entry', RecNo: 691 })
    expect(draft).toMatchObject({ type: 'linwang.passage', data: { direction: 'in', granted: true } })
    expect((draft.data as { credential?: string }).credential).toBe(credential)
  })

  test('[I3] a refused exit', () => {
    expect(access({ Method: 1, Status: 0, ErrorCode: 16, Type: 'Exit' }).data).toMatchObject({
      direction: 'out',
      granted: false,
      errorCode: 16,
    })
  })

  test('[S2] of who it was nothing is kept', () => {
    const person = { UserID: 'P77', CardName: '李四', CardNo: '7a087d0f', Password: '123456', SnapURL: '/x.jpg', SnapPath: '/y.jpg' }
    expect(JSON.stringify(access({ ...person, Method: 15, Status: 1 }))).not.toMatch(/P77|李四|7a087d0f|123456|jpg/)
  })

  test('[I3] the pulse of a face terminal is a passage by face', () => {
    const data = {
      Alive: 100,
      Door: 0,
      FeatureId: 9,
      OpenDoorMethod: 3,
      Similarity: 97,
      SnapPath: '/var/tmp/p.jpg',
      UserID: '12',
      readID: 1,
    }
    const draft = only(event('_DoorFace_', 'Pulse', data))
    expect(draft).toMatchObject({ type: 'linwang.passage', address: '0', data: { granted: true, credential: 'face', door: 0 } })
    expect(JSON.stringify(draft.data)).not.toMatch(/jpg|"12"/)
  })

  test('[I3] a door says whether it is open', () => {
    expect(toldOf(dahua(event('DoorStatus', 'Pulse', { Status: 'Open' })))).toMatchObject([['linwang.contact', { open: true }]])
    expect(toldOf(dahua(event('DoorStatus', 'Pulse', { Status: 'Close' })))).toMatchObject([['linwang.contact', { open: false }]])
  })
})

describe('what hangs on a wire', () => {
  const input = (kind: 'smoke' | 'help-button' | 'motion' | 'door-contact' | 'camera', action: string) =>
    toldOf(dahua(event('AlarmLocal', action, undefined, 1), { known: { 'in-1': kind } }))

  test('[I3] is what the register says', () => {
    expect(input('smoke', 'Start')).toMatchObject([['linwang.hazard', { hazard: 'smoke', active: true }]])
    expect(input('smoke', 'Stop')).toMatchObject([['linwang.hazard', { hazard: 'smoke', active: false }]])
    expect(input('motion', 'Stop')).toMatchObject([['linwang.motion', { occupied: false }]])
    expect(input('door-contact', 'Start')).toMatchObject([['linwang.contact', { open: true }]])
    expect(input('help-button', 'Start')).toMatchObject([['linwang.help', {}]])
    expect(input('help-button', 'Stop')).toEqual([])
    expect(input('camera', 'Start')).toMatchObject([['linwang.camera', { event: 'other', label: 'AlarmLocal' }]])
  })

  test('[I3] a sensor behind an indoor unit', () => {
    const told = (SenseMethod: string) => toldOf(dahua(event('ProfileAlarmTransmit', 'Start', { SenseMethod, DevSrcType: 'VTH' })))
    expect(told('GasSensor')).toMatchObject([['linwang.hazard', { hazard: 'gas', active: true }]])
    expect(told('UrgencyButton')).toMatchObject([['linwang.help', {}]])
    expect(told('PassiveInfrared')).toMatchObject([['linwang.camera', { event: 'other' }]])
  })
})

describe('the rules of a camera', () => {
  const rules = [{ label: 'person', zone: 'Fence', from: '22:00', to: '06:00', event: 'intrusion' }]
  const seen = (clock: string, rule: string, rulesOfIt = rules) => {
    const data = { Name: rule, UTC: utc(`2026-03-02T${clock}:00+08:00`), Object: { ObjectType: 'Human' } }
    const ground = { now: Date.parse(`2026-03-02T${clock}:01+08:00`), known: { 0: 'camera' as const }, rules: rulesOfIt }
    return (only(event('CrossRegionDetection', 'Start', data), ground).data as { event: string }).event
  }

  test('[I3] decide where they name what was seen', () => {
    expect(seen('23:00', 'Fence')).toBe('intrusion')
    expect(seen('12:00', 'Fence')).toBe('other')
    expect(seen('23:00', 'Path')).toBe('other')
    expect(seen('12:00', 'Path', [{ ...rules[0]!, label: 'vehicle' }])).toBe('intrusion')
  })
})

describe('direct upload', () => {
  const upload = (body: string | Uint8Array, type = 'application/json', ground: Ground = {}) =>
    read('dahua', body, ground, { ...uploaded, headers: { 'content-type': type } })
  const passage = (more: object = {}) => ({
    Code: 'AccessControl',
    Data: {
      SN: '9F0A1',
      RealUTC: NOW / 1000 - 3600,
      UTC: NOW / 1000 - 3600,
      Method: 15,
      Status: 1,
      Type: 'Entry',
      RecNo: 12,
      CardName: '王五',
      ...more,
    },
  })

  test('[I3] an event in JSON, by its serial number', () => {
    const { drafts } = upload(JSON.stringify({ Action: 'Pulse', Index: 0, ...passage() }))
    expect(drafts).toMatchObject([
      { type: 'linwang.passage', address: '9F0A1/0', aliases: ['9F0A1'], data: { granted: true, credential: 'face', direction: 'in' } },
    ])
    expect(drafts[0]).not.toHaveProperty('backlog')
    expect(JSON.stringify(drafts)).not.toContain('王五')
  })

  test('[I4] what it kept while nobody listened is a backlog, each event by itself', () => {
    const body = {
      Events: [
        { ...passage(), DataSource: 'Offline' },
        { ...passage({ RecNo: 13 }), DataSource: 'Offline' },
      ],
    }
    const decoded = upload(JSON.stringify(body))
    expect(decoded.drafts).toMatchObject([{ backlog: true }, { backlog: true }])
    expect(new Set(decoded.drafts.map(({ id }) => id)).size).toBe(2)
    const again = upload(decoded.part!(decoded.drafts[1]!))
    expect(again.drafts).toMatchObject([{ address: '9F0A1/0', type: 'linwang.passage' }])
  })

  test('[I3] an event looked at again by itself is still of the same terminal', () => {
    const { SN: _, ...data } = passage().Data
    const decoded = upload(
      JSON.stringify({ SN: '9F0A1', Events: [1, 2].map((RecNo) => ({ Code: 'AccessControl', Data: { ...data, RecNo } })) }),
    )
    expect(decoded.drafts.map(({ address }) => address)).toEqual(['9F0A1/0', '9F0A1/0'])
    expect(upload(decoded.part!(decoded.drafts[0]!)).drafts).toMatchObject([{ address: '9F0A1/0' }])
  })

  test('[I2] the same event sent again has the same id', () => {
    const [one, two] = [NOW, NOW + 5000].map((now) => upload(JSON.stringify({ Events: [passage()] }), undefined, { now }).drafts[0]!.id)
    expect(one).toBe(two)
  })

  test('[A4] Stop, Start and Stop of one second are three on a stream that we hold', () => {
    const stop = event('CrossRegionDetection', 'Stop', { UTC: NOW / 1000 })
    const ids = ['5.1', '5.3'].map((ref) => read('dahua', stop, {}, { ref }).drafts[0]!.id)
    expect(new Set(ids).size).toBe(2)
  })

  test('[I3] a multipart with a picture: the words are read, the picture is not', () => {
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xdb]), Buffer.alloc(5000, 7), Buffer.from([0xff, 0xd9])])
    const body = Buffer.concat([
      Buffer.from(
        `--b\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n${JSON.stringify({ Events: [passage()] })}\r\n--b\r\n`,
      ),
      Buffer.from('Content-Type: image/jpeg\r\n\r\n'),
      jpeg,
      Buffer.from('\r\n--b--\r\n'),
    ])
    expect(upload(body, 'multipart/x-mixed-replace; boundary=b').drafts).toMatchObject([{ type: 'linwang.passage', address: '9F0A1/0' }])
  })

  test('[S2] a picture alone tells nothing, and a broken one takes no picture to quarantine', () => {
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xdb]), Buffer.alloc(500, 7), Buffer.from([0xff, 0xd9])])
    const alone = Buffer.concat([Buffer.from('--b\r\nContent-Type: image/jpeg\r\n\r\n'), jpeg, Buffer.from('\r\n--b--\r\n')])
    expect(upload(alone, 'multipart/x-mixed-replace; boundary=b')).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
    const untold = Buffer.concat([Buffer.from('--b\r\nX: 1\r\n\r\n'), jpeg, Buffer.from('\r\n--b--\r\n')])
    expect(upload(untold, 'multipart/x-mixed-replace; boundary=b').rejects).toMatchObject([{ reason: 'not-understood', part: '' }])
  })

  test('[I3] text without a serial number is known by its IP, or by the channel alone', () => {
    expect(upload(event('VideoLoss', 'Start', undefined, 0), 'text/plain').drafts).toMatchObject([
      { address: '10.0.0.9/0', aliases: ['10.0.0.9', '0'] },
    ])
    expect(upload(event('VideoLoss', 'Start', undefined, 4), 'text/plain').drafts).toMatchObject([
      { address: '10.0.0.9/4', aliases: ['4'] },
    ])
  })

  test('[I3] a MAC is written as everywhere', () => {
    const body = JSON.stringify({ Code: 'VideoLoss', Action: 'Start', Index: 1, Data: {}, MAC: '38-AF-29-00-11-22' })
    expect(upload(body).drafts).toMatchObject([{ address: '38:af:29:00:11:22/1' }])
  })

  test('[I3] Chinese in GB18030 is read', () => {
    const gb = Buffer.concat([
      Buffer.from('Code=CrossRegionDetection;action=Start;index=0;data={"Name":"'),
      Buffer.from([0xb4, 0xf3, 0xc3, 0xc5]),
      Buffer.from('"}'),
    ])
    expect(toldOf(upload(gb, 'text/plain'))).toMatchObject([['linwang.camera', { rule: '大门' }]])
  })
})

describe.skipIf(!sampleThere('dahua/attach-stream-all.body'))('the collection', () => {
  const file = (name: string, ground: Ground = {}) => dahua(sample(`dahua/${name}`), ground)

  test('[I3] the whole stream as it stands on the wire', () => {
    const decoded = read(
      'dahua',
      sample('dahua/attach-stream-all.body'),
      {},
      {
        ...uploaded,
        headers: { 'content-type': 'multipart/x-mixed-replace; boundary=myboundary' },
      },
    )
    expect(decoded.rejects).toEqual([])
    expect(decoded.ignored).toBe(1)
    expect(
      decoded.drafts.map(({ type, data }) => [
        type.slice(8),
        'event' in data ? data.event : '',
        'active' in data ? data.active : undefined,
      ]),
    ).toEqual([
      ['camera', 'other', true],
      ['camera', 'other', true],
      ['heartbeat', '', undefined],
      ['camera', 'other', true],
      ['camera', 'other', false],
      ['camera', 'intrusion', true],
      ['passage', '', undefined],
      ['camera', 'intrusion', true],
      ['camera', 'other', true],
      ['camera', 'other', false],
      ['camera', 'intrusion', true],
    ])
  })

  test('[I4] crossline-human-2019: +08:00 from its two clocks', () => {
    expect(file('crossline-human-2019.txt').drafts).toMatchObject([
      { address: '15', time: 1_564_472_601_172, offset: 480, data: { event: 'intrusion', object: 'person', rule: 'Rule1', active: true } },
    ])
  })

  test('[I4] crossregion-human-2023: the clock is an hour wrong', () => {
    const now = Date.parse('2023-06-26T20:22:00Z')
    expect(file('crossregion-human-2023.parsed.json', { now }).drafts).toMatchObject([
      { address: '5', time: now + 945, offset: 60, data: { event: 'intrusion', rule: 'Regola2', assumed: 'utc-is-local' } },
    ])
  })

  test.each([
    ['alarmlocal-start.txt', { event: 'other', label: 'AlarmLocal', active: true }],
    ['alarmlocal-stop.txt', { event: 'other', label: 'AlarmLocal', active: false }],
    ['crossregion-no-data.txt', { event: 'intrusion', active: true }],
    ['motion-start-region.txt', { event: 'other', label: 'VideoMotion', regions: ['Region1'], active: true }],
    ['rtsp-disconnect.txt', { online: true, label: 'RtspSessionDisconnect' }],
  ])('[I3] %s', (name, data) => {
    expect(file(name)).toMatchObject({ drafts: [{ data }], rejects: [] })
  })

  test('[I3] a heartbeat, and what is no message at all', () => {
    expect(file('heartbeat.txt')).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
    expect(file('smd-motion-stop-length76-check.txt').rejects).toMatchObject([{ reason: 'not-understood', where: '0' }])
  })
})
