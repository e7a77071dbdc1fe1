import { describe, expect, test } from 'vitest'
import { referencesOf } from '../../server/feeds/sources/cap.ts'
import { concerns } from '../../server/feeds/sources/cap-areas.ts'
import { colourOf, dangerOf } from '../../server/feeds/sources/cap-words.ts'
import type { Feed } from '../../shared/feed.ts'
import type { SignalDraft } from '../../shared/signal.ts'
import { arrivalOf, bytesOf, NOW } from '../support/intake.ts'
import { sample, sampleThere } from '../support/samples.ts'
import { contextOf, decode } from '../support/sources.ts'
import { type CapMessage, capXml } from '../support/warnings.ts'

const feedWith = (more: Partial<Feed>): Feed => ({
  id: 'weather',
  kind: 'cap',
  name: '气象',
  state: 'active',
  version: 1,
  firstAt: 0,
  ...more,
})
const read = (xml: string | Uint8Array, feed?: Partial<Feed>) =>
  decode(
    { ...arrivalOf(''), source: 'cap', feed: 'weather', bytes: typeof xml === 'string' ? bytesOf(xml) : xml },
    { ...contextOf('camera'), feed: () => feedWith(feed ?? {}) },
  )
type Warning = Extract<SignalDraft, { type: 'linwang.warning' }>
function only(xml: string, feed?: Partial<Feed>): Warning {
  const { drafts, rejects } = read(xml, feed)
  expect([drafts.length, rejects]).toEqual([1, []])
  return drafts[0] as Warning
}
const made = (message: Partial<CapMessage> = {}, feed?: Partial<Feed>) => only(capXml({ id: 'w1', ...message }), feed)
const refusal = (xml: string, feed?: Partial<Feed>) => read(xml, feed).rejects[0]

describe.skipIf(!sampleThere('cap'))('genuine messages', () => {
  test('[I3] a warning of China’s 12379: colour for severity, code for event, bare reference, spaces in times', () => {
    const draft = only(sample('cap/cn12379-henan-wind-blue-update.xml'))
    expect(draft).toMatchObject({
      type: 'linwang.warning',
      feed: 'weather',
      deviceId: '/feeds/weather',
      time: Date.parse('2020-02-05T10:45:00+08:00'),
      offset: 480,
      status: 'actual',
      data: {
        identifier: '41000041600000_20200205105119',
        msgType: 'update',
        references: ['41000041600000_20200204121842'],
        event: '11B06',
        name: '大风',
        colour: 'blue',
        headline: '河南省气象局发布大风蓝色预警[IV级/一般]',
        areas: ['河南省'],
        codes: ['410000000000'],
        sender: '河南省气象局',
      },
    })
    expect(draft.data.expires).toBeUndefined()
  })

  test('[S2] neither senderName nor contact is kept', () => {
    const china = sample('cap/cn12379-henan-wind-blue-update.xml').replace(/<senderName>[^<]*/, '<senderName>张三丰')
    expect(JSON.stringify(only(china))).not.toContain('张三丰')
    expect(JSON.stringify(only(sample('cap/oasis-example2-thunderstorm.xml')))).not.toMatch(/BARUFFALDI|KSTO@/)
  })

  test('[I3] the thunderstorm of the standard', () => {
    const { data, time, offset } = only(sample('cap/oasis-example2-thunderstorm.xml'))
    expect([time, offset]).toEqual([Date.parse('2003-06-17T14:57:00-07:00'), -420])
    expect(data).toMatchObject({
      identifier: 'KSTO1055887203',
      msgType: 'alert',
      references: [],
      event: 'SEVERE THUNDERSTORM',
      colour: 'orange',
      headline: 'SEVERE THUNDERSTORM WARNING',
      expires: Date.parse('2003-06-17T16:00:00-07:00'),
      codes: ['006109', '006009', '006003'],
    })
    expect(data.areas).toHaveLength(1)
  })

  test('[I3] a prefix on every element changes nothing', () => {
    const text = sample('cap/oasis-example2-thunderstorm.xml')
    const prefixed = text.replace(/<(\/?)(?=[a-zA-Z])/g, '<$1cap:').replace('xmlns=', 'xmlns:cap=')
    expect(only(prefixed).data).toEqual(only(text).data)
  })
})

describe('what a message says', () => {
  test.each([
    ['Alert', 'alert'],
    ['update', 'update'],
    ['CANCEL', 'cancel'],
    ['Ack', 'ack'],
    ['Error', 'error'],
  ])('[I3] msgType %s', (said, msgType) => expect(made({ msgType: said }).data.msgType).toBe(msgType))

  test.each([
    ['Actual', 'actual'],
    ['Exercise', 'exercise'],
    ['Test', 'test'],
  ])('[X1] status %s', (said, status) => expect(made({ status: said }).status).toBe(status))

  test.each(['System', 'Draft'])('[I3] status %s is nobody’s warning', (status) => {
    expect(read(capXml({ id: 'w', status }))).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
  })

  test.each([
    ['Extreme', '台风', 'red'],
    ['Severe', 'Storm', 'orange'],
    ['Moderate', 'Storm', 'yellow'],
    ['Minor', 'Storm', 'blue'],
    ['Unknown', 'Storm', 'unknown'],
    ['Red', '大风蓝色预警', 'red'],
    ['黄色', '', 'yellow'],
    ['Severe', '市气象台发布高温红色预警', 'red'],
    ['Unknown', '将暴雨黄色预警升级为暴雨橙色预警', 'orange'],
    ['constructor', '', 'unknown'],
  ])('[I3] severity %s under "%s" is %s', (severity, headline, colour) => expect(colourOf(severity, headline)).toBe(colour))

  test.each([
    ['河南省气象局发布大风蓝色预警[IV级/一般]', '大风'],
    ['临桂区气象台更新大风蓝色预警信号', '大风'],
    ['市气象台将暴雨黄色预警升级为暴雨橙色预警', '暴雨'],
    ['市气象台解除雷雨大风黄色预警信号', '雷雨大风'],
    ['区森防办发布森林火险预警', '森林火险'],
    ['SEVERE THUNDERSTORM WARNING', undefined],
    ['关于做好防汛工作的通知', undefined],
  ])('[I3] the danger in %s', (headline, name) => expect(dangerOf(headline)).toBe(name))

  test.each([
    ['a@b.org,id-1,2026-03-01T08:00:00+08:00', ['id-1']],
    ['a@b.org,id-1,2026-03-01T08:00:00+08:00 a@b.org,id-2,2026-03-01T09:00:00+08:00', ['id-1', 'id-2']],
    ['41000041600000_20200204121842', ['41000041600000_20200204121842']],
    ['one,two', ['one', 'two']],
    ['one two  one', ['one', 'two']],
    ['', []],
  ])('[I3] references %s', (text, ids) => expect(referencesOf(text)).toEqual(ids))

  test('[I3] of several languages the Chinese one is taken, of several degrees the worst, and all areas', () => {
    const info = (language: string, severity: string, headline: string, area: string, expires: string) =>
      `<info><language>${language}</language><event>e</event><severity>${severity}</severity><expires>${expires}</expires><headline>${headline}</headline><area><areaDesc>${area}</areaDesc></area></info>`
    const infos = [
      info('en-US', 'Extreme', 'Storm', 'Town', '2026-03-02T20:00:00+08:00'),
      info('zh-CN', 'Minor', '小雨', '东区', '2026-03-02T21:00:00+08:00'),
      info('zh-CN', 'Severe', '大雨', '西区', '2026-03-02T18:00:00+08:00'),
    ].join('')
    const { data } = made({ infos })
    expect(data).toMatchObject({
      headline: '大雨',
      colour: 'orange',
      areas: ['东区', '西区'],
      expires: Date.parse('2026-03-02T21:00:00+08:00'),
    })
  })

  test('[I3] an end before its beginning is a slip of the sender', () => {
    expect(made({ expires: NOW - 60_000 }).data.expires).toBeUndefined()
    expect(made({ expires: NOW + 60_000 }).data.expires).toBe(NOW + 60_000)
  })

  test('[I4] without a time it counts from its receipt; a time without zone is read in that of the feed', () => {
    expect(only(capXml({ id: 'w' }).replace(/<sent>.*<\/sent>/, ''))).toMatchObject({ time: NOW, timeAssumed: true })
    const zoneless = capXml({ id: 'w' }).replace(/<sent>.*<\/sent>/, '<sent>2026-03-02 10:00:00</sent>')
    expect(only(zoneless, { zone: 540 })).toMatchObject({ time: NOW - 3_600_000, offset: null })
  })

  test('[I2] the same message again has the same id; an update under the old identifier has another', () => {
    expect(made().id).toBe(made().id)
    expect(made({ msgType: 'Update', sent: NOW + 1000 }).id).not.toBe(made().id)
  })

  test('[I3] several in one body, however they are packed', () => {
    const body = `<EDXLDistribution><contentObject><xmlContent><embeddedXMLContent>${['a', 'b'].map((id) => capXml({ id }).replace(/<\?.*?\?>/, '')).join('')}</embeddedXMLContent></xmlContent></contentObject></EDXLDistribution>`
    expect(read(body).drafts.map(({ id }) => id.split('/')[0])).toEqual(['a', 'b'])
  })
})

describe('areas', () => {
  test.each([
    [[], ['410102000000'], true],
    [['410000000000'], ['410102000000'], true],
    [['410102001002'], ['410102000000'], true],
    [['410103000000'], ['410102000000'], false],
    [['420000000000'], ['410102'], false],
    [['410100'], ['410102001002'], true],
    [['006109'], ['410102000000'], false],
  ])('[I3] %j concerns %j: %s', (codes, wanted, fits) => expect(concerns(codes, wanted)).toBe(fits))

  test('[I3] a feed set to an area marks what is for elsewhere; by default nothing is', () => {
    const far = { areas: '420000000000' }
    expect(made(far).data.elsewhere).toBeUndefined()
    expect(made(far, { map: { codes: ['410102000000'] } }).data.elsewhere).toBe(true)
    expect(made({ areas: '410000000000' }, { map: { codes: ['410102000000'] } }).data.elsewhere).toBeUndefined()
  })
})

describe('what is no warning', () => {
  test.each([
    ['no XML', 'hello', '0'],
    ['another document', '<note><to>x</to></note>', '/'],
    ['no identifier', capXml({ id: '' }), '/alert/identifier'],
    ['an unknown msgType', capXml({ id: 'w', msgType: 'Fire' }), '/alert/msgType'],
    ['an unknown status', capXml({ id: 'w', status: 'Real' }), '/alert/status'],
    ['an alert that says nothing', capXml({ id: 'w', infos: '<info/>' }), '/alert/info'],
  ])('[I3] %s is set aside with its place', (_what, xml, where) => {
    expect(refusal(xml)).toMatchObject({ reason: 'not-understood', where })
  })

  test('[I3] a cancel needs no words', () => {
    expect(made({ msgType: 'Cancel', references: 'w0', infos: '' }).data).toMatchObject({ msgType: 'cancel', references: ['w0'] })
  })

  test('[I3] strict: a missing time is not mended', () => {
    const xml = capXml({ id: 'w' }).replace(/<sent>.*<\/sent>/, '')
    expect(refusal(xml, { strict: true })).toMatchObject({ where: '/alert/sent' })
  })
})
