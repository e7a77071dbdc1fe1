import { describe, expect, test } from 'vitest'
import { sourceOfTopic } from '../../server/feeds/topics.ts'
import type { CameraRule } from '../../shared/device.ts'
import { analysed } from '../support/analysed.ts'
import { feedDevice, mqttArrival, testIntake } from '../support/intake.ts'
import { fixture, sample, sampleThere } from '../support/samples.ts'
import { contextOf, decode, told } from '../support/sources.ts'
import { testWorld } from '../support/world.ts'

type Change = { type: string; before: Record<string, unknown>; after: Record<string, unknown> }
const doc = () => JSON.parse(fixture('frigate/accepted/events-update-doc.json')) as Change
const at = (clock: string) => Date.parse(`2026-03-02T${clock}:00+08:00`) / 1000

/** The documented event, moved to a local time of day, with fields of `after` replaced. */
function change(type: string, clock: string, after: Record<string, unknown> = {}): Change {
  const event = doc()
  const now = at(clock)
  const end = type === 'end' ? { end_time: now } : {}
  return { ...event, type, after: { ...event.after, start_time: now - 7, frame_time: now, ...end, ...after } }
}

const NIGHT: CameraRule[] = [{ label: 'person', zone: 'yard', from: '22:00', to: '06:00', event: 'intrusion' }]
const ALWAYS: CameraRule[] = [
  { label: 'car', zone: 'fire_lane', event: 'fire-lane-blocked' },
  { label: 'person', event: 'loitering' },
]
const events = (message: unknown, rules: CameraRule[]) => decode(mqttArrival('frigate/events', message), contextOf('camera', rules)).drafts
const seen = (message: unknown, rules: CameraRule[]) => events(message, rules).map(({ data }) => data)

describe('events', () => {
  test('[I3] the documented update as it stands', () => {
    const [draft, ...rest] = events(doc(), [{ label: 'person', zone: 'yard', event: 'intrusion' }])
    expect(rest).toEqual([])
    expect(draft).toMatchObject({
      type: 'linwang.camera',
      feed: 'frigate',
      address: 'front_door',
      id: '1607123955.475377-mxklsc/intrusion/start',
      time: 1_607_123_962_083,
      data: { event: 'intrusion', label: 'person', confidence: 0.958984375, active: true },
    })
  })

  test('[A4] new, updates and end are told once when it begins and once when it ends', () => {
    const phases = [change('new', '23:00'), change('update', '23:01'), change('update', '23:02'), change('end', '23:03')]
    const drafts = phases.flatMap((phase) => events(phase, NIGHT))
    expect(new Set(drafts.map(({ id }) => id)).size).toBe(2)
    expect(drafts.map(({ data }) => (data as { active: boolean }).active)).toEqual([true, true, true, false])
  })

  test('[A4] the zone entered on an update makes the event then', () => {
    expect(seen(change('new', '23:00', { entered_zones: [], current_zones: [] }), NIGHT)).toMatchObject([
      { event: 'other', label: 'person' },
    ])
    expect(seen(change('update', '23:01'), NIGHT)).toMatchObject([{ event: 'intrusion', active: true }])
  })

  test('[A4] an end after the hours of the rule still clears what began within them', () => {
    expect(seen(change('end', '06:02', { start_time: at('05:58') }), NIGHT)).toMatchObject([{ event: 'intrusion', active: false }])
  })

  test.each([
    ['by night', '23:00', 'intrusion'],
    ['at midnight', '00:00', 'intrusion'],
    ['just before the end', '05:59', 'intrusion'],
    ['at the end of the hours', '06:00', 'other'],
    ['by day', '12:00', 'other'],
    ['at their beginning', '22:00', 'intrusion'],
  ])('[I3] the hours of a rule, %s', (_when, clock, event) => {
    expect(seen(change('new', clock, { start_time: at(clock) }), NIGHT)).toMatchObject([{ event }])
  })

  test('[I3] the first rule that fits wins, zone and label count', () => {
    const car = { label: 'car', entered_zones: ['fire_lane'] }
    expect(seen(change('new', '12:00', car), ALWAYS)).toMatchObject([{ event: 'fire-lane-blocked', label: 'car' }])
    expect(seen(change('new', '12:00', { ...car, entered_zones: ['street'], current_zones: [] }), ALWAYS)).toMatchObject([
      { event: 'other' },
    ])
    expect(seen(change('new', '12:00'), ALWAYS)).toMatchObject([{ event: 'loitering' }])
  })

  test('[S2] a sub-label may be a name and is not kept', () => {
    expect(JSON.stringify(events(change('new', '23:00', { sub_label: ['Bob', 0.9] }), NIGHT))).not.toContain('Bob')
  })

  test('[I3] a false positive says nothing', () => {
    expect(
      decode(mqttArrival('frigate/events', change('update', '23:00', { false_positive: true })), contextOf('camera', NIGHT)),
    ).toMatchObject({ drafts: [], ignored: 1 })
  })

  test.each([
    ['no type', { type: undefined }],
    ['an unknown type', { type: 'start' }],
    ['no after', { after: null }],
    ['no camera', { after: { id: 'a', label: 'person' } }],
    ['no label', { after: { id: 'a', camera: 'c' } }],
  ])('[I3] %s is quarantined', (_what, more) => {
    const decoded = decode(mqttArrival('frigate/events', { ...doc(), ...more }), contextOf('camera'))
    expect(decoded.rejects).toMatchObject([{ reason: 'not-understood', feed: 'frigate' }])
  })

  test('[I4] an event without times is of its receipt', () => {
    const [draft] = events(change('new', '23:00', { start_time: null, frame_time: null }), ALWAYS)
    expect(draft).toMatchObject({ timeAssumed: true, offset: null })
  })
})

const REVIEWS = [
  'reviews-end-0.14-real.json',
  'reviews-update-detection-to-alert-doc.json',
  'reviews-new-real.json',
  'reviews-new-0.16plus.json',
]
describe.skipIf(!sampleThere(`frigate/${REVIEWS[0]}`))('reviews of real systems', () => {
  const review = (file: string, rules: CameraRule[]) =>
    decode(mqttArrival('frigate/reviews', sample(`frigate/${file}`)), contextOf('camera', rules)).drafts

  test('[I3] the end of a review of 0.14 ends its event', () => {
    const rules = [{ label: 'person', zone: 'front_yard', event: 'intrusion' }]
    expect(review('reviews-end-0.14-real.json', rules)).toMatchObject([
      {
        address: 'Doorbell',
        id: 'review/1731024645.346571-601ud4/intrusion/end',
        time: 1_731_024_659_166,
        data: { event: 'intrusion', label: 'person', severity: 'alert', active: false },
      },
    ])
  })

  test('[A4] severity that rose to an alert, and the same review when no rule of the camera fits', () => {
    const file = 'reviews-update-detection-to-alert-doc.json'
    expect(review(file, [{ label: 'car', zone: 'front_yard', event: 'illegal-parking' }])).toMatchObject([
      {
        id: 'review/1718987129.308396-fqk5ka/illegal-parking/start',
        repeat: true,
        data: { event: 'illegal-parking', label: 'car', active: true },
      },
    ])
    expect(review(file, [])).toMatchObject([{ data: { event: 'other', severity: 'alert' } }])
    expect(JSON.stringify(review(file, ALWAYS))).not.toContain('Bob')
  })

  test.each(REVIEWS.filter((file) => sampleThere(`frigate/${file}`)))('[I3] %s is understood', (file) => {
    const decoded = decode(mqttArrival('frigate/reviews', sample(`frigate/${file}`)), contextOf('camera', ALWAYS))
    expect(decoded.rejects).toEqual([])
    expect(decoded.drafts.length + (decoded.ignored ?? 0)).toBeGreaterThan(0)
  })
})

describe('reviews', () => {
  const RULES: CameraRule[] = [{ label: 'person', zone: 'fence', event: 'intrusion' }]
  const review = (type: string, severity: string, data: Record<string, unknown> = {}, after: Record<string, unknown> = {}) => ({
    type,
    before: { id: 'r1', camera: 'cam-001', severity: 'detection' },
    after: {
      id: 'r1',
      camera: 'cam-001',
      start_time: at('23:00'),
      end_time: type === 'end' ? at('23:02') : null,
      severity,
      data: { detections: ['o1'], objects: ['person'], sub_labels: [], zones: ['fence'], audio: [], ...data },
      ...after,
    },
  })
  const told = (message: unknown) => decode(mqttArrival('frigate/reviews', message), contextOf('camera', RULES))

  test('[A4] a detection is a note, an alert is the event, and the end ends it', () => {
    const phases = [
      review('new', 'detection'),
      review('update', 'detection', { objects: ['person', 'dog'] }),
      review('update', 'alert'),
      review('end', 'alert'),
    ]
    const drafts = phases.flatMap((phase) => told(phase).drafts)
    expect(drafts.map(({ id, data }) => [id, (data as { event: string }).event, (data as { active: boolean }).active])).toEqual([
      ['review/r1/other-detection/start', 'other', true],
      ['review/r1/other-detection/start', 'other', true],
      ['review/r1/intrusion/start', 'intrusion', true],
      ['review/r1/intrusion/end', 'intrusion', false],
    ])
  })

  test('[A4] nothing is raised while it is a detection, one alert when it rises, and it is over with its end', () => {
    const t = testIntake({ devices: [feedDevice('cam-001', 'camera', 'frigate', { rules: RULES })] })
    const world = testWorld({ devices: [feedDevice('cam-001', 'camera', 'frigate', { rules: RULES })] })
    const a = analysed(world)
    const say = (message: unknown, topic = 'frigate/reviews') => a.play(t.take(mqttArrival(topic, message)).signals)
    t.now = at('23:01') * 1000
    say(review('new', 'detection'))
    expect(a.open()).toEqual([])
    say(review('update', 'alert'))
    say(review('update', 'alert', { objects: ['person', 'person-verified'] }))
    expect(a.open()).toMatchObject([{ kind: 'camera.intrusion', count: 1, active: true }])
    t.now = at('23:03') * 1000
    say(review('end', 'alert'))
    expect(a.open()).toMatchObject([{ state: 'returned-unacknowledged', count: 1, active: false }])
    t.close()
  })

  test('[A4] an object that was told before its review is one alert, counted once', () => {
    const t = testIntake({ devices: [feedDevice('cam-001', 'camera', 'frigate', { rules: RULES })] })
    const a = analysed(testWorld({ devices: [feedDevice('cam-001', 'camera', 'frigate', { rules: RULES })] }))
    t.now = at('23:01') * 1000
    const object = change('update', '23:00', { camera: 'cam-001', entered_zones: ['fence'] })
    a.play(t.take(mqttArrival('frigate/events', object)).signals)
    a.play(t.take(mqttArrival('frigate/reviews', review('update', 'alert'))).signals)
    expect(a.open()).toMatchObject([{ kind: 'camera.intrusion', count: 1 }])
    t.close()
  })

  test('[S2] names, plates and what a language model wrote are kept neither as a signal nor in quarantine', () => {
    const people = { sub_labels: ['Bob'], verified_objects: ['person'], metadata: { title: 'Bob comes home' }, thumb_time: 1 }
    const decoded = told(review('update', 'alert', people, { thumb_path: '/media/thumb.webp' }))
    expect(JSON.stringify(decoded)).not.toContain('Bob')
    expect(decoded.part!(decoded.drafts[0]!)).not.toContain('Bob')
    expect(
      told({ ...review('update', 'alert', people), after: { ...review('new', 'alert', people).after, camera: '' } }).rejects,
    ).toHaveLength(1)
    expect(told({ type: 'genai', before: {}, after: { data: { metadata: { scene: 'Bob comes home' } } } })).toMatchObject({
      drafts: [],
      rejects: [],
      ignored: 1,
    })
  })

  test('[I3] a review that is kept aside can be read again', () => {
    const decoded = told(review('update', 'alert'))
    expect(told(decoded.part!(decoded.drafts[0]!)).drafts).toEqual(decoded.drafts)
  })
})

test('[A4] an object seen in doubt first is told again when there is no doubt, as the same matter', () => {
  const scores = [0.55, 0.58, 0.72, 0.91, 0.97]
  const drafts = scores.flatMap((top_score, n) => events(change(n === 0 ? 'new' : 'update', '23:00', { top_score }), NIGHT))
  expect([...new Set(drafts.map(({ id }) => id.split('/').at(-1)))]).toEqual(['start-0.5', 'start-0.7', 'start'])
  expect(drafts.map(({ repeat }) => repeat ?? false)).toEqual([false, true, true, true, true])
})

describe('the server', () => {
  const cameras = ['cam-001', 'cam-002'].map((id) => feedDevice(id, 'camera', 'frigate'))
  const context = { ...contextOf('camera'), devices: (feed: string) => cameras.filter((camera) => camera.feed === feed) }

  test('[P4] when it goes, none of its cameras is heard', () => {
    const decoded = decode(mqttArrival('frigate/available', 'offline', { ref: 'a' }), context)
    expect(decoded.links).toMatchObject([{ feed: 'frigate', state: 'down' }])
    expect(decoded.drafts.map(({ address, data }) => [address, data])).toEqual([
      ['cam-001', { online: false }],
      ['cam-002', { online: false }],
    ])
  })
  test('[P4] when it is back, its cameras speak for themselves', () => {
    expect(decode(mqttArrival('frigate/available', 'online'), context)).toMatchObject({
      drafts: [],
      rejects: [],
      links: [{ feed: 'frigate', state: 'up' }],
    })
  })
  test('[A2] retained from an earlier life it replays', () => {
    const decoded = decode(mqttArrival('frigate/available', 'offline', { retained: true }), context)
    expect(decoded.drafts.map(({ replay }) => replay)).toEqual([true, true])
  })
  test('[I3] anything else of it lies in quarantine', () => {
    expect(decode(mqttArrival('frigate/available', 'hm'), context).rejects).toMatchObject([{ reason: 'not-understood', feed: 'frigate' }])
  })
  test('[I2] a second one speaks for its own feed', () => {
    const [draft] = decode(mqttArrival('frigate-yard/events', doc(), { source: 'frigate' }), contextOf('camera')).drafts
    expect(draft).toMatchObject({ feed: 'yard', address: 'front_door' })
  })
})

describe('heartbeats', () => {
  test('[P4] statistics say which cameras have pictures', () => {
    const stats = {
      cameras: { 'cam-001': { camera_fps: 5.1 }, 'cam-002': { camera_fps: 0 }, 'cam-003': null },
      service: { last_updated: 1_772_416_800 },
    }
    const { drafts } = decode(mqttArrival('frigate/stats', stats), contextOf('camera'))
    expect(drafts.map(({ address, data, time }) => [address, data, time])).toEqual([
      ['cam-001', { online: true }, 1_772_416_800_000],
      ['cam-002', { online: false }, 1_772_416_800_000],
      ['cam-003', { online: false }, 1_772_416_800_000],
    ])
    expect(new Set(drafts.map(({ id }) => id)).size).toBe(3)
  })

  test('[P4] the status of one camera', () => {
    expect(told('frigate/cam-001/status/detect', 'offline', contextOf('camera'))).toEqual([['linwang.heartbeat', { online: false }]])
    expect(told('frigate/cam-001/status/detect', 'disabled', contextOf('camera'))).toEqual([
      ['linwang.heartbeat', { online: false, disabled: true }],
    ])
  })
})

test('[I3] pictures and counts never reach the engine', () => {
  for (const topic of [
    'frigate/front_yard/person',
    'frigate/front_yard/person/snapshot',
    'frigate/cam-001/motion',
    'frigate/cam-001/detect/state',
  ])
    expect(sourceOfTopic(topic)).toBeUndefined()
  for (const topic of ['frigate/events', 'frigate/reviews', 'frigate/stats', 'frigate/available'])
    expect(sourceOfTopic(topic)).toBe('frigate')
})

test('[I3] a picture on a topic that is read does no harm', () => {
  const jpeg = { ...mqttArrival('frigate/events', ''), bytes: new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]) }
  expect(decode(jpeg, contextOf('camera')).rejects).toMatchObject([{ reason: 'not-understood' }])
})
