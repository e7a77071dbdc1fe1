import { childOf, childrenOf, isElement, readXml, type XmlValue, xmlTextAt } from './xml.ts'

/** One NotificationMessage of WS-BaseNotification with ONVIF's Message inside. */
export interface Notification {
  topic: string
  /** undefined: the message is empty, which some cameras send for "no motion" */
  utcTime?: string
  operation?: string
  source: Readonly<Record<string, string>>
  data: Readonly<Record<string, string>>
  /** who sends, as WS-Addressing has it */
  producer?: string
  /** its own XML */
  text: string
  at: number
}
export interface OnvifMessage {
  notifications: Notification[]
  flaws: { detail: string; at: number; text: string }[]
  /** what the device's clock says at the same moment (a pulled answer) */
  currentTime?: string
  /** a whole envelope or stream that carries nothing of interest */
  empty: boolean
}

const START = /<(?:[\w.-]+:)?NotificationMessage(?=[\s>])/g
const END = /<\/(?:[\w.-]+:)?NotificationMessage\s*>/g
const CURRENT = /<(?:[\w.-]+:)?CurrentTime>\s*([^<]{1,64}?)\s*</
const KNOWN = /<(?:[\w.-]+:)?(?:PullMessagesResponse|MetadataStream|Notify|SubscriptionEnd|RenewResponse|UnsubscribeResponse)\b/
/** Notifications of one message; devices send ten to a hundred at a time. */
const MOST = 2_000

/** Notify, PullMessagesResponse, a metadata stream, or a piece of one of them as a log keeps it: the notifications, wherever they stand. */
export function readOnvif(text: string): OnvifMessage {
  const message: OnvifMessage = { notifications: [], flaws: [], empty: false }
  const current = CURRENT.exec(text)?.[1]
  if (current !== undefined) message.currentTime = current
  START.lastIndex = 0
  for (let start = START.exec(text); start; start = START.exec(text)) {
    if (message.notifications.length === MOST) {
      message.flaws.push({ detail: `the message has more than ${MOST} notifications`, at: start.index, text: '' })
      break
    }
    END.lastIndex = START.lastIndex
    const end = END.exec(text)
    if (!end) {
      message.flaws.push({ detail: 'a notification breaks off', at: text.length, text: text.slice(start.index) })
      break
    }
    readOne(text.slice(start.index, END.lastIndex), start.index, message)
    START.lastIndex = END.lastIndex
  }
  message.empty = message.notifications.length === 0 && message.flaws.length === 0 && KNOWN.test(text)
  return message
}

function readOne(text: string, at: number, message: OnvifMessage) {
  const read = readXml(text)
  if ('flaw' in read) return message.flaws.push({ detail: read.flaw, at: at + read.at, text })
  const topic = xmlTextAt(read.value, 'Topic')
  if (topic === undefined) return message.flaws.push({ detail: 'a notification has no topic', at, text })
  const inner = childOf(childOf(read.value, 'Message'), 'Message')
  const producer = xmlTextAt(read.value, 'ProducerReference', 'Address') ?? xmlTextAt(read.value, 'SubscriptionReference', 'Address')
  const [utcTime, operation] = [attribute(inner, 'UtcTime'), attribute(inner, 'PropertyOperation')]
  return message.notifications.push({
    topic,
    ...(utcTime !== undefined && { utcTime }),
    ...(operation !== undefined && { operation }),
    source: { ...itemsOf(childOf(inner, 'Source')), ...itemsOf(childOf(inner, 'Key')) },
    data: itemsOf(childOf(inner, 'Data')),
    ...(producer !== undefined && { producer }),
    text,
    at,
  })
}

const attribute = (value: XmlValue | undefined, name: string) => {
  const found = isElement(value) ? value[`@${name}`] : undefined
  return typeof found === 'string' && found !== '' ? found : undefined
}

function itemsOf(holder: XmlValue | undefined): Record<string, string> {
  const items = Object.create(null) as Record<string, string>
  for (const item of childrenOf(holder, 'SimpleItem').slice(0, 64)) {
    const name = attribute(item, 'Name')
    if (name !== undefined) items[name.slice(0, 100)] = (attribute(item, 'Value') ?? '').slice(0, 500)
  }
  return items
}
