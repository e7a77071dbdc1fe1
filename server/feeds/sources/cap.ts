import type { Arrival, Decoded, Reject, Source, SourceContext } from '../../../shared/arrival.ts'
import type { Feed } from '../../../shared/feed.ts'
import type { SignalData, SignalDraft } from '../../../shared/signal.ts'
import type { Status } from '../../../shared/status.ts'
import type { HttpKind } from '../http-kind.ts'
import { type Areas, areasOf, concerns } from './cap-areas.ts'
import { colourOf, dangerOf, WORST } from './cap-words.ts'
import { parseDeviceTime } from './device-time.ts'
import { childrenOf, isElement, readXml, type XmlValue, xmlText, xmlTextAt } from './xml.ts'

/**
 * Public warnings: OASIS CAP 1.0 to 1.2 (https://docs.oasis-open.org/emergency/cap/v1.2/), and what China's warning service 12379 sends, which
 * is made after it: `sendTime`, severity as a colour, `eventType` as a code, bare identifiers as references, lists with commas.
 *
 * Persons are named in `senderName`, `contact` and in mail addresses of `sender`: none of them is kept.
 */
export const cap: Source = (arrival, context) => {
  const feedId = arrival.feed ?? 'cap'
  const feed = context.feed?.(feedId)
  const refused = (detail: string, where: string): Decoded => ({
    drafts: [],
    rejects: [{ feed: feedId, reason: 'not-understood', detail, where }],
  })
  const xml = readXml(xmlText(arrival.bytes))
  if ('flaw' in xml) return refused(xml.flaw, `${xml.at}`)
  const alerts = xml.root === 'alert' ? [xml.value] : alertsIn(xml.value)
  if (alerts.length === 0) return refused('there is no <alert> in it: this is neither CAP nor 12379', '/')
  const results = alerts.map((alert, n) => read(alert, alerts.length > 1 ? `/alert/${n}` : '/alert', { arrival, context, feed, feedId }))
  return {
    drafts: results.filter((result) => result !== IGNORED && 'type' in result) as SignalDraft[],
    rejects: results.filter((result) => result !== IGNORED && 'reason' in result) as Reject[],
    ...(results.includes(IGNORED) && { ignored: results.filter((result) => result === IGNORED).length }),
  }
}

/** However deep they are packed: a list of them, EDXL-DE, SOAP. */
function alertsIn(value: XmlValue, depth = 8): XmlValue[] {
  const found = childrenOf(value, 'alert')
  if (found.length > 0 || depth === 0 || !isElement(value)) return found
  return Object.values(value).flatMap((child) => (Array.isArray(child) ? child : [child]).flatMap((one) => alertsIn(one, depth - 1)))
}

export const capKind: HttpKind = { source: 'cap' }

interface Setting {
  arrival: Arrival
  context: SourceContext
  feed: Feed | undefined
  feedId: string
}
const IGNORED = Symbol('understood, and no warning')

type WarningData = SignalData['linwang.warning']
type MsgType = WarningData['msgType']
const MSG_TYPES: ReadonlySet<string> = new Set(['alert', 'update', 'cancel', 'ack', 'error'])
const STATUSES: ReadonlySet<string> = new Set(['actual', 'exercise', 'test'])
/** between the machines of the senders, and not yet said */
const UNSAID: ReadonlySet<string> = new Set(['system', 'draft'])

const LONGEST = { identifier: 200, headline: 300, description: 4000, instruction: 2000, word: 100 }

function read(alert: XmlValue, path: string, { context, feed, feedId }: Setting): SignalDraft | Reject | typeof IGNORED {
  const strict = feed?.strict === true
  const identifier = textAt(alert, 'identifier').slice(0, LONGEST.identifier)
  const reject = (detail: string, where: string): Reject => ({
    feed: feedId,
    reason: 'not-understood',
    detail,
    where: `${path}/${where}`,
    ...(identifier !== '' && { id: identifier }),
  })
  const status = textAt(alert, 'status').toLowerCase() || (strict ? '' : 'actual')
  if (UNSAID.has(status)) return IGNORED
  if (!STATUSES.has(status)) return reject(`status ${status || 'is missing'}: none of Actual, Exercise, System, Test, Draft`, 'status')
  if (identifier === '') return reject('it has no identifier: nothing could ever update it or take it back', 'identifier')
  const msgType = textAt(alert, 'msgType').toLowerCase() || (strict ? '' : 'alert')
  if (!MSG_TYPES.has(msgType)) return reject(`msgType ${msgType || 'is missing'}: none of Alert, Update, Cancel, Ack, Error`, 'msgType')
  const said = textAt(alert, 'sent') || textAt(alert, 'sendTime')
  const zone = feed?.zone ?? context.utcOffset
  const sent = said === '' ? undefined : parseDeviceTime(said, { zone })
  if (strict && !sent) return reject(`sent ${said || 'is missing'}: give a time such as 2026-06-01T08:00:00+08:00`, 'sent')
  const infos = inOneLanguage(childrenOf(alert, 'info'))
  const data = warningOf(alert, infos, { identifier, msgType: msgType as MsgType, zone, after: sent?.ms ?? context.now, feed })
  if (data.headline === '' && (msgType === 'alert' || msgType === 'update'))
    return reject('it says nothing: there is no headline, event or description in its <info>', 'info')
  return {
    type: 'linwang.warning',
    feed: feedId,
    deviceId: `/feeds/${feedId}`,
    // the same message again is the same; some offices send an update under the identifier of the first
    id: `${identifier}/${msgType}/${sent?.ms ?? ''}`,
    time: sent?.ms ?? context.now,
    offset: sent?.offset ?? null,
    status: status as Status,
    data,
    ...(!sent && { timeAssumed: true }),
  }
}

interface About {
  identifier: string
  msgType: MsgType
  zone: number
  /** ms: an end before it is a slip of the sender */
  after: number
  feed: Feed | undefined
}

function warningOf(alert: XmlValue, infos: readonly XmlValue[], { identifier, msgType, zone, after, feed }: About): WarningData {
  const own = textAt(alert, 'sendTime') !== '' || infos.some((info) => textAt(info, 'eventType') !== '')
  const main = [...infos].sort((a, b) => WORST.indexOf(colour(a)) - WORST.indexOf(colour(b)))[0]
  const event = tidy(textAt(main, 'eventType') || textAt(main, 'event')).slice(0, LONGEST.word)
  const description = tidy(textAt(main, 'description')).slice(0, LONGEST.description)
  const headline = (tidy(textAt(main, 'headline')) || (own ? description : event || description)).slice(0, LONGEST.headline)
  const name = dangerOf(headline)?.slice(0, LONGEST.word)
  const areas: Areas = areasOf(infos, own)
  const time = (field: string) => latest(infos.map((info) => parseDeviceTime(textAt(info, field), { zone })?.ms))
  const effective = time('effective')
  const expires = time('expires')
  const instruction = tidy(textAt(main, 'instruction')).slice(0, LONGEST.instruction)
  const sender = officeOf(textAt(alert, 'sender') || textAt(alert, 'senderCode'))
  return {
    identifier,
    msgType,
    references: referencesOf(textAt(alert, 'references')),
    event: event || (name ?? ''),
    colour: main === undefined ? 'unknown' : colour(main),
    headline,
    areas: areas.names,
    ...(description !== '' && { description }),
    ...(effective !== undefined && { effective }),
    ...(expires !== undefined && expires > after && { expires }),
    ...(name !== undefined && { name }),
    ...(sender !== '' && { sender }),
    ...(areas.codes.length > 0 && { codes: areas.codes }),
    ...(!concerns(areas.codes, codesWanted(feed)) && { elsewhere: true }),
    ...(instruction !== '' && { instruction }),
  }
}

const colour = (info: XmlValue) => colourOf(textAt(info, 'severity'), textAt(info, 'headline'), textAt(info, 'event'))

/** `<info>` is repeated for each language: Chinese before any other, else the first that is spoken. */
function inOneLanguage(infos: readonly XmlValue[]): readonly XmlValue[] {
  const language = (info: XmlValue) => textAt(info, 'language').toLowerCase()
  const chosen = infos.map(language).sort((a, b) => rank(a) - rank(b))[0]
  return infos.filter((info) => language(info) === chosen)
}
const rank = (language: string) => (language === 'zh-cn' ? 0 : language.startsWith('zh') ? 1 : 2)

/** `sender,identifier,sent` by blanks (CAP), or bare identifiers by blanks or commas (12379). */
export function referencesOf(text: string): string[] {
  const ids = text.split(/[\s;]+/).flatMap((part) => {
    const pieces = part.split(/[,，]/).filter((piece) => piece !== '')
    return pieces.length === 3 && parseDeviceTime(pieces[2]!, { zone: 0 }) ? [pieces[1]!] : pieces
  })
  return [...new Set(ids.filter((id) => id !== '').map((id) => id.slice(0, LONGEST.identifier)))].slice(0, 50)
}

const textAt = (value: XmlValue | undefined, name: string) => xmlTextAt(value, name) ?? ''
/** A mail address is somebody's: its domain is the office. */
const officeOf = (sender: string) => sender.slice(sender.lastIndexOf('@') + 1).slice(0, LONGEST.word)
const tidy = (text: string) => text.replace(/\s+/g, ' ').trim()
const latest = (times: readonly (number | undefined)[]) => {
  const known = times.filter((time) => time !== undefined)
  return known.length > 0 ? Math.max(...known) : undefined
}

/** Division codes of the areas that a feed is for, in its `map`: `{"codes": ["410102000000"]}`; none: everywhere. */
function codesWanted(feed: Feed | undefined): string[] {
  const codes = feed?.map?.codes
  return Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : []
}
