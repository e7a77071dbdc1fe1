import type { DeviceKind } from '../../../shared/device.ts'

/** Who sends what is not understood, by feed, address and reason, as the server counts it. */
export interface Sender {
  feed: string
  address: string
  reason: string
  total: number
  kept: number
  /** of the kept, those that wait for somebody */
  held: number
  /** had to make room */
  lost: number
  firstAt: number
  lastAt: number
  /** what it seems to be */
  guess?: { kind?: DeviceKind; type?: string; aliases?: readonly string[] } | null
}
export interface Senders {
  items: Sender[]
  /** messages that had to make room since the beginning */
  crowdedOut?: number
}

export const isUnknown = (sender: Pick<Sender, 'reason' | 'address'>) => sender.reason === 'unknown-device' && sender.address !== ''
/** Bound or discarded ones are history. */
export const unknownDevices = (senders: readonly Sender[]) => senders.filter((sender) => isUnknown(sender) && sender.held > 0)

export interface QuarantineItem {
  id: string
  state: 'held' | 'accepted' | 'discarded'
  reason: string
  detail: string
  where?: string
  feed: string
  address: string
  eventId?: string
  source: string
  transport: string
  topic?: string
  length: number
  count: number
  receivedAt: string
  lastAt: string
}
export interface QuarantinedMessage extends QuarantineItem {
  body: string
  encoding: 'utf-8' | 'base64'
}
