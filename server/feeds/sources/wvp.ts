import type { Decoded } from '../../../shared/arrival.ts'
import { alarmDrafts, definedOnly, type GbAlarm } from './gb28181-alarm.ts'
import type { Setting } from './gb28181-setting.ts'
import { heartbeat } from './gb28181-status.ts'
import { type Fields, isFields, parseJson } from './json-text.ts'
import { numberOf } from './nbiot-reading.ts'

/**
 * What WVP-GB28181-pro hands on: a device alarm (its event stream, its REST list, one or many), the alarm message of its Redis channel `alarm`
 * ({gbId, alarmSn, alarmType, alarmDescription}, where alarmSn is the alarm method), and the words of its channel `device`,
 * "<device>[:<channel>] ON". https://github.com/648540858/wvp-GB28181-pro
 */
export function readForwarded(text: string, setting: Setting): Decoded {
  const status = STATUS.exec(text.trim())
  if (status) return readStatus(status[2] ?? status[1]!, status[3]!, setting)
  const source = text.trimStart().startsWith('{') || text.trimStart().startsWith('[') ? text : eventData(text)
  const read = parseJson(source)
  if (!('value' in read)) return reject(read.detail, read.where, setting, 'malformed')
  const alarms = listOf(read.value)
  const found = alarms.map((alarm, n) => alarmOf(alarm, alarms.length > 1 ? `/${n}` : ''))
  const rejects = found.flatMap((one) => ('detail' in one ? reject(one.detail, one.where, setting).rejects : []))
  return {
    ...alarmDrafts(
      found.flatMap((one) => ('detail' in one ? [] : [one])),
      setting,
    ),
    rejects,
  }
}

const STATUS = /^"?(\d{18,20})(?::(\d{18,20}))? (ON|OFF|ADD|DELETE)"?$/
const EVENT_STREAM = /^(?:event|data|id|retry):/m

export const isForwarded = (text: string): boolean => {
  const start = text.trimStart().slice(0, 200)
  return start.startsWith('{') || start.startsWith('[') || EVENT_STREAM.test(start) || STATUS.test(text.trim())
}

const reject = (detail: string, where: string, { feed }: Setting, reason = 'not-understood'): Decoded => ({
  drafts: [],
  rejects: [{ reason, detail, where, feed }],
})

function readStatus(deviceId: string, word: string, setting: Setting): Decoded {
  if (word === 'ADD' || word === 'DELETE') return { drafts: [], rejects: [], ignored: 1 }
  return { drafts: [heartbeat(deviceId, word === 'ON', 'status', setting)], rejects: [] }
}

/** the data lines of one or more server-sent events, as one list */
function eventData(text: string): string {
  const events = text.split(/\r?\n\r?\n/).map((event) =>
    event
      .split(/\r?\n/)
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).trim())
      .join('\n'),
  )
  const kept = events.filter((data) => data !== '')
  return kept.length === 1 ? kept[0]! : `[${kept.join(',')}]`
}

/** one alarm, a list, a page {list}, or an answer {code, data} */
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (!isFields(value)) return [value]
  if (Array.isArray(value.list)) return value.list
  return value.data !== undefined && value.code !== undefined ? listOf(value.data) : [value]
}

function alarmOf(alarm: unknown, at: string): GbAlarm | { detail: string; where: string } {
  if (!isFields(alarm)) return { detail: 'an alarm is no JSON object', where: at }
  const channel = [alarm.channelDeviceId, alarm.channelId, alarm.gbId].map(idOf).find((id) => id !== undefined)
  const device = idOf(alarm.deviceId)
  const known = channel ?? device
  if (known === undefined) return { detail: 'the alarm has neither channelId nor deviceId nor gbId', where: at }
  const kind = kindOf(alarm)
  if (!kind) return { detail: `alarmType ${JSON.stringify(alarm.alarmType)?.slice(0, 60)} is not known here`, where: `${at}/alarmType` }
  return definedOnly<GbAlarm>({
    deviceId: known,
    parent: device,
    sn: word(alarm.id, alarm.sn),
    ...kind,
    priority: word(alarm.alarmPriority),
    time: typeof alarm.alarmTime === 'number' ? alarm.alarmTime : word(alarm.alarmTime, alarm.createTime),
    description: word(alarm.alarmDescription, alarm.description),
    eventType: word(alarm.eventType),
  })
}

/** A database's own number of a channel (`channelId: 12`) is no DeviceID. */
const idOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 64) : undefined)

/** the first that is a text or a number */
function word(...values: unknown[]): string | undefined {
  for (const value of values) if ((typeof value === 'string' && value !== '') || typeof value === 'number') return `${value}`.slice(0, 200)
  return undefined
}

function kindOf({ alarmMethod, alarmSn, alarmType }: Fields): { method: string; type: string | undefined } | undefined {
  const named = typeof alarmType === 'string' && Object.hasOwn(NAMED, alarmType) ? NAMED[alarmType]! : undefined
  if (named) return { method: named[0], type: named[1] }
  const method = numberOf(alarmMethod ?? alarmSn)
  const type = numberOf(alarmType)
  if (method === undefined) return undefined
  return { method: `${method}`, type: type === undefined ? undefined : `${type}` }
}

/** Its names of the standard's types, and some of its own. */
const NAMED: Readonly<Record<string, readonly [method: string, type: string]>> = {
  VideoLoss: ['2', '1'],
  DeviceTamper: ['2', '2'],
  StorageFull: ['2', '3'],
  DeviceHighTemperature: ['2', '4'],
  DeviceLowTemperature: ['2', '5'],
  ManualVideo: ['5', '1'],
  MotionDetection: ['5', '2'],
  MobileDetection: ['5', '2'],
  LeftObjectDetection: ['5', '3'],
  ObjectRemovalDetection: ['5', '4'],
  TripwireDetection: ['5', '5'],
  IntrusionDetection: ['5', '6'],
  ReverseDetection: ['5', '7'],
  LoiteringDetection: ['5', '8'],
  FlowStatistics: ['5', '9'],
  DensityDetection: ['5', '10'],
  CrowdGathering: ['5', '10'],
  VideoAbnormal: ['5', '11'],
  RapidMovement: ['5', '12'],
  VideoOcclusion: ['5', '13'],
  StorageFault: ['6', '1'],
  StorageFanFault: ['6', '2'],
  ParkingDetection: ['5', 'parking'],
  SoundAbnormal: ['5', 'sound'],
  SignalAbnormal: ['5', 'signal'],
  IllegalAccess: ['5', 'illegal-access'],
  Defocus: ['5', 'defocus'],
  SceneChange: ['5', 'scene-change'],
  Other: ['7', 'other'],
}
