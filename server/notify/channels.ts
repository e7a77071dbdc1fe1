import { type Channel, DEFAULT_RECIPIENT, type RecipientSettings } from '../../shared/message.ts'
import type { Millis } from '../../shared/status.ts'
import type { Draft } from '../store/outbox.ts'
import { quietUntil } from './quiet.ts'
import type { Telling } from './tellings.ts'

/** What this room knows of the ways to people. */
export interface Addresses {
  /** undefined: nothing was set */
  recipient(id: string): RecipientSettings | undefined
  /** browsers that somebody signed up, newest first */
  subscriptions(person: string): readonly { id: string; host: string }[]
  /** whether there is a mail server */
  hasMail(): boolean
}

export const MAIL_LANE = 'mail'
export const PAGE_LANE = 'page'
export const pushLane = (host: string) => `push:${host}`

export interface When {
  now: Millis
  utcOffset: number
}

/** One telling to one person: a row for the list of the page, and whatever leaves the house. */
export function draftsFor(person: string, telling: Omit<Telling, 'to'>, addresses: Addresses, when: When): Draft[] {
  const settings = addresses.recipient(person) ?? DEFAULT_RECIPIENT
  const urgent = telling.priority === 1
  const until = urgent ? undefined : quietUntil(settings.quiet, when.now, when.utcOffset)
  const quiet = until !== undefined || !settings.channels.includes('page')
  const page = draft(person, telling, when.now, { channel: 'page', lane: PAGE_LANE, params: { ...telling.params, quiet } })
  const ways = settings.channels.filter((channel) => channel !== 'page')
  return [page, ...(urgent ? ways.flatMap((way) => by([way])) : by(ways))]

  function by(channels: readonly Channel[]): Draft[] {
    return waysOut(person, telling, channels, addresses, when.now, until)
  }
}

/** The first of the channels that has an address; the rest stays on the row, for when it fails for good. */
export function waysOut(
  person: string,
  telling: Omit<Telling, 'to'>,
  channels: readonly Channel[],
  addresses: Addresses,
  now: Millis,
  notBefore?: Millis,
): Draft[] {
  for (const [n, channel] of channels.entries()) {
    const ways = addressesOf(person, channel, addresses)
    if (ways.length === 0) continue
    const after = channels.slice(n + 1)
    return ways.map((way, m) => ({
      ...draft(person, telling, now, { channel, ...way, params: telling.params }),
      notBefore,
      // two browsers that both fail bring forth one mail
      afterChannels: m === 0 ? after : [],
    }))
  }
  return []
}

function addressesOf(person: string, channel: Channel, addresses: Addresses): { lane: string; target?: string }[] {
  if (channel === 'webpush') return addresses.subscriptions(person).map(({ id, host }) => ({ lane: pushLane(host), target: id }))
  if (channel !== 'email') return []
  return addresses.hasMail() && addresses.recipient(person)?.email ? [{ lane: MAIL_LANE }] : []
}

function draft(
  recipient: string,
  { kind, priority, status, incidentId, orderId, placeId }: Omit<Telling, 'to'>,
  createdAt: Millis,
  way: Pick<Draft, 'channel' | 'lane' | 'target' | 'params'>,
): Draft {
  return { recipient, kind, priority, status, incidentId, orderId, placeId, createdAt, ...way }
}
