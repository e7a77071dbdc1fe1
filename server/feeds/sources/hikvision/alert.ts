import { parseDeviceTime } from '../device-time.ts'
import { listAt, numberAt, type Tree, textAt } from './fields.ts'

/** What every EventNotificationAlert says, XML or JSON (Hikvision ISAPI 2.x). */
export interface Alert {
  tree: Tree
  /** as the device spells it; of a lasting event the one that lasts */
  eventType: string
  /** undefined: the message does not say */
  active: boolean | undefined
  /** how often it was sent; 0 is a heartbeat, more than 1 the same alarm again */
  count: number | undefined
  retransmitted: boolean
  mac: string | undefined
  ip: string | undefined
  /** undefined: empty or not given; 0: the device itself */
  channel: number | undefined
  time: AlertTime
}
export interface AlertTime {
  ms: number
  /** minutes east of UTC as the device gave them */
  offset: number | null
  /** what it wrote, when it was not plain ISO 8601 with a zone */
  said?: string
  /** no zone was given: minutes east of UTC that were assumed */
  zoneAssumed?: number
  /** could not be read or was not given: the receipt */
  assumed?: true
  mended?: true
}

export function alertOf(tree: Tree, { zone, now }: { zone: number; now: number }): Alert {
  const eventType = textAt(tree, 'eventType') ?? ''
  const state = textAt(tree, 'eventState')?.toLowerCase()
  return {
    tree,
    eventType: (eventType.toLowerCase() === 'duration' ? lastingEvent(tree) : undefined) ?? eventType,
    active: state === 'active' ? true : state === 'inactive' ? false : undefined,
    count: numberAt(tree, 'activePostCount'),
    retransmitted: textAt(tree, 'isDataRetransmission') === 'true',
    mac: macOf(textAt(tree, 'macAddress') ?? textAt(tree, 'mac')),
    ip: textAt(tree, 'ipAddress')?.toLowerCase() ?? textAt(tree, 'ipv6Address')?.toLowerCase(),
    channel: channelOf(tree),
    time: alertTime(textAt(tree, 'dateTime'), zone, now),
  }
}

/** `duration` says that another event goes on: which one stands in it. */
const lastingEvent = (tree: Tree) =>
  textAt(tree, 'DurationList', 'Duration', 'relationEvent') ?? textAt(tree, 'Duration', 'relationEvent') ?? textAt(tree, 'relationEvent')

/** A recorder may give the number in `dynChannelID` alone. */
function channelOf(tree: Tree): number | undefined {
  const channel = numberAt(tree, 'channelID') ?? numberAt(tree, 'dynChannelID')
  return channel !== undefined && Number.isInteger(channel) && channel >= 0 && channel < 100_000 ? channel : undefined
}

/** Lower case with colons, however it was written. */
function macOf(text: string | undefined): string | undefined {
  const digits = text?.toLowerCase().replace(/[^0-9a-f]/g, '')
  return digits?.length === 12 ? digits.replace(/(..)(?=.)/g, '$1:') : undefined
}

export function alertTime(text: string | undefined, zone: number, now: number): AlertTime {
  const read = parseDeviceTime(text, { zone })
  if (!read) return { ms: now, offset: null, assumed: true, ...(text !== undefined && { said: text.slice(0, 64) }) }
  return {
    ms: read.ms,
    offset: read.offset,
    ...((read.mended || read.assumed) && { said: text! }),
    ...(read.assumed && { zoneAssumed: zone }),
    ...(read.mended && { mended: true as const }),
  }
}

/** The regions and targets that the alert speaks of, once each. */
export function regionsOf(tree: Tree): { regions: string[]; targets: string[] } {
  const entries = listAt(tree, 'DetectionRegionList', 'DetectionRegionEntry')
  const texts = (name: string) =>
    [...new Set(entries.map((entry) => textAt(entry, name)).filter((text) => text !== undefined))].slice(0, 32)
  // motion that knows people from leaves gives its target beside the regions
  const target = textAt(tree, 'targetType')
  const targets = texts('detectionTarget')
  return { regions: texts('regionID'), targets: target === undefined || targets.includes(target) ? targets : [...targets, target] }
}
