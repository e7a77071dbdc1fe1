import type { Decoded, Reject, Source } from '../../../shared/arrival.ts'
import { readAlarm } from './gb28181-alarm.ts'
import type { Reader, Setting } from './gb28181-setting.ts'
import { readCatalog, readDeviceStatus, readKeepalive } from './gb28181-status.ts'
import { gbText, unwrapSip } from './gb28181-text.ts'
import { isForwarded, readForwarded } from './wvp.ts'
import { readXml, type XmlValue, xmlTextAt } from './xml.ts'

/**
 * GB/T 28181 behind a gateway: the MANSCDP XML itself (Alarm, Keepalive, Catalog, DeviceStatus), with or without the SIP message around it,
 * and what WVP-GB28181-pro hands on as JSON. A device is known by its 20 digits.
 */
export const gb28181: Source = (arrival, context) => {
  const feed = arrival.feed ?? FEED
  const { body, sender } = unwrapSip(arrival.bytes)
  const text = gbText(body)
  const setting: Setting = { feed, context, mark: arrival.ref ?? `${context.now}`, ...(sender !== undefined && { sender }) }
  if (isForwarded(text)) return readForwarded(text, setting)
  const read = readXml(text)
  if ('flaw' in read) return rejected({ reason: 'malformed', detail: read.flaw, where: `character ${read.at}`, feed })
  return readDocument(read.root, read.value, setting)
}

const FEED = 'gb28181'
const rejected = (reject: Reject): Decoded => ({ drafts: [], rejects: [reject] })
const IGNORED: Decoded = { drafts: [], rejects: [], ignored: 1 }

/** Understood, and nothing to us: positions, records, what a device is, and what one asks of it. */
const WITHOUT_MEANING = new Set([
  'MobilePosition',
  'RecordInfo',
  'DeviceInfo',
  'ConfigDownload',
  'DeviceConfig',
  'PresetQuery',
  'MediaStatus',
  'Broadcast',
  'DeviceControl',
  'HomePositionQuery',
  'CruiseTrackListQuery',
  'SDCardStatus',
  'VideoUploadNotify',
  'DeviceUpgradeResult',
])

const NOTIFY: Readonly<Record<string, Reader>> = { Alarm: readAlarm, Keepalive: readKeepalive, Catalog: readCatalog }
const RESPONSE: Readonly<Record<string, Reader>> = { Catalog: readCatalog, DeviceStatus: readDeviceStatus, Alarm: () => IGNORED }

function readDocument(root: string, document: XmlValue, setting: Setting): Decoded {
  const command = xmlTextAt(document, 'CmdType') ?? ''
  if (root === 'Query' || root === 'Control' || WITHOUT_MEANING.has(command)) return IGNORED
  const readers = root === 'Notify' ? NOTIFY : root === 'Response' ? RESPONSE : undefined
  if (!readers)
    return rejected({
      reason: 'not-understood',
      detail: `<${root.slice(0, 40)}> is no message of GB/T 28181`,
      where: `/${root.slice(0, 40)}`,
      feed: setting.feed,
    })
  if (Object.hasOwn(readers, command)) return readers[command]!(document, setting)
  const detail = command === '' ? 'the message has no CmdType' : `CmdType ${command.slice(0, 40)} is not known here`
  return rejected({ reason: 'not-understood', detail, where: `/${root}/CmdType`, feed: setting.feed })
}
