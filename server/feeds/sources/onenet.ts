import type { Decoded, Reject, Source, SourceContext } from '../../../shared/arrival.ts'
import { together } from './ctwing.ts'
import { type Fields, isFields, parseJson, readJson } from './json-text.ts'
import { draftsOf, type Sender } from './nbiot-drafts.ts'
import { timeOf } from './nbiot-time.ts'
import { type OnenetSaid, readPush } from './onenet-push.ts'
import { digest } from './text.ts'

/**
 * China Mobile's OneNET: {msg, msg_signature, nonce}, `msg` one message or a list of them (or, newer, either as text): type 1 a datapoint,
 * 2 on and off line, 7 the answer to a command. A terminal is known by its IMEI, else by the platform's dev_id.
 * https://open.iot.10086.cn/doc/nb-iot/book/manual/httppush/develop-manual.html
 */
export const onenet: Source = (arrival, context) => {
  const feed = arrival.feed ?? FEED
  const read = readJson(arrival.bytes)
  if (!('value' in read)) return rejected({ reason: 'malformed', ...read, feed })
  if (!isFields(read.value)) return rejected({ reason: 'not-understood', detail: 'the push is no JSON object', where: '', feed })
  const found = messagesOf(read.value)
  if ('detail' in found) return rejected({ reason: 'not-understood', ...found, feed })
  const all = found.messages.map(({ message, at }) => readOne(message, { feed, context, at }))
  return all.length === 1 ? all[0]! : together(all)
}

const FEED = 'onenet'
const rejected = (reject: Reject): Decoded => ({ drafts: [], rejects: [reject] })

interface Setting {
  feed: string
  context: SourceContext
  at: string
}

const ENCRYPTED =
  'the push is encrypted (enc_msg): switch 加密 off on the push page of OneNET, the connection itself can be encrypted by https'

/** A message that is retried from quarantine comes alone, without its envelope. */
function messagesOf(push: Fields): { messages: { message: unknown; at: string }[] } | { detail: string; where: string } {
  if (push.enc_msg !== undefined) return { detail: ENCRYPTED, where: '/enc_msg' }
  if (push.msg === undefined)
    return push.type === undefined && push.notifyType === undefined
      ? { detail: 'the push has no msg', where: '' }
      : { messages: [{ message: push, at: '' }] }
  const msg = typeof push.msg === 'string' ? parseJson(push.msg) : { value: push.msg }
  if (!('value' in msg)) return { detail: msg.detail, where: `/msg character ${msg.where}` }
  if (!Array.isArray(msg.value)) return { messages: [{ message: msg.value, at: '/msg' }] }
  return { messages: msg.value.map((message, n) => ({ message, at: `/msg/${n}` })) }
}

function readOne(message: unknown, { feed, context, at }: Setting): Decoded {
  if (!isFields(message)) return rejected({ reason: 'not-understood', detail: 'the message is no JSON object', where: at, feed })
  const [address, ...aliases] = namesOf(message)
  if (address === undefined)
    return rejected({ reason: 'unknown-device', detail: 'the message has neither imei nor dev_id', where: `${at}/imei`, feed })
  const part = JSON.stringify(message)
  const kind = [address, ...aliases].map((name) => context.device(feed, name)?.kind).find((found) => found !== undefined)
  const said = readPush(message, kind)
  if (said === undefined) return { drafts: [], rejects: [], ignored: 1 }
  const sender: Sender = {
    feed,
    address,
    aliases,
    time: timeOf(said.at, feed, context),
    id: idOf(message, address, said, part),
    isKnown: (name) => context.device(feed, name) !== undefined,
  }
  const rejects = said.flaw
    ? [{ reason: 'not-understood', detail: said.flaw.detail, where: at + said.flaw.where, feed, address, part }]
    : []
  return { drafts: draftsOf(said.readings, sender), rejects, part: () => part }
}

/** pushed again after a failure, the same message is the same text */
const idOf = (message: Fields, address: string, { at }: OnenetSaid, part: string) =>
  `${address}/${String(message.type ?? message.notifyType).slice(0, 40)}/${String(at ?? '').slice(0, 40)}/${digest(part)}`

/** IMEI, else the platform's own number, else the name that MQTT devices have there */
function namesOf({ imei, IMEI, dev_id, deviceId, deviceName }: Fields): string[] {
  const names = [imei ?? IMEI, dev_id ?? deviceId, deviceName].map((name) =>
    typeof name === 'string' || typeof name === 'number' ? `${name}` : '',
  )
  return [...new Set(names.map((name) => name.slice(0, 128)).filter((name) => !/^(?:undefined|null|0*)$/.test(name)))]
}
