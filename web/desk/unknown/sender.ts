import type { QuarantineSender } from '../../../shared/quarantine.ts'

export interface Senders {
  items: QuarantineSender[]
  /** messages that had to make room since the beginning */
  crowdedOut?: number
}

export const isUnknown = (sender: Pick<QuarantineSender, 'reason' | 'address'>) =>
  sender.reason === 'unknown-device' && sender.address !== ''
/** Bound or discarded ones are history. */
export const unknownDevices = (senders: readonly QuarantineSender[]) => senders.filter((sender) => isUnknown(sender) && sender.held > 0)
