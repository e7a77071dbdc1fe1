import type { Arrival, SourceContext } from '../../../shared/arrival.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import { eventOf, localMinute } from './camera-rules.ts'

export interface Setting {
  arrival: Arrival
  context: SourceContext
  feed: string
}
export type Fields = Record<string, unknown>

/** A message that is none of Frigate's. `part`: what of it may be kept. */
export class NotFrigate extends Error {
  readonly camera: string | undefined
  readonly part: string | undefined
  constructor(message: string, { camera, part }: { camera?: string; part?: string } = {}) {
    super(message)
    this.camera = camera
    this.part = part
  }
}

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

export function parse(text: string, { arrival }: Setting): Fields {
  try {
    const value = JSON.parse(text) as unknown
    if (isFields(value)) return value
  } catch {
    // told below
  }
  throw new NotFrigate(`the payload of ${arrival.topic} is not a JSON object`)
}

const PHASES = ['new', 'update', 'end'] as const
export interface Change {
  phase: (typeof PHASES)[number]
  after: Fields
  id: string
  camera: string
  /** the message as it may be kept: without names and what a language model wrote */
  part: string
}

export function changeOf(message: Fields): Change {
  const { type, after } = message
  if (!PHASES.includes(type as never)) throw new NotFrigate(`type ${JSON.stringify(type)?.slice(0, 40)} is none of new, update, end`)
  if (!isFields(after)) throw new NotFrigate('the message has no "after"')
  const { id, camera } = after
  if (typeof id !== 'string' || id === '' || typeof camera !== 'string' || camera === '')
    throw new NotFrigate('"after" has no id or no camera')
  const part = JSON.stringify({ type, after }, withoutPeople)
  return { phase: type as Change['phase'], after, id: id.slice(0, 200), camera, part }
}

/** A sub-label is who was recognised, a plate is whose car it is, and a description tells of both. */
const OF_PEOPLE = new Set(['sub_label', 'sub_labels', 'recognized_license_plate', 'metadata', 'description', 'attributes', 'thumbnail'])
const withoutPeople = (key: string, value: unknown) => (OF_PEOPLE.has(key) ? undefined : value)

export function eventsOf(
  camera: string,
  labels: readonly string[],
  zones: string[],
  times: number[],
  { context, feed }: Setting,
): string[] {
  const rules = context.device(feed, camera)?.rules ?? []
  const moments = times.length > 0 ? times : [context.now]
  const fits = moments.flatMap((ms) => labels.map((label) => eventOf(rules, label, zones, localMinute(ms, context.utcOffset))))
  return [...new Set(fits.filter((event) => event !== undefined))]
}

function common({ arrival, context, feed }: Setting, camera: string, time: number | undefined) {
  return {
    feed,
    address: camera,
    time: time ?? context.now,
    offset: time === undefined ? null : 0,
    status: 'actual' as const,
    ...(time === undefined && { timeAssumed: true }),
    ...(arrival.retained && { replay: true }),
  }
}
type CameraData = Extract<SignalDraft, { type: 'linwang.camera' }>['data']
export function seen(
  setting: Setting,
  said: { camera: string; id: string; time: number | undefined; repeat?: boolean },
  data: CameraData & { severity?: string },
): SignalDraft {
  const { camera, id, time, repeat } = said
  return { ...common(setting, camera, time), id, type: 'linwang.camera', data, ...(repeat && { repeat: true }) }
}
export function heartbeat(setting: Setting, camera: string, id: string, data: { online: boolean }, time?: number): SignalDraft {
  return { ...common(setting, camera, time), id: id.slice(0, 512), type: 'linwang.heartbeat', data }
}

export const textList = (value: unknown) => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [])
/** Unix time with fractions → ms */
export const seconds = (value: unknown) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 8.64e12 ? Math.round(value * 1000) : undefined
export const fraction = (value: unknown) => (typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined)
