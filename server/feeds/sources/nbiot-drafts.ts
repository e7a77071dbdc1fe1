import type { SignalDraft } from '../../../shared/signal.ts'
import type { Reading } from './nbiot-reading.ts'

/** Who said it, when, and by which name of the message; the same for all readings of one message. */
export interface Sender {
  feed: string
  address: string
  aliases: readonly string[]
  /** ms since 1970; absent: when it came */
  time: { ms: number; offset: number | null; assumed?: boolean }
  id: string
  /** whether the register knows this address itself */
  isKnown(address: string): boolean
}

/**
 * Readings → drafts. A detector behind a transmission device has an address of its own, `<device>/<part>`; when only the device is known, its
 * all-clear is kept back: it would take the alarm of another detector away.
 */
export function draftsOf(readings: readonly Reading[], sender: Sender): SignalDraft[] {
  return readings.filter((reading) => !speaksForOthers(reading, sender)).map((reading, n) => draftOf(reading, n, sender))
}

const addressOf = ({ part }: Reading, { address }: Sender) => (part === undefined || part === '' ? address : `${address}/${part}`)

function speaksForOthers(reading: Reading, sender: Sender): boolean {
  return reading.part !== undefined && reading.data.active === false && !sender.isKnown(addressOf(reading, sender))
}

function draftOf(reading: Reading, n: number, sender: Sender): SignalDraft {
  const { feed, aliases, time } = sender
  const address = addressOf(reading, sender)
  const others = address === sender.address ? aliases : [sender.address, ...aliases]
  return {
    feed,
    id: `${sender.id}/${n}`.slice(0, 512),
    address,
    ...(others.length > 0 && { aliases: others }),
    time: time.ms,
    offset: time.offset,
    ...(time.assumed && { timeAssumed: true }),
    status: reading.test ? 'test' : 'actual',
    type: reading.type,
    data: reading.data,
  } as SignalDraft
}
