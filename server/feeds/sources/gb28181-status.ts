import type { Decoded } from '../../../shared/arrival.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import type { Reader, Setting } from './gb28181-setting.ts'
import { childOf, childrenOf, isElement, type XmlElement, type XmlValue, xmlTextAt } from './xml.ts'

/** The device lives; `Info` names the channels that it finds faulty. */
export const readKeepalive: Reader = (document, setting) => {
  const deviceId = xmlTextAt(document, 'DeviceID')
  if (deviceId === undefined) return missingId('/Notify/DeviceID', setting)
  const sn = xmlTextAt(document, 'SN') ?? ''
  const status = (xmlTextAt(document, 'Status') ?? 'OK').toUpperCase()
  const faulty = childrenOf(childOf(document, 'Info'), 'DeviceID')
    .map((value) => xmlTextAt(value))
    .filter((id) => id !== undefined)
  const own = heartbeat(deviceId, true, `keepalive/${sn}`, setting, status === 'OK' ? {} : { status: status.slice(0, 40) })
  return { drafts: [own, ...faulty.map((id) => heartbeat(id, false, `keepalive/${sn}`, setting))], rejects: [] }
}

/** `Online` ONLINE or OFFLINE; an alarm input's `DutyStatus` ALARM says again what the alarm said. */
export const readDeviceStatus: Reader = (document, setting) => {
  const deviceId = xmlTextAt(document, 'DeviceID')
  if (deviceId === undefined) return missingId('/Response/DeviceID', setting)
  const online = xmlTextAt(document, 'Online')?.toUpperCase() !== 'OFFLINE'
  return { drafts: [heartbeat(deviceId, online, `status/${xmlTextAt(document, 'SN') ?? ''}`, setting)], rejects: [] }
}

/**
 * The channels of a device, each ON or OFF, or (as a notification) what became of them. Each is set aside by itself when no register knows it,
 * without the password that some devices write there.
 */
export const readCatalog: Reader = (document, setting) => {
  const sn = xmlTextAt(document, 'SN') ?? ''
  const items = childrenOf(childOf(document, 'DeviceList'), 'Item').filter(isElement)
  const parts = new Map<SignalDraft, string>()
  for (const item of items) for (const draft of readItem(item, sn, setting)) parts.set(draft, partOf(document, item))
  if (parts.size === 0) return { drafts: [], rejects: [], ignored: 1 }
  return { drafts: [...parts.keys()], rejects: [], part: (draft) => parts.get(draft) ?? '' }
}

const ONLINE = new Set(['ON', 'ONLINE', 'OK'])
const OFFLINE = new Set(['OFF', 'OFFLINE', 'DEFECT', 'DEL'])

function readItem(item: XmlElement, sn: string, setting: Setting): SignalDraft[] {
  const id = xmlTextAt(item, 'DeviceID')
  const event = xmlTextAt(item, 'Event')?.toUpperCase()
  const status = xmlTextAt(item, 'Status')?.toUpperCase()
  if (id === undefined) return []
  if (event === 'VLOST') return [videoLost(id, sn, setting)]
  const said = event === undefined || event === 'ADD' || event === 'UPDATE' ? status : event
  if (said === undefined || !(ONLINE.has(said) || OFFLINE.has(said))) return []
  return [heartbeat(id, ONLINE.has(said), `catalog/${sn}`, setting)]
}

const KEPT = ['DeviceID', 'Name', 'Manufacturer', 'Model', 'ParentID', 'Status', 'Event'] as const

/** one channel, as a message of its own that can be read again */
function partOf(document: XmlValue, item: XmlElement): string {
  const sn = tag('SN', xmlTextAt(document, 'SN'))
  const fields = KEPT.map((name) => tag(name, xmlTextAt(item, name))).join('')
  return `<Notify><CmdType>Catalog</CmdType>${sn}<DeviceList Num="1"><Item>${fields}</Item></DeviceList></Notify>`
}
const tag = (name: string, value: string | undefined) => (value === undefined ? '' : `<${name}>${escaped(value)}</${name}>`)
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** These messages have no time of their own. */
function common(deviceId: string, name: string, { feed, context, mark }: Setting) {
  return {
    feed,
    id: `${name}/${deviceId}/${mark}`.slice(0, 512),
    address: deviceId.slice(0, 64),
    time: context.now,
    offset: null,
    timeAssumed: true,
    status: 'actual' as const,
  }
}
export const heartbeat = (deviceId: string, online: boolean, name: string, setting: Setting, more: object = {}): SignalDraft => ({
  ...common(deviceId, name, setting),
  type: 'linwang.heartbeat',
  data: { online, ...more },
})
const videoLost = (deviceId: string, sn: string, setting: Setting): SignalDraft => ({
  ...common(deviceId, `catalog/${sn}/vlost`, setting),
  type: 'linwang.camera',
  data: { event: 'video-loss', label: 'video-loss', active: true },
})

const missingId = (where: string, { feed }: Setting): Decoded => ({
  drafts: [],
  rejects: [{ reason: 'not-understood', detail: 'the message has no DeviceID', where, feed }],
})
