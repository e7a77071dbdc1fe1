import { parseObject } from '../sources/dahua-text.ts'
import type { OutgoingClient } from './client.ts'
import { createPartStream, type Listener, type StreamConnection, type StreamDialect, type StreamTuning } from './part-stream.ts'

/** seconds between two heartbeats, as we ask */
const BEAT = 5
/** Three of them missed. */
const SILENT_AFTER = 3 * BEAT * 1000 + 1_000
/** Old firmware does not beat at all: then only a line that is dead for long is given up. */
const SILENT_WITHOUT_BEATS = 300_000
/** The engine is told of a heartbeat once a minute: it says only that the device is there. */
const TELL_EVERY = 60_000

/** Dahua's event stream: text events and heartbeats. Dahua HTTP API, "Subscribe to event message". */
export const DAHUA_ATTACH: StreamDialect = {
  name: 'event stream',
  path: `/cgi-bin/eventManager.cgi?action=attach&codes=[All]&heartbeat=${BEAT}`,
  accept: 'multipart/x-mixed-replace',
  isComplete,
  isWhole,
  listen,
}

export const createDahuaAttach = (tuning: StreamTuning = {}): OutgoingClient => createPartStream(DAHUA_ATTACH, tuning)
export const dahuaAttach: OutgoingClient = createDahuaAttach()

function listen({ since, now }: StreamConnection): Listener {
  let count = 0
  let beats = false
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    take(_part, body) {
      count++
      if (isHeartbeat(body.toString('latin1'))) {
        beats = true
        if (now() - toldAt < TELL_EVERY) return undefined
        toldAt = now()
      }
      return { source: 'dahua', transport: 'attach', ref: `${since}.${count}`, headers: { 'content-type': 'text/plain' } }
    },
    silentAfter: () => (beats ? SILENT_AFTER : SILENT_WITHOUT_BEATS),
  }
}

const isHeartbeat = (text: string) => text.trim() === 'Heartbeat'
type Headers = Readonly<Record<string, string>>
const declared = (headers: Headers) => Number(headers['content-length'] ?? Number.NaN)

/** Data ends with a brace at the beginning of a line, or where the Content-Length says; without data the last number may go on. */
function isComplete(tail: string, length: number, headers: Headers): boolean {
  if (/(^|\s)Heartbeat$/.test(tail) || /[\r\n]\}$/.test(tail)) return true
  return (tail.endsWith('}') || /;\s*index=\d+$/.test(tail)) && length >= declared(headers)
}

/** By its own words, not by the Content-Length, which may be wrong. */
function isWhole(body: Buffer, headers: Headers): boolean {
  const text = body.toString('utf8').trim()
  if (isHeartbeat(text)) return true
  const data = /;\s*data=/.exec(text)
  if (data) return parseObject(text.slice(data.index + data[0].length)) !== undefined
  return /;\s*index=\d+$/.test(text) && body.length >= declared(headers)
}
