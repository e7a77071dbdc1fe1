import type { Arrival, Decoded, Reject, Source, SourceContext } from '../../../shared/arrival.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import { eventOf, localMinute } from './camera-rules.ts'
import { textOf } from './text.ts'

/**
 * Frigate 0.12 to 0.17: `frigate/events` and `frigate/reviews` (new, update and end share one id), `frigate/stats` and
 * `frigate/<camera>/status/detect` as heartbeats. Counts per zone, snapshots and switches are no signals.
 * https://docs.frigate.video/integrations/mqtt
 *
 * An object that a rule of its camera fits is an event of that camera, told once when it begins and once when it ends, however many updates
 * Frigate sends: they share the id. An object that no rule fits is `other`. A sub-label may be somebody's name and is never kept.
 */
export const frigate: Source = (arrival, context) => {
  const reader = readerOf(arrival.topic ?? '')
  if (!reader || arrival.bytes.length === 0) return IGNORED
  const feed = arrival.feed ?? FEED
  if (feed !== FEED) return rejected({ feed, reason: 'wrong-feed', detail: `the key of ${feed} does not speak on ${arrival.topic}` })
  const text = textOf(arrival.bytes)
  const message = text === undefined ? undefined : reader.plain ? text.trim() : parse(text)
  if (message === undefined) return rejected({ feed, reason: 'not-understood', detail: `the payload of ${arrival.topic} is not JSON` })
  try {
    const drafts = reader.read(message as never, { arrival, context })
    return drafts.length > 0 ? { drafts, rejects: [] } : IGNORED
  } catch (error) {
    if (!(error instanceof NotFrigate)) throw error
    return rejected({ feed, reason: 'not-understood', detail: error.message })
  }
}

const FEED = 'frigate'
const IGNORED: Decoded = { drafts: [], rejects: [], ignored: 1 }
const rejected = (reject: Reject): Decoded => ({ drafts: [], rejects: [reject] })
class NotFrigate extends Error {}

interface Setting {
  arrival: Arrival
  context: SourceContext
}
interface Reader {
  plain?: boolean
  read(message: never, setting: Setting): SignalDraft[]
}

function readerOf(topic: string): Reader | undefined {
  const path = topic.slice(topic.indexOf('/') + 1)
  if (path === 'events') return { read: readEvent }
  if (path === 'reviews') return { read: readReview }
  if (path === 'stats') return { read: readStats }
  const camera = /^([^/]+)\/status\/detect$/.exec(path)?.[1]
  return camera === undefined ? undefined : { plain: true, read: (text: string, setting) => readStatus(camera, text, setting) }
}

function parse(text: string): object | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const PHASES = ['new', 'update', 'end'] as const
interface Change {
  end: boolean
  after: Record<string, unknown>
  id: string
  camera: string
}

function changeOf(message: Record<string, unknown>): Change {
  const { type, after } = message
  if (!PHASES.includes(type as never)) throw new NotFrigate(`type ${JSON.stringify(type)?.slice(0, 40)} is none of new, update, end`)
  if (typeof after !== 'object' || after === null) throw new NotFrigate('the message has no "after"')
  const { id, camera } = after as Record<string, unknown>
  if (typeof id !== 'string' || id === '' || typeof camera !== 'string' || camera === '')
    throw new NotFrigate('"after" has no id or no camera')
  return { end: type === 'end', after: after as Record<string, unknown>, id: id.slice(0, 200), camera }
}

function readEvent(message: Record<string, unknown>, setting: Setting): SignalDraft[] {
  const { end, after, id, camera } = changeOf(message)
  if (after.false_positive === true) return []
  const label = textField(after, 'label')
  const zones = [...textList(after.entered_zones), ...textList(after.current_zones)]
  const started = seconds(after.start_time)
  const now = seconds(end ? after.end_time : after.frame_time) ?? seconds(after.frame_time)
  const confidence = fraction(after.top_score) ?? fraction(after.score)
  const times = [now, end ? started : undefined].filter((time) => time !== undefined)
  const events = eventsOf(camera, [label], zones, times, setting)
  const at = end ? now : (started ?? now)
  return (events.length > 0 ? events : ['other']).map((event) => {
    const first = event === 'other' || zones.length === 0 ? at : now
    return draft(setting, camera, `${id}/${event}`, end, end ? at : first, {
      event,
      label,
      ...(confidence !== undefined && { confidence }),
    })
  })
}

/** A review bundles objects: it speaks of its first detection, so that its event and that of `frigate/events` are one. */
function readReview(message: Record<string, unknown>, setting: Setting): SignalDraft[] {
  const { end, after, id, camera } = changeOf(message)
  const data = (after.data ?? {}) as Record<string, unknown>
  const labels = textList(data.objects).map((label) => label.replace(/-verified$/, ''))
  const started = seconds(after.start_time)
  const ended = seconds(after.end_time)
  const times = [end ? ended : started, end ? started : undefined].filter((time) => time !== undefined)
  const about = textList(data.detections)[0]?.slice(0, 200) ?? id
  const events = eventsOf(camera, labels, textList(data.zones), times, setting)
  return events.map((event) =>
    draft(setting, camera, `${about}/${event}`, end, end ? (ended ?? started) : started, { event, label: labels[0] ?? '' }),
  )
}

function eventsOf(camera: string, labels: readonly string[], zones: string[], times: number[], { context }: Setting): string[] {
  const rules = context.device(FEED, camera)?.rules ?? []
  const moments = times.length > 0 ? times : [context.now]
  const fits = moments.flatMap((ms) => labels.map((label) => eventOf(rules, label, zones, localMinute(ms, context.utcOffset))))
  return [...new Set(fits.filter((event) => event !== undefined))]
}

/** About once a minute; a camera without frames is not heard. */
function readStats(message: Record<string, unknown>, setting: Setting): SignalDraft[] {
  const cameras = message.cameras
  if (typeof cameras !== 'object' || cameras === null) throw new NotFrigate('the statistics have no cameras')
  const updated = seconds((message.service as Record<string, unknown> | undefined)?.last_updated)
  const mark = updated ?? setting.arrival.ref ?? setting.context.now
  return Object.entries(cameras as Record<string, { camera_fps?: unknown } | null>)
    .filter(([camera]) => setting.context.device(FEED, camera) !== undefined)
    .map(([camera, stats]) => heartbeat(setting, camera, `stats/${camera}/${mark}`, Number(stats?.camera_fps) > 0, updated))
}

function readStatus(camera: string, text: string, setting: Setting): SignalDraft[] {
  if (text !== 'online' && text !== 'offline') return []
  const mark = setting.arrival.ref ?? `${setting.context.now}/${text}`
  return [heartbeat(setting, camera, `status/${camera}/${mark}`, text === 'online', undefined)]
}

function common({ arrival, context }: Setting, camera: string, time: number | undefined) {
  return {
    feed: FEED,
    address: camera,
    time: time ?? context.now,
    offset: time === undefined ? null : 0,
    status: 'actual' as const,
    ...(time === undefined && { timeAssumed: true }),
    ...(arrival.retained && { replay: true }),
  }
}
type CameraData = Extract<SignalDraft, { type: 'linwang.camera' }>['data']
function draft(setting: Setting, camera: string, id: string, end: boolean, time: number | undefined, data: CameraData): SignalDraft {
  return { ...common(setting, camera, time), id: `${id}/${end ? 'end' : 'start'}`, type: 'linwang.camera', data: { ...data, active: !end } }
}
function heartbeat(setting: Setting, camera: string, id: string, online: boolean, time: number | undefined): SignalDraft {
  return { ...common(setting, camera, time), id, type: 'linwang.heartbeat', data: { online } }
}

function textField(from: Record<string, unknown>, name: string): string {
  const value = from[name]
  if (typeof value !== 'string') throw new NotFrigate(`"after" has no ${name}`)
  return value.slice(0, 100)
}
const textList = (value: unknown) => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [])
/** Unix time with fractions → ms */
const seconds = (value: unknown) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value * 1000) : undefined
const fraction = (value: unknown) => (typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined)
