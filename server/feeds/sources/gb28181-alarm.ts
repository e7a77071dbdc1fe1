import type { Decoded } from '../../../shared/arrival.ts'
import type { Device } from '../../../shared/device.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import { localMinute } from './camera-rules.ts'
import { parseDeviceTime } from './device-time.ts'
import { alarmMeaning, isAlarmInput } from './gb28181-codes.ts'
import type { Reader, Setting } from './gb28181-setting.ts'
import { numberOf } from './nbiot-reading.ts'
import { ruledEvent } from './ruled-event.ts'
import { inputReading } from './wired-input.ts'
import { type XmlValue, xmlTextAt } from './xml.ts'

/** An alarm as the standard tells it, from its XML or from a gateway's JSON. */
export interface GbAlarm {
  deviceId: string
  /** the recorder or platform that handed it on */
  parent?: string
  sn?: string
  method: string
  type?: string
  /** 1 the highest … 4 */
  priority?: string
  /** local time as a rule without zone, or ms since 1970 */
  time?: string | number
  description?: string
  /** of an intrusion: 1 somebody goes in, 2 out */
  eventType?: string
}

/** `AlarmType` stands in Info, or beside AlarmMethod, or nowhere. */
export const readAlarm: Reader = (document, setting) => {
  const deviceId = xmlTextAt(document, 'DeviceID')
  if (deviceId === undefined) return missing('DeviceID', setting)
  const method = xmlTextAt(document, 'AlarmMethod')
  if (method === undefined) return { ...missing('AlarmMethod', setting, deviceId) }
  return alarmDrafts([alarmOf(document, deviceId, method, setting)], setting)
}

function alarmOf(document: XmlValue, deviceId: string, method: string, { sender }: Setting): GbAlarm {
  const at = (...path: string[]) => xmlTextAt(document, ...path)?.slice(0, 200)
  return definedOnly({
    deviceId: deviceId.slice(0, 64),
    parent: sender,
    sn: at('SN'),
    method: method.slice(0, 8),
    type: at('Info', 'AlarmType') ?? at('AlarmType'),
    priority: at('AlarmPriority'),
    time: at('AlarmTime'),
    description: at('AlarmDescription') ?? at('Info', 'AlarmTypeParam', 'AlarmDescription'),
    eventType: at('Info', 'AlarmTypeParam', 'EventType') ?? at('AlarmTypeParam', 'EventType'),
  })
}

const missing = (field: string, { feed }: Setting, address?: string): Decoded => ({
  drafts: [],
  rejects: [
    {
      reason: 'not-understood',
      detail: `the alarm has no ${field}`,
      where: `/Notify/${field}`,
      feed,
      ...(address !== undefined && { address: address.slice(0, 64) }),
    },
  ],
})

export function definedOnly<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T
}

export const alarmDrafts = (alarms: readonly GbAlarm[], setting: Setting): Decoded => ({
  drafts: alarms.map((alarm) => draftOf(alarm, setting)),
  rejects: [],
})

function draftOf(alarm: GbAlarm, { feed, context, mark }: Setting): SignalDraft {
  const { deviceId, parent, sn, method, type } = alarm
  const zone = context.feed?.(feed)?.zone ?? context.utcOffset
  const time = timeOf(alarm.time, zone)
  const happening = `${deviceId}/${method}.${type ?? ''}/${alarm.time ?? mark}`
  return {
    feed,
    id: `alarm/${happening}/${sn ?? ''}`.slice(0, 512),
    address: deviceId,
    ...(parent !== undefined && parent !== deviceId && { aliases: [parent] }),
    ...(alarm.time !== undefined && { sameAs: happening.slice(0, 512) }),
    time: time?.ms ?? context.now,
    offset: time?.offset ?? null,
    ...(time === undefined && { timeAssumed: true }),
    status: 'actual',
    ...meant(alarm, context.device(feed, deviceId), localMinute(time?.ms ?? context.now, context.utcOffset)),
  } as SignalDraft
}

/** A camera's own rules come first: which label makes which event at which hour is data of that camera. */
function meant(alarm: GbAlarm, device: Device | undefined, minute: number): { type: SignalDraft['type']; data: object } {
  const meaning = alarmMeaning(alarm.method, alarm.type)
  const data = saidOf(alarm)
  if ('input' in meaning) return inputOf(alarm.deviceId, device, meaning.input, data)
  const event = ruledEvent([meaning.label], [], device, minute) ?? meaning.camera
  return { type: 'linwang.camera', data: { event, label: meaning.label, ...data } }
}

/** What is wired to an input says no end here: it stays until people have been there. */
function inputOf(deviceId: string, device: Device | undefined, label: string, data: object): { type: SignalDraft['type']; data: object } {
  const reading = inputReading(device?.kind, 'Pulse')
  if (reading && reading !== 'unknown') return { type: reading.type, data: { ...reading.data, label, ...data } }
  if (isAlarmInput(deviceId)) return { type: 'linwang.hazard', data: { hazard: 'alarm', active: true, label, ...data } }
  return { type: 'linwang.camera', data: { event: 'other', label, ...data } }
}

function saidOf({ priority, description, eventType, time, method, type }: GbAlarm) {
  const level = numberOf(priority)
  return {
    method,
    ...(type !== undefined && { alarmType: type }),
    ...(level !== undefined && { alarmPriority: level }),
    ...(description !== undefined && description !== '' && { description }),
    ...(eventType !== undefined && { eventType }),
    ...(typeof time === 'string' && { said: time }),
  }
}

function timeOf(said: GbAlarm['time'], zone: number): { ms: number; offset: number | null } | undefined {
  if (typeof said === 'number') return Number.isSafeInteger(said) && said > 0 ? { ms: said, offset: 0 } : undefined
  return parseDeviceTime(said, { zone })
}
