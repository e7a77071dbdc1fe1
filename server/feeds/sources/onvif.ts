import type { Arrival, Reject, Source, SourceContext } from '../../../shared/arrival.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import type { HttpKind } from '../http-kind.ts'
import { knownAs } from './callers.ts'
import { addressOf, USUAL_TOKENS } from './onvif-address.ts'
import { type Notification, type OnvifMessage, readOnvif } from './onvif-messages.ts'
import { readingOf, stateOf } from './onvif-reading.ts'
import { type OnvifTime, onvifTime } from './onvif-time.ts'
import { meaningOfTopic, plainTopic, type TopicMeaning } from './onvif-topics.ts'
import { digest } from './text.ts'
import { xmlText } from './xml.ts'

/** Notify is a one-way message: an empty answer is all that the device waits for. */
export const onvifHttp: HttpKind = {
  source: 'onvif',
  reply: (outcome) =>
    'receipt' in outcome && !('problem' in outcome.receipt)
      ? { status: 200, type: 'application/soap+xml; charset=utf-8', body: EMPTY_ENVELOPE }
      : undefined,
}
const EMPTY_ENVELOPE =
  '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>'

/**
 * ONVIF events, pushed (WS-BaseNotification Notify), pulled (PullMessagesResponse) or from a metadata stream. `Initialized` tells a state that
 * was there before we asked: a replay. `Changed` begins or ends a matter, a message without state is a moment.
 * ONVIF Core Specification, section 9.
 */
export const onvif: Source = (arrival, context) => {
  const message = readOnvif(xmlText(arrival.bytes))
  const answer = { drafts: [] as SignalDraft[], rejects: rejectsOf(message, arrival), ignored: 0 }
  if (message.empty) {
    answer.drafts.push(...heard(arrival, context))
    if (answer.drafts.length === 0) answer.ignored = 1
  }
  const texts = new Map<SignalDraft, string>()
  for (const notification of message.notifications) {
    const draft = draftOf(notification, message, arrival, context)
    if (!draft) answer.ignored++
    else {
      answer.drafts.push(draft)
      texts.set(draft, notification.text)
    }
  }
  return message.notifications.length + message.flaws.length > 1 ? { ...answer, part: (draft) => texts.get(draft) ?? '' } : answer
}

/** A pull that brought nothing was answered: whatever the register has of this device is heard. */
function heard({ transport, feed = 'onvif', ref }: Arrival, context: SourceContext): SignalDraft[] {
  if (transport !== 'pull') return []
  const known = new Map([feed, ...USUAL_TOKENS].map((address) => [context.device(feed, address)?.id, address] as const).reverse())
  known.delete(undefined)
  return [...known.values()].map((address) => ({
    ...{
      feed,
      address,
      id: `${address}/heartbeat/${ref ?? context.now}`,
      status: 'actual',
      time: context.now,
      offset: null,
      timeAssumed: true,
    },
    type: 'linwang.heartbeat',
    routine: true,
    data: { online: true },
  }))
}

function rejectsOf({ notifications, flaws, empty }: OnvifMessage, { feed = 'onvif', bytes }: Arrival): Reject[] {
  const rejects = flaws.map(({ detail, at, text }): Reject => ({ feed, reason: 'not-understood', detail, where: `${at}`, part: text }))
  if (rejects.length > 0 || notifications.length > 0 || empty) return rejects
  const detail = bytes.length === 0 ? 'the message is empty' : 'there is no ONVIF notification in it'
  return [{ feed, reason: 'not-understood', detail, where: '0' }]
}

/** Ports of an Axis device by number: -1 is any of them. */
const INPUTS = ['port', 'InputToken', 'sensor', 'input', 'Token', 'id'] as const

function inputName({ source }: Notification, meaning: TopicMeaning | undefined): string | undefined {
  if (meaning?.as !== 'input') return undefined
  const number = INPUTS.map((name) => source[name]).find((one) => one !== undefined && one !== '')
  return `${meaning.name}-${number === '-1' ? 'any' : (number ?? '0')}`
}

/** undefined: understood, and nothing to tell */
function draftOf(
  notification: Notification,
  { currentTime }: OnvifMessage,
  arrival: Arrival,
  context: SourceContext,
): SignalDraft | undefined {
  const topic = plainTopic(notification.topic)
  const meaning = meaningOfTopic(topic)
  if (meaning?.as === 'nothing') return undefined
  const feed = arrival.feed ?? 'onvif'
  const record = context.feed?.(feed)
  const clock = { now: context.now, zone: record?.zone ?? context.utcOffset, strict: record?.strict === true, currentTime }
  const { said, assumed, ...when } = onvifTime(notification.utcTime, clock)
  const callers = addressOf(arrival, notification, inputName(notification, meaning))
  const device = knownAs(callers, feed, context)
  const reading = readingOf({ notification, topic, meaning: meaning ?? { as: 'camera', event: 'other' }, device, time: when.time, context })
  if (!reading) return undefined
  return {
    ...when,
    feed,
    ...callers,
    id: `${callers.address}/${topic}/${markOf(notification, when, arrival, context)}`.slice(0, 512),
    status: 'actual',
    type: reading.type,
    data: {
      ...reading.data,
      ...('label' in reading.data ? {} : { label: topic.slice(0, 200) }),
      ...(said !== undefined && { said, assumed }),
    },
    ...(notification.operation === 'Initialized' && { replay: true }),
  } as SignalDraft
}

/** Whole seconds do not tell apart what flaps within one. */
const WHOLE_SECONDS = /:\d\d(?:Z|[+-]|$)/

/**
 * The same message, handed over again (a state after each subscription), is the same signal. A change without a clock, or by one of whole
 * seconds, is told apart by its delivery where there is one.
 */
function markOf(notification: Notification, time: OnvifTime, { ref }: Arrival, { now }: SourceContext): string {
  const { operation = '', source, data, utcTime = '', at } = notification
  const state = stateOf(notification)
  const said = `${utcTime}/${operation}/${state ?? ''}/${digest(JSON.stringify([source, data]))}`
  if (time.timeAssumed) return `${ref ?? now}/${said}`
  return ref !== undefined && operation !== 'Initialized' && WHOLE_SECONDS.test(utcTime) ? `${ref}.${at}/${said}` : said
}
