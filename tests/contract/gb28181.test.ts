import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import type { CameraRule, DeviceKind } from '../../shared/device.ts'
import type { Feed } from '../../shared/feed.ts'
import { arrivalOf, NOW } from '../support/intake.ts'
import { fixtureBytes, sampleBytes, sampleThere } from '../support/samples.ts'
import { contextOf, decode } from '../support/sources.ts'

const read = (bytes: Uint8Array | string, kind: DeviceKind = 'camera', rules: CameraRule[] = [], more: { zone?: number } = {}) =>
  decode(arrivalOf('', { source: 'gb28181', feed: 'gb', bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes }), {
    ...contextOf(kind, rules),
    feed: (id) => ({ id, kind: 'gb28181', ...more }) as Feed,
  })
const accepted = (name: string) => fixtureBytes(`gb28181/accepted/${name}`)

const DEVICE = '34020000001310000001'
const notify = (inner: string, prolog = '<?xml version="1.0" encoding="GB2312"?>') =>
  `${prolog}<Notify><CmdType>Alarm</CmdType><SN>1</SN><DeviceID>${DEVICE}</DeviceID>${inner}</Notify>`
const alarm = (method: number | string, type?: number | string, more = '') =>
  notify(
    `<AlarmPriority>3</AlarmPriority><AlarmMethod>${method}</AlarmMethod><AlarmTime>2026-03-02T09:59:00</AlarmTime>` +
      (type === undefined ? '' : `<Info><AlarmType>${type}</AlarmType></Info>`) +
      more,
  )
const said = (message: string, kind: DeviceKind = 'camera', rules: CameraRule[] = []) =>
  read(message, kind, rules).drafts.map(({ type, data }) => [type, 'event' in data ? data.event : 'hazard' in data ? data.hazard : data])

describe('alarms of real devices', () => {
  test('[I3] a camera of Hikvision, the body alone', () => {
    const decoded = read(accepted('hik-alarm-issue55.xml'))
    expect(decoded.rejects).toEqual([])
    expect(decoded.drafts).toMatchObject([
      {
        type: 'linwang.camera',
        feed: 'gb',
        address: '13131313131320000001',
        time: Date.parse('2021-02-07T17:46:29+08:00'),
        offset: null,
        data: { event: 'other', label: 'motion', method: '5', alarmType: '2', alarmPriority: 4, said: '2021-02-07T17:46:29' },
      },
    ])
  })

  test('[I3] the same in its SIP message: the platform that sent it stands in for a channel that no register knows', () => {
    const [alone] = read(accepted('hik-alarm-issue55.xml')).drafts
    expect(read(accepted('hik-alarm-issue55.sip')).drafts).toEqual([{ ...alone, aliases: ['44010200492000000001'] }])
  })

  test('[I3] the example of the standard with its broken prolog, in GB2312: an alarm input', () => {
    const decoded = read(accepted('standard-annex-example-bad-prolog.gb2312.xml'), 'alarm-panel')
    expect(decoded.rejects).toEqual([])
    expect(decoded.drafts).toMatchObject([
      {
        type: 'linwang.hazard',
        address: '64010000001340000001',
        time: Date.parse('2009-12-04T16:23:32+08:00'),
        data: { hazard: 'intrusion', active: true, description: '警情描述', method: '2' },
      },
    ])
  })

  test.skipIf(!sampleThere('gb28181/dahua-alarm-2023.gb2312.xml'))('[I3] a recorder of Dahua, in GB2312', () => {
    expect(read(sampleBytes('gb28181/dahua-alarm-2023.gb2312.xml')).drafts).toMatchObject([
      {
        address: DEVICE,
        time: Date.parse('2023-08-09T07:38:35+08:00'),
        data: { event: 'other', label: 'motion', description: '视频动检', eventType: '1' },
      },
    ])
  })
})

describe('the table of AlarmMethod and AlarmType', () => {
  test.each([
    [5, 1, 'other'],
    [5, 2, 'other'],
    [5, 3, 'left-object'],
    [5, 4, 'removed-object'],
    [5, 5, 'intrusion'],
    [5, 6, 'intrusion'],
    [5, 7, 'other'],
    [5, 8, 'loitering'],
    [5, 9, 'other'],
    [5, 10, 'crowd'],
    [5, 11, 'video-loss'],
    [5, 12, 'other'],
    [5, 13, 'tamper'],
    [5, 99, 'other'],
    [2, 1, 'video-loss'],
    [2, 2, 'tamper'],
    [2, 3, 'other'],
    [6, 1, 'other'],
    [4, undefined, 'other'],
  ])('[I3] %s/%s is %s', (method, type, event) => {
    expect(said(alarm(method, type))).toEqual([['linwang.camera', event]])
  })

  test('[I3] a code without a name keeps its numbers', () => {
    expect(read(alarm(5, 99)).drafts[0]!.data).toMatchObject({ event: 'other', label: 'gb28181:5/99' })
  })
  test('[I3] the type nested, beside the method, on both levels, and nowhere', () => {
    expect(said(alarm(5, undefined, '<AlarmType>6</AlarmType>'))).toEqual([['linwang.camera', 'intrusion']])
    expect(said(alarm(5, 8, '<AlarmType>6</AlarmType>'))).toEqual([['linwang.camera', 'loitering']])
    expect(said(alarm(5))).toEqual([['linwang.camera', 'other']])
  })
  test('[I3] a rule of the camera makes its label an event at its hours', () => {
    const rules = [{ label: 'motion', from: '22:00', to: '11:00', event: 'intrusion' }]
    expect(said(alarm(5, 2), 'camera', rules)).toEqual([['linwang.camera', 'intrusion']])
    expect(said(alarm(5, 2), 'camera', [{ ...rules[0]!, to: '06:00' }])).toEqual([['linwang.camera', 'other']])
  })
  test.each<[DeviceKind, unknown[]]>([
    ['smoke', ['linwang.hazard', 'smoke']],
    ['alarm-panel', ['linwang.hazard', 'intrusion']],
    ['help-button', ['linwang.help']],
    ['camera', ['linwang.camera', 'other']],
  ])('[I3] what is wired to the input of a %s', (kind, expected) => {
    expect(said(alarm(2), kind)[0]!.slice(0, expected.length)).toEqual(expected)
  })
})

describe('bytes', () => {
  const inGb = (text: string) => read(iconv.encode(alarm(5, 2, `<AlarmDescription>${text}</AlarmDescription>`), 'gb18030')).drafts[0]!.data
  test.each(['视频动检', '模', '楼道㙍喆有人', '𠮷野家门口'])('[I3] GB2312 declared, GB18030 sent: %s', (text) => {
    expect(inGb(text)).toMatchObject({ description: text })
  })
  test('[I3] GB2312 declared, UTF-8 sent', () => {
    expect(read(alarm(5, 2, '<AlarmDescription>视频动检</AlarmDescription>')).drafts[0]!.data).toMatchObject({ description: '视频动检' })
  })
  test('[I3] UTF-8 with signs of Europe among the Chinese ones', () => {
    const data = read(alarm(5, 2, '<AlarmDescription>机房·温度 41°C</AlarmDescription>')).drafts[0]!.data
    expect(data).toMatchObject({ description: '机房·温度 41°C' })
  })
  test('[I3] an unescaped & in a description', () => {
    expect(read(alarm(5, 2, '<AlarmDescription>A&B</AlarmDescription>')).drafts[0]!.data).toMatchObject({ description: 'A&B' })
  })

  const sip = (head: string, body: string) => `${head}\r\n\r\n${body}`
  const HEAD = `MESSAGE sip:1@2 SIP/2.0\r\nFrom: "NVR" <sip:34020000001180000001@3402000000>;tag=1\r\nContent-Length:   178`
  test.each([
    ['CRLF heads, LF body, padded length', sip(HEAD, alarm(5, 6).replaceAll('><', '>\n<'))],
    ['LF heads', sip(HEAD, alarm(5, 6)).replaceAll('\r\n', '\n')],
    ['a length that is wrong', sip(HEAD.replace('178', '9999'), alarm(5, 6))],
    ['NOTIFY', sip(HEAD.replace('MESSAGE', 'NOTIFY'), alarm(5, 6))],
  ])('[I3] a SIP message with %s', (_what, message) => {
    expect(read(message).drafts).toMatchObject([{ address: DEVICE, aliases: ['34020000001180000001'], data: { event: 'intrusion' } }])
  })

  test.each([
    ['nothing', '', 'malformed', 'character 0'],
    ['a SIP message without a body', HEAD, 'malformed', 'character 0'],
    ['XML that ends early', alarm(5, 6).slice(0, -20), 'malformed', /^character \d+$/],
    ['no DeviceID', alarm(5, 6).replace(/<DeviceID>.*<\/DeviceID>/, ''), 'not-understood', '/Notify/DeviceID'],
    ['no AlarmMethod', notify('<AlarmPriority>1</AlarmPriority>'), 'not-understood', '/Notify/AlarmMethod'],
    ['a command of nobody', alarm(5, 6).replace('>Alarm<', '>Party<'), 'not-understood', '/Notify/CmdType'],
    ['another document', '<html><body>404</body></html>', 'not-understood', '/html'],
  ])('[I3] %s lies in quarantine and says where reading stopped', (_what, message, reason, where) => {
    const { drafts, rejects } = read(message)
    expect(drafts).toEqual([])
    expect(rejects).toMatchObject([{ reason, feed: 'gb', where: typeof where === 'string' ? where : expect.stringMatching(where) }])
    expect(rejects[0]!.detail.length).toBeGreaterThan(10)
  })
})

describe('time and identity', () => {
  test('[I4] a time without zone is of the feed, one with a zone of its own, none of the receipt', () => {
    const at = (time: string, zone?: number) =>
      read(alarm(5, 6).replace('2026-03-02T09:59:00', time), 'camera', [], zone === undefined ? {} : { zone }).drafts[0]
    expect(at('2026-03-02T09:59:00', 540)).toMatchObject({ time: Date.parse('2026-03-02T09:59:00+09:00'), offset: null })
    expect(at('2026-03-02 09:59')).toMatchObject({ time: Date.parse('2026-03-02T09:59:00+08:00') })
    expect(at('2026-03-02T01:59:00Z')).toMatchObject({ time: Date.parse('2026-03-02T09:59:00+08:00'), offset: 0 })
    expect(at('soon')).toMatchObject({ time: NOW, timeAssumed: true, data: { said: 'soon' } })
  })
  test('[I2] sent again it is a duplicate; with a new number it is the same happening', () => {
    const [first] = read(alarm(5, 6)).drafts
    const [again] = read(alarm(5, 6).replace('<SN>1<', '<SN>2<')).drafts
    const [later] = read(alarm(5, 6).replace('09:59:00', '09:59:10')).drafts
    expect(read(alarm(5, 6)).drafts[0]!.id).toBe(first!.id)
    expect(again!.id).not.toBe(first!.id)
    expect(again!.sameAs).toBe(first!.sameAs)
    expect(later!.sameAs).not.toBe(first!.sameAs)
  })
})

describe('who is heard', () => {
  const keepalive = (info: string, status = 'OK') =>
    `<?xml version="1.0"?><Notify><CmdType>Keepalive</CmdType><SN>279</SN><DeviceID>34020000001180000001</DeviceID><Status>${status}</Status>${info}</Notify>`
  const heard = (message: string | Uint8Array) =>
    read(message).drafts.map(({ address, data }) => [address, (data as { online: boolean }).online])

  test.each([
    ['without Info', keepalive('')],
    ['with an empty Info', keepalive('<Info></Info>')],
    ['with an empty Info, closed at once', keepalive('<Info/>')],
  ])('[P4] a keepalive %s', (_what, message) => {
    expect(heard(message)).toEqual([['34020000001180000001', true]])
  })
  test('[P4] a keepalive names the channels that are faulty', () => {
    expect(heard(keepalive(`<Info><DeviceID>${DEVICE}</DeviceID><DeviceID>34020000001310000002</DeviceID></Info>`))).toEqual([
      ['34020000001180000001', true],
      [DEVICE, false],
      ['34020000001310000002', false],
    ])
  })
  test.skipIf(!sampleThere('gb28181/dahua-nvr-keepalive.xml'))('[P4] the keepalive of a recorder', () => {
    expect(heard(sampleBytes('gb28181/dahua-nvr-keepalive.xml'))).toEqual([['34020000001180000001', true]])
  })
  test.skipIf(!sampleThere('gb28181/dahua-nvr-catalog.gb2312.xml'))('[P4] the catalogue of a recorder', () => {
    expect(heard(sampleBytes('gb28181/dahua-nvr-catalog.gb2312.xml'))).toEqual([['34020000001310000003', true]])
  })

  const item = (id: string, more: string) => `<Item><DeviceID>${id}</DeviceID><Name>门口</Name><Password>s3cret</Password>${more}</Item>`
  const catalog = (...items: string[]) =>
    `<Notify><CmdType>Catalog</CmdType><SN>4</SN><DeviceID>34020000001180000001</DeviceID><DeviceList Num="${items.length}">${items.join('')}</DeviceList></Notify>`
  test('[P4] each channel of a catalogue by its status or by what became of it', () => {
    const message = catalog(
      item('1', '<Status>ON</Status>'),
      item('2', '<Status>OFF</Status>'),
      item('3', '<Event>OFF</Event>'),
      item('4', '<Status>ON</Status><Event>VLOST</Event>'),
      item('5', '<Event>ADD</Event><Status>OFFLINE</Status>'),
      item('6', '<Parental>1</Parental>'),
    )
    expect(
      read(message).drafts.map(({ address, data }) => [address, 'event' in data ? data.event : (data as { online: boolean }).online]),
    ).toEqual([
      ['1', true],
      ['2', false],
      ['3', false],
      ['4', 'video-loss'],
      ['5', false],
    ])
  })
  test('[S2] a channel that no register knows is kept alone, without the password that devices write there, and can be read again', () => {
    const { drafts, part } = read(catalog(item('1', '<Status>ON</Status>'), item('2', '<Status>OFF</Status>')))
    const kept = part!(drafts[1]!)
    expect(kept).not.toContain('s3cret')
    expect(read(kept).drafts).toEqual([drafts[1]])
  })
  test.each(['MobilePosition', 'RecordInfo', 'DeviceInfo', 'MediaStatus'])('[I3] %s means nothing to us', (command) => {
    expect(read(`<Notify><CmdType>${command}</CmdType><SN>1</SN></Notify>`)).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
  })
})

describe('what WVP-GB28181-pro hands on', () => {
  const notification = {
    deviceId: '34020000001180000001',
    channelId: DEVICE,
    alarmPriority: '1',
    alarmMethod: 5,
    alarmTime: '2026-03-02 09:59:00',
    alarmDescription: '入侵',
    longitude: 0,
    latitude: 0,
    alarmType: 6,
  }
  const expected = { address: DEVICE, time: Date.parse('2026-03-02T09:59:00+08:00'), data: { event: 'intrusion', description: '入侵' } }
  test.each([
    ['an alarm', JSON.stringify(notification)],
    ['its numbers as texts', JSON.stringify({ ...notification, alarmMethod: '5', alarmType: '6' })],
    ['a list', JSON.stringify([notification])],
    ['a page of its list', JSON.stringify({ code: 0, msg: '成功', data: { total: 1, list: [notification] } })],
    ['an event of its stream', `event:message\ndata:${JSON.stringify(notification)}\n\n`],
  ])('[I3] %s', (_what, message) => {
    expect(read(message).rejects).toEqual([])
    expect(read(message).drafts).toMatchObject([expected])
  })
  test('[I3] the row of its database, with names of types and its own numbers of channels', () => {
    const row = {
      id: 7,
      channelId: 12,
      channelDeviceId: DEVICE,
      alarmType: 'LoiteringDetection',
      alarmTime: NOW - 60_000,
      description: '徘徊',
    }
    expect(read(JSON.stringify(row)).drafts).toMatchObject([
      { address: DEVICE, time: NOW - 60_000, offset: 0, data: { event: 'loitering' } },
    ])
  })
  test('[I3] its Redis message, where alarmSn is the method', () => {
    const message = { gbId: DEVICE, alarmSn: 2, alarmType: 1, alarmDescription: '视频丢失' }
    expect(read(JSON.stringify(message)).drafts).toMatchObject([{ address: DEVICE, timeAssumed: true, data: { event: 'video-loss' } }])
  })
  test.each([
    [`34020000001180000001:${DEVICE} ON`, [DEVICE, true]],
    [`"34020000001180000001:${DEVICE} OFF"`, [DEVICE, false]],
    ['34020000001180000001 OFF', ['34020000001180000001', false]],
  ])('[P4] its words on a device: %s', (message, said) => {
    expect(read(message).drafts.map(({ address, data }) => [address, (data as { online: boolean }).online])).toEqual([said])
  })
  test.each([
    ['no id', { alarmMethod: 5 }, ''],
    ['a type of nobody', { channelId: DEVICE, alarmType: 'Party' }, '/alarmType'],
  ])('[I3] %s lies in quarantine', (_what, message, where) => {
    expect(read(JSON.stringify(message)).rejects).toMatchObject([{ reason: 'not-understood', where, feed: 'gb' }])
  })
  test('[I3] one bad alarm never fails its list', () => {
    const { drafts, rejects } = read(JSON.stringify([notification, { alarmMethod: 5 }, 'x']))
    expect([drafts.length, rejects.map(({ where }) => where)]).toEqual([1, ['/1', '/2']])
  })
})
