import { hash } from 'node:crypto'
import type { Arrival, SourceContext } from '../../../../shared/arrival.ts'
import type { SignalDraft } from '../../../../shared/signal.ts'
import type { PanelEvent } from './events.ts'
import { readExtended } from './extended.ts'
import type { Meaning } from './meaning.ts'
import type { Content, Header } from './message.ts'
import { type Moment, momentOf, parseStamp } from './moment.ts'

export interface Message {
  feed: string
  account: string
  arrival: Arrival
  context: SourceContext
  header: Header
  content: Content
  strict: boolean
  zone?: number | undefined
}

/** The panel is there, or is not any more. */
export function heartbeat(o: { feed: string; account: string; now: number; code: string; online?: boolean; ref?: string }): SignalDraft {
  const { feed, account, now, code, online = true, ref = `${now}` } = o
  return {
    feed,
    id: `${account}/${code}/${ref}`,
    address: account,
    type: 'linwang.heartbeat',
    time: now,
    offset: null,
    timeAssumed: true,
    status: 'actual',
    data: { online, code } as { online: boolean },
  }
}

export function draftsOf(events: readonly PanelEvent[], message: Message): SignalDraft[] {
  const { feed, account, context, content } = message
  const moment = momentOf(content.stamp, { now: context.now, utcOffset: context.utcOffset, zone: message.zone, strict: message.strict })
  const { said, ...times } = occurrence(content, context.now) ?? moment
  const mark = markOf(message, moment)
  const extended = readExtended(content.extended)
  const signed = digest(`${message.header.token} ${content.blocks.join(' ')} ${content.stamp ?? ''}`)
  return events.map((event, i) => {
    const { type, data } = told(event.meaning)
    return {
      feed,
      id: `${account}/${message.header.sequence}/${mark}/${i}`,
      ...addressOf(account, event),
      type,
      ...times,
      status: event.meaning.is !== 'help' && event.meaning.test ? 'test' : 'actual',
      ...(event.repeat && { repeat: true }),
      ...((event.old || 'backlog' in times) && { backlog: true }),
      ...(type !== 'linwang.heartbeat' && { sameAs: `${account}/${signed}/${i}` }),
      data: { ...data, ...detailsOf(event), ...extended, ...(said !== undefined && { said }) },
    } as SignalDraft
  })
}

/** A zone by its number, or the panel; zones written with their zeros, and the account inside the message, are looked for too. */
function addressOf(header: string, { account: inner, zone }: PanelEvent): { address: string; aliases: string[] } {
  const accounts = inner !== '' && inner !== header ? [header, inner] : [header]
  if (zone === '') return { address: header, aliases: accounts.slice(1) }
  const zones = accounts.flatMap((account) => [`${account}/${zone}`, `${account}/${zone.padStart(3, '0')}`])
  return { address: zones[0]!, aliases: [...new Set([...zones.slice(1), ...accounts.reverse()])] }
}

function told(meaning: Meaning): { type: SignalDraft['type']; data: object } {
  if (meaning.is === 'hazard') return { type: 'linwang.hazard', data: { hazard: meaning.hazard, active: meaning.active } }
  if (meaning.is === 'help') return { type: 'linwang.help', data: { cause: meaning.cause, ...(meaning.silent && { silent: true }) } }
  return { type: 'linwang.heartbeat', data: { online: true, ...(meaning.armed !== undefined && { armed: meaning.armed }) } }
}

const detailsOf = ({ code, says, area, point, label }: PanelEvent) => ({
  code,
  says,
  ...(area && { area }),
  ...(point && { point }),
  ...(label && { label }),
})

/**
 * A message with a believable time is known by it, also after a restart of ours. Without, its sequence number alone says nothing (it starts
 * anew with the panel), so the transport's mark tells a resend from the same words tomorrow.
 */
function markOf({ arrival, content, context, header }: Message, { timeAssumed }: Moment): string {
  const said = digest(`${header.token} ${header.receiver} ${header.line} ${content.blocks.join(' ')}`)
  return timeAssumed ? `${arrival.ref ?? context.now}/${said}` : `${content.stamp}/${said}`
}

const digest = (text: string) => hash('sha1', text, 'base64url').slice(0, 12)

/** `H` of DC-09-2021: when it happened, in UTC, where the panel kept it for a while. */
function occurrence({ extended }: Content, now: number): (Moment & { backlog: true }) | undefined {
  const time = parseStamp((extended.get('H') ?? '').replace(/^_/, ''))
  return time !== undefined && time < now && now - time < 7 * 86_400_000 ? { time, offset: 0, backlog: true } : undefined
}
