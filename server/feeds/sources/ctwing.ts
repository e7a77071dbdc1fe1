import type { Arrival, Decoded, Reject, Source, SourceContext } from '../../../shared/arrival.ts'
import { messageOf, type Said, type Told } from './ctwing-message.ts'
import { type Fields, isFields, readJson } from './json-text.ts'
import { draftsOf, type Sender } from './nbiot-drafts.ts'
import { timeOf } from './nbiot-time.ts'
import { digest } from './text.ts'

/**
 * China Telecom's CTWing (AEP): one JSON object a POST, `messageType` dataReport, eventReport, deviceOnlineOfflineReport or commandResponse.
 * A terminal is known by its IMEI, else by the platform's deviceId. What is not understood is quarantined and never refused: after a hundred
 * failures the platform stops pushing, and loses what it does not push. https://www.ctwing.cn/dyts/103
 */
export const ctwing: Source = (arrival, context) => {
  const feed = arrival.feed ?? FEED
  const read = readJson(arrival.bytes)
  if (!('value' in read)) return rejected({ reason: 'malformed', ...read, feed })
  if (!Array.isArray(read.value)) return readOne(read.value, { feed, context, at: '' })
  return together(read.value.map((message, n) => readOne(message, { feed, context, at: `/${n}` })))
}

const FEED = 'ctwing'
interface Setting {
  feed: Arrival['feed'] & string
  context: SourceContext
  /** JSON pointer of the message */
  at: string
}
const rejected = (reject: Reject): Decoded => ({ drafts: [], rejects: [reject] })

export function together(all: readonly Decoded[]): Decoded {
  const parts = new Map(all.flatMap((one) => one.drafts.map((draft) => [draft, one.part?.(draft) ?? ''] as const)))
  const ignored = all.reduce((sum, one) => sum + (one.ignored ?? 0), 0)
  return {
    drafts: [...parts.keys()],
    rejects: all.flatMap(({ rejects }) => rejects),
    part: (draft) => parts.get(draft) ?? '',
    ...(ignored > 0 && { ignored }),
  }
}

function readOne(message: unknown, setting: Setting): Decoded {
  const { feed, at, context } = setting
  if (!isFields(message)) return rejected({ reason: 'not-understood', detail: 'the message is no JSON object', where: at, feed })
  const [address, ...aliases] = namesOf(message)
  if (address === undefined)
    return rejected({ reason: 'unknown-device', detail: 'the message has neither IMEI nor deviceId', where: `${at}/IMEI`, feed })
  const kind = [address, ...aliases].map((name) => context.device(feed, name)?.kind).find((found) => found !== undefined)
  const said = messageOf(message, kind)
  if (said === undefined) return { drafts: [], rejects: [], ignored: 1 }
  return told(said, message, { ...setting, address, aliases })
}

interface Known extends Setting {
  address: string
  aliases: readonly string[]
}

function told(said: Said, message: Fields, { feed, address, aliases, context, at }: Known): Decoded {
  const part = JSON.stringify(message)
  const sender: Sender = {
    feed,
    address,
    aliases,
    time: timeOf(said.time ?? message.timestamp, feed, context),
    id: `${address}/${nameText(message.messageType)}/${nameText(message.timestamp)}/${said.id ?? digest(part)}`,
    isKnown: (name) => context.device(feed, name) !== undefined,
  }
  const drafts = draftsOf(said.readings, sender)
  const rejects = said.flaw ? [rejectOf(said.flaw, { feed, address, part, at })] : []
  return { drafts, rejects, part: () => part, ...(drafts.length === 0 && rejects.length === 0 && { ignored: 1 }) }
}

function rejectOf(
  flaw: NonNullable<Told['flaw']>,
  { feed, address, part, at }: { feed: string; address: string; part: string; at: string },
): Reject {
  return { reason: 'not-understood', detail: flaw.detail, where: at + flaw.where, feed, address, ...(at !== '' && { part }) }
}

/** IMEI, then deviceId; "undefined" and zeros are no name */
function namesOf({ IMEI, imei, deviceId, deviceSn }: Fields): string[] {
  return [...new Set([IMEI ?? imei, deviceId, deviceSn].map(nameText).filter((name) => !/^(?:undefined|null|0*)$/.test(name)))]
}
const nameText = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? `${value}`.slice(0, 128) : '')
