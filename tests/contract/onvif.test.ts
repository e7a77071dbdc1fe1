import { globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onvifHttp } from '../../server/feeds/sources/onvif.ts'
import { NOW } from '../support/intake.ts'
import { fixture, sample, sampleThere } from '../support/samples.ts'
import { type Ground, read, uploaded } from '../support/vendor.ts'

const pulled = (body: string, ground: Ground = {}) => read('onvif', body, ground)
const pushed = (body: string, ground: Ground = {}) => read('onvif', body, ground, uploaded)
const only = (body: string, ground: Ground = {}) => {
  const { drafts, rejects } = pulled(body, ground)
  expect(rejects).toEqual([])
  expect(drafts).toHaveLength(1)
  return drafts[0]!
}

interface Told {
  source?: Record<string, string>
  data?: Record<string, string>
  operation?: string
  at?: string
  producer?: string
}
const items = (name: string, from: Record<string, string> = {}) =>
  `<tt:${name}>${Object.entries(from)
    .map(([key, value]) => `<tt:SimpleItem Name="${key}" Value="${value}"/>`)
    .join('')}</tt:${name}>`
const notification = (topic: string, { source, data, operation, at = new Date(NOW).toISOString(), producer }: Told = {}) =>
  `<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">${topic}</wsnt:Topic>` +
  `${producer ? `<wsnt:ProducerReference><wsa5:Address>${producer}</wsa5:Address></wsnt:ProducerReference>` : ''}<wsnt:Message>` +
  `<tt:Message UtcTime="${at}"${operation ? ` PropertyOperation="${operation}"` : ''}>${items('Source', source)}${items('Data', data)}</tt:Message>` +
  '</wsnt:Message></wsnt:NotificationMessage>'
const answer = (inside: string, clock = new Date(NOW).toISOString()) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><tev:PullMessagesResponse><tev:CurrentTime>${clock}</tev:CurrentTime>${inside}</tev:PullMessagesResponse></s:Body></s:Envelope>`

const MOTION = 'tns1:RuleEngine/CellMotionDetector/Motion'
const motion = (value: string, more: Told = {}) =>
  notification(MOTION, { source: { VideoSourceConfigurationToken: '000' }, data: { IsMotion: value }, operation: 'Changed', ...more })

describe('properties', () => {
  test('[A4] Changed begins and ends one matter', () => {
    expect(only(motion('true'))).toMatchObject({ type: 'linwang.camera', time: NOW, offset: 0, data: { event: 'other', active: true } })
    expect(only(motion('false'))).toMatchObject({ data: { label: 'RuleEngine/CellMotionDetector/Motion', active: false } })
  })

  test('[A4] Initialized is a replay of a state, on or off', () => {
    for (const value of ['true', 'false'])
      expect(only(motion(value, { operation: 'Initialized' }))).toMatchObject({ replay: true, data: { active: value === 'true' } })
    expect(only(motion('true'))).not.toHaveProperty('replay')
  })

  test('[A4] Deleted ends what was on', () => {
    expect(only(motion('true', { operation: 'Deleted' })).data).toMatchObject({ active: false })
  })

  test('[A4] a message without a state is a moment', () => {
    const draft = only(notification('tns1:RuleEngine/LineDetector/Crossed', { source: { Rule: 'Line1' }, data: { ObjectId: '1' } }))
    expect(draft.data).toMatchObject({ event: 'intrusion', rule: 'Line1' })
    expect(draft.data).not.toHaveProperty('active')
  })

  test('[I3] an empty message says that there is no motion', () => {
    const empty = `<wsnt:NotificationMessage><wsnt:Topic>${MOTION}</wsnt:Topic><wsnt:Message/></wsnt:NotificationMessage>`
    expect(only(answer(empty))).toMatchObject({ timeAssumed: true, time: NOW, data: { event: 'other', active: false } })
  })

  test.each([
    ['1', true],
    ['0', false],
    ['true', true],
    ['active', true],
    ['OFF', false],
    ['17', undefined],
  ])('[I3] the state %s', (value, active) => {
    expect((only(notification(MOTION, { data: { State: value } })).data as { active?: boolean }).active).toBe(active)
  })
})

describe('topics', () => {
  test.each([
    ['tns1:VideoSource/MotionAlarm', 'other'],
    ['tns1:VideoSource/GlobalSceneChange/AnalyticsService', 'tamper'],
    ['tns1:VideoSource/ImageTooDark/ImagingService', 'tamper'],
    ['tns1:VideoSource/SignalLoss', 'video-loss'],
    ['tns1:RuleEngine/FieldDetector/ObjectsInside', 'intrusion'],
    ['tns1:RuleEngine/TamperDetector/Tamper', 'tamper'],
    ['tns1:RuleEngine/LoiteringDetector/ObjectIsLoitering', 'loitering'],
    ['tns1:RuleEngine/CellMotionDetector/LineCross', 'intrusion'],
    ['tnsaxis:CameraApplicationPlatform/FenceGuard/Camera1Profile1', 'intrusion'],
    ['tnsaxis:CameraApplicationPlatform/LoiteringGuard/Camera1ProfileANY', 'loitering'],
    ['tnsaxis:CameraApplicationPlatform/VMD/Camera1Profile1', 'other'],
    ['tns1:VideoSource/tnsaxis:Tampering', 'tamper'],
    ['tns1:SomeVendor/NewThing', 'other'],
  ])('[I3] %s means %s, and the topic is kept', (topic, event) => {
    const label = topic.replaceAll(/\w+:/g, '')
    expect(only(notification(topic, { data: { State: 'true' }, operation: 'Changed' })).data).toMatchObject({ event, label, active: true })
  })

  test.each([
    ['tns1:RuleEngine/PeopleDetector/People', 'IsPeople', 'other', 'person'],
    ['tns1:RuleEngine/TPSmartEventDetector/TPSmartEvent', 'IsVehicle', 'other', 'vehicle'],
    ['tns1:RuleEngine/TPSmartEventDetector/TPSmartEvent', 'IsIntrusion', 'intrusion', undefined],
    ['tns1:RuleEngine/CellMotionDetector/TpSmartEvent', 'IsLineCross', 'intrusion', undefined],
  ])('[I3] %s with %s is %s', (topic, item, event, object) => {
    const { data } = only(notification(topic, { data: { [item]: 'true' }, operation: 'Changed' }))
    expect(data).toMatchObject({ event, active: true, ...(object && { object }) })
  })

  test.each(['tns1:PTZController/tnsaxis:Move/Channel_1', 'tns1:Device/Trigger/Relay', 'tns1:Monitoring/ProcessorUsage'])(
    '[I3] %s is counted',
    (topic) => {
      expect(pulled(notification(topic, { data: { State: '1' } }))).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
    },
  )

  test('[I3] a disk that fails is told with the heartbeat', () => {
    const alert = notification('tnsaxis:Storage/Alert', {
      source: { disk_id: 'SD' },
      data: { overall_health: '-3', alert: '1' },
      operation: 'Changed',
    })
    expect(only(alert)).toMatchObject({ type: 'linwang.heartbeat', data: { online: true, fault: 'storage' } })
  })

  test('[I3] an input is what the register says hangs on it', () => {
    const input = (value: string) =>
      notification('tns1:Device/Trigger/DigitalInput', { source: { InputToken: '2' }, data: { LogicalState: value }, operation: 'Changed' })
    expect(only(input('true'), { known: { 'in-2': 'smoke' } })).toMatchObject({
      address: 'in-2',
      type: 'linwang.hazard',
      data: { hazard: 'smoke', active: true },
    })
    expect(only(input('false'), { known: { 'in-2': 'door-contact' } })).toMatchObject({ type: 'linwang.contact', data: { open: false } })
    expect(only(input('true'))).toMatchObject({ address: 'in-2', type: 'linwang.camera', data: { event: 'other', active: true } })
  })

  test.each([
    ['tns1:AccessControl/Duress', { CredentialToken: 'c' }, 'duress', true],
    ['tns1:Door/State/DoorAlarm', { State: 'DoorForcedOpen' }, 'intrusion', true],
    ['tns1:Door/State/DoorAlarm', { State: 'Normal' }, 'intrusion', false],
  ])('[I3] %s with %j is %s: %s', (topic, data, hazard, active) => {
    expect(only(notification(topic, { data }))).toMatchObject({ type: 'linwang.hazard', data: { hazard, active } })
  })

  test('[S2] of who passed a door nothing is kept', () => {
    const granted = notification('tns1:AccessControl/AccessGranted/Credential', {
      source: { AccessPointToken: 'gate' },
      data: { CredentialToken: 'c-17', CredentialHolderName: '赵六' },
    })
    const draft = only(granted)
    expect(draft).toMatchObject({ type: 'linwang.passage', data: { granted: true, direction: 'unknown' } })
    expect(JSON.stringify(draft)).not.toMatch(/c-17|赵六/)
  })
})

describe('addresses', () => {
  test('[I3] a device that we pull from is the feed; the channels of a recorder are their tokens', () => {
    expect(only(motion('true'))).toMatchObject({ address: 'yard', aliases: ['000', 'yard/000'] })
    const channel = motion('true', { source: { VideoSourceConfigurationToken: 'VideoSource_3' } })
    expect(only(channel)).toMatchObject({ address: 'VideoSource_3', aliases: ['yard/VideoSource_3'] })
  })

  test.each([
    ['http://192.168.56.127:5656/event', '192.168.56.127'],
    ['uri://755CC9BB-cf3a-410b-bd1b-0ec97c6d6256/ProducerReference', '755cc9bb-cf3a-410b-bd1b-0ec97c6d6256'],
    ['192.168.1.9/onvif/event/alarm', '192.168.1.9'],
    ['http://www.w3.org/2005/08/addressing/anonymous', '10.0.0.9'],
    [undefined, '10.0.0.9'],
  ])('[I3] who pushes from %s is %s', (producer, address) => {
    expect(pushed(motion('true', { ...(producer && { producer }) })).drafts).toMatchObject([{ address }])
  })

  test('[I3] its IP and the feed will do too', () => {
    expect(pushed(motion('true', { producer: 'http://192.168.56.127/event' })).drafts[0]!.aliases).toEqual(
      expect.arrayContaining(['10.0.0.9', '192.168.56.127/000', '000', 'yard']),
    )
  })
})

describe('clocks', () => {
  const at = (time: string, ground: Ground = {}, clock?: string) => only(answer(motion('true', { at: time }), clock), ground)

  test('[I4] microseconds are read', () => {
    expect(at('2026-03-02T02:00:00.922426Z')).toMatchObject({ time: NOW + 922, offset: 0 })
  })

  test.each(['1970-01-01T00:00:00Z', '2000-01-03T03:58:33Z', '0000-00-00T00:00:00Z', 'yesterday'])('[I4] %s was never set', (time) => {
    expect(at(time)).toMatchObject({ timeAssumed: true, data: { said: time, assumed: 'clock-unset' } })
  })

  test('[I4] a "UTC" that is local is mended, unless the feed is strict', () => {
    const local = '2026-03-02T10:00:00Z'
    expect(at(local)).toMatchObject({ time: NOW, offset: 480, data: { assumed: 'utc-is-local', said: local } })
    expect(at(local, { feed: { strict: true } })).toMatchObject({ time: Date.parse(local), offset: 0 })
  })

  test('[I4] by a clock that is years behind, what was a second ago is a second ago', () => {
    expect(at('2015-05-14T13:57:50Z', {}, '2015-05-14T13:57:51Z')).toMatchObject({
      time: NOW - 1000,
      timeAssumed: true,
      data: { assumed: 'clock-astray' },
    })
  })
})

describe('identity and what is broken', () => {
  test('[I2] the same message pulled again has the same id, another state of the same second has not', () => {
    const id = (value: string, now = NOW) => only(motion(value), { now }).id
    expect(id('true', NOW + 3000)).toBe(id('true'))
    expect(id('false')).not.toBe(id('true'))
  })

  test('[I2] without a clock the delivery tells them apart', () => {
    const one = (ref: string) => read('onvif', motion('true', { at: '1970-01-01T00:00:00Z' }), {}, { ref }).drafts[0]!.id
    expect(one('a/1')).toBe(one('a/1'))
    expect(one('a/1')).not.toBe(one('a/2'))
  })

  test('[A4] off, on and off again within a second of a clock of whole seconds are three signals, a state told again is one', () => {
    const id = (ref: string, operation: string, at: string) => read('onvif', motion('false', { operation, at }), {}, { ref }).drafts[0]!.id
    expect(id('a.1', 'Changed', '2026-03-02T02:00:00Z')).not.toBe(id('a.2', 'Changed', '2026-03-02T02:00:00Z'))
    expect(id('a.1', 'Changed', '2026-03-02T02:00:00.1Z')).toBe(id('a.2', 'Changed', '2026-03-02T02:00:00.1Z'))
    expect(id('a.1', 'Initialized', '2026-03-02T02:00:00Z')).toBe(id('a.2', 'Initialized', '2026-03-02T02:00:00Z'))
  })

  test('[I3] many notifications in one message, each to be looked at again by itself', () => {
    const decoded = pulled(answer(`${motion('true')}${notification('tns1:PTZController/Move')}${motion('false')}`))
    expect(decoded).toMatchObject({ drafts: [{ data: { active: true } }, { data: { active: false } }], ignored: 1 })
    expect(pulled(decoded.part!(decoded.drafts[1]!)).drafts.map(({ id }) => id)).toEqual([decoded.drafts[1]!.id])
  })

  test('[I3] a notification that breaks off is quarantined, the ones before it are told', () => {
    const whole = motion('true')
    const { drafts, rejects } = pulled(whole + motion('false').slice(0, 300))
    expect(drafts).toHaveLength(1)
    expect(rejects).toMatchObject([{ reason: 'not-understood', detail: 'a notification breaks off', where: `${whole.length + 300}` }])
  })

  test.each(['', '{}', '<html>login</html>', '<s:Envelope><s:Body><s:Fault>no</s:Fault></s:Body></s:Envelope>'])(
    '[I3] %j is not understood',
    (body) => {
      expect(pulled(body)).toMatchObject({ drafts: [], rejects: [{ reason: 'not-understood', where: '0' }] })
    },
  )

  test('[I3] the device gets an empty envelope once the message is stored, and a problem when it is not', () => {
    const receipt = { accepted: 1, duplicates: 0, quarantined: 0, ids: [] }
    expect(onvifHttp.reply!({ receipt })).toMatchObject({ status: 200, type: 'application/soap+xml; charset=utf-8' })
    expect(onvifHttp.reply!({ problem: { type: 'about:blank', title: 'Full', status: 503, detail: '' } })).toBeUndefined()
  })
})

describe('real cameras', () => {
  const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'feeds', 'onvif', 'accepted')
  const files = globSync('axis/*.xml', { cwd: folder }).sort()
  const IGNORED = /PTZ|DAYNIGHT|LIGHT|FIRST_MESSAGE/

  test('[I3] there are samples', () => expect(files.length).toBeGreaterThan(20))

  test.each(files)('[I3] %s', (file) => {
    const decoded = pulled(fixture(`onvif/accepted/${file}`))
    expect(decoded.rejects).toEqual([])
    if (IGNORED.test(file)) return expect(decoded).toMatchObject({ drafts: [], ignored: 1 })
    expect(decoded.drafts).toHaveLength(1)
    const draft = decoded.drafts[0]!
    expect(draft.replay === true).toBe(file.includes('INIT') || file.includes('GLOBAL'))
    expect(draft.timeAssumed).toBeUndefined()
    if (draft.type === 'linwang.camera') expect(draft.data.active).toBe(file.startsWith('axis/VMD4') && file.includes('CHANGE.'))
  })

  test('[I3] an Axis without a token in its message is the device itself, by UUID when it pushes', () => {
    expect(pushed(fixture('onvif/accepted/axis/VMD4_ANY_CHANGE.xml')).drafts).toMatchObject([
      { address: '94fbe18e-0af8-40d2-8539-67b6ea550c6e', aliases: ['10.0.0.9', 'yard'], time: 1_552_435_410_256 },
    ])
  })

  test('[I3] any port of an Axis is not port 0', () => {
    expect(only(fixture('onvif/accepted/axis/PORT_ANY_INIT.xml')).address).toBe('in-any')
    expect(only(fixture('onvif/accepted/axis/PORT_0_INIT.xml')).address).toBe('in-1')
  })

  test('[I3] an empty pull is counted', () => {
    expect(pulled(fixture('onvif/accepted/PullMessages-empty-clock-2000.xml'))).toMatchObject({ drafts: [], rejects: [], ignored: 1 })
  })

  test.skipIf(!sampleThere('onvif/reolink-Notify-initialized-1970.xml'))(
    '[I4] reolink: two states told again, one by a clock that stood still',
    () => {
      for (const file of ['onvif/reolink-Notify-initialized-1970.xml', 'onvif/reolink-Notify-initialized-1970.fragment.xml'])
        expect(pushed(sample(file))).toMatchObject({
          rejects: [],
          drafts: [
            { address: '10.0.0.9', time: Date.parse('2022-10-07T05:43:31Z'), replay: true, data: { active: false } },
            { address: '10.0.0.9', timeAssumed: true, replay: true, data: { object: 'person', active: false, assumed: 'clock-unset' } },
          ],
        })
    },
  )
})
