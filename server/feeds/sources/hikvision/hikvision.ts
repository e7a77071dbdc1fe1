import type { Decoded, Reject, Source } from '../../../../shared/arrival.ts'
import type { SignalDraft } from '../../../../shared/signal.ts'
import type { HttpKind } from '../../http-kind.ts'
import { accessEvent, isAccessEvent } from './access-event.ts'
import { addressOf } from './address.ts'
import { type Alert, alertOf } from './alert.ts'
import { cameraEvent } from './camera-event.ts'
import { type Document, documentsOf } from './documents.ts'
import type { Setting } from './draft.ts'
import { heartbeat, isHeartbeat } from './heartbeat.ts'
import { withoutPeople } from './private.ts'

export const HIKVISION: HttpKind = { source: 'hikvision', methods: ['POST', 'PUT'] }

/**
 * Hikvision ISAPI: `EventNotificationAlert` as XML or JSON, alone or in a multipart body with pictures, posted by the device or read from its
 * alertStream. Cameras, recorders, thermal cameras, door controllers and face terminals speak it.
 * https://open.hikvision.com/hardware/XMLs/XML_EventNotificationAlert.html
 */
export const hikvision: Source = (arrival, context) => {
  const feed = arrival.feed ?? 'hikvision'
  const { documents, pictures, rejects } = documentsOf(arrival)
  const settings = context.feed?.(feed)
  const zone = settings?.zone ?? context.utcOffset
  const strict = settings?.strict === true
  const setting: Setting = { arrival, context, feed, pictures }
  const decoded: Decoded = {
    drafts: [],
    rejects: rejects.map((reject) => ({ feed, ...reject, ...(reject.part !== undefined && { part: withoutPeople(reject.part) }) })),
  }
  const texts = new Map<SignalDraft, string>()
  for (const document of documents) {
    const alert = alertOf(document.tree, { zone, now: context.now })
    const flaw = flawOf(alert, document, strict)
    if (flaw) {
      decoded.rejects.push({ feed, ...flaw, ...addressed(alert, arrival.remote), part: withoutPeople(document.text) })
      continue
    }
    const draft = draftOf(alert, setting)
    decoded.drafts.push(draft)
    texts.set(draft, document.text)
  }
  if (decoded.drafts.length === 0 && decoded.rejects.length === 0) return { ...decoded, ignored: 1 }
  return { ...decoded, part: (draft) => withoutPeople(texts.get(draft) ?? '') }
}

function draftOf(alert: Alert, setting: Setting): SignalDraft {
  if (isAccessEvent(alert)) return accessEvent(alert, setting)
  return isHeartbeat(alert) ? heartbeat(alert, setting) : cameraEvent(alert, setting)
}

const addressed = (alert: Alert, remote: string | undefined) => {
  const { address } = addressOf(alert, remote)
  return address === undefined ? {} : { address }
}

/** What is refused rather than mended; most of it only where the feed is strict. */
function flawOf({ eventType, mac, ip, time }: Alert, { mended }: Document, strict: boolean): Reject | undefined {
  if (eventType === '') return { reason: 'not-understood', detail: 'the alert has no eventType', where: '/eventType' }
  if (!strict) return undefined
  const refuse = (detail: string, where: string): Reject => ({ reason: 'invalid-data', detail, where })
  if (mended) return refuse('the XML is not well-formed', '/')
  if (time.assumed) return refuse(`dateTime is ${JSON.stringify(time.said ?? '')}, no time`, '/dateTime')
  if (time.mended) return refuse(`dateTime is ${JSON.stringify(time.said)}, not ISO 8601`, '/dateTime')
  if (mac === undefined && ip === undefined) return refuse('the alert has neither macAddress nor ipAddress', '/macAddress')
  return undefined
}
