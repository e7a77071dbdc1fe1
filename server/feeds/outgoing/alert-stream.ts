import type { OutgoingClient } from './client.ts'
import { createPartStream, type StreamDialect, type StreamTuning } from './part-stream.ts'

export type AlertStreamTuning = StreamTuning

/** a device beats every 10 s */
const STALL_AFTER = 35_000
const ALERT_END = '</EventNotificationAlert>'

/** Hikvision's alertStream: XML or JSON alerts. */
const DIALECT: StreamDialect = {
  name: 'alert stream',
  path: '/ISAPI/Event/notification/alertStream',
  accept: 'multipart/mixed',
  isComplete,
  isWhole,
  listen: () => ({
    take: (part) => ({
      source: 'hikvision',
      transport: 'alertstream',
      headers: { 'content-type': part.headers['content-type'] ?? 'application/xml' },
    }),
    silentAfter: () => STALL_AFTER,
  }),
}

export const createAlertStream = (tuning: AlertStreamTuning = {}): OutgoingClient => createPartStream(DIALECT, tuning)
export const alertStream: OutgoingClient = createAlertStream()

/** An XML alert ends with its closing tag. A JSON one where its Content-Length says, if that is the end of an object. */
function isComplete(tail: string, length: number, headers: Readonly<Record<string, string>>): boolean {
  if (tail.endsWith(ALERT_END)) return true
  const declared = Number(headers['content-length'])
  return tail.endsWith('}') && Number.isInteger(declared) && declared > 0 && length >= declared
}

function isWhole(body: Buffer): boolean {
  const text = body.toString('utf8').trim()
  return text.endsWith(ALERT_END) || (text.startsWith('{') && isJson(text))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
