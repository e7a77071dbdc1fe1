/** The event has data that cannot be read as JSON. */
export const NO_DATA = Symbol('no data')

const JSON_TYPE = /^(?:application|text)\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i
export const isJsonType = (contentType: string) => JSON_TYPE.test(contentType)

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Data of a structured event (JSON event format 1.0.2, section 3.1): any JSON value, or base64 of JSON. */
export function eventData(event: Record<string, unknown>): unknown {
  if (event.data_base64 != null) return fromBase64(event.data_base64)
  if (typeof event.datacontenttype === 'string' && !isJsonType(event.datacontenttype)) return NO_DATA
  return event.data
}

function fromBase64(text: unknown): unknown {
  if (typeof text !== 'string' || !BASE64.test(text)) return NO_DATA
  return jsonOf(Buffer.from(text, 'base64'))
}

/** `charset` as the content type names it; UTF-8 when it names none. */
export function jsonOf(bytes: Uint8Array, charset = 'utf-8'): unknown {
  try {
    return JSON.parse(new TextDecoder(charset, { fatal: true }).decode(bytes)) as unknown
  } catch {
    return NO_DATA
  }
}

export const charsetOf = (contentType: string) => /;\s*charset="?([\w-]+)"?/i.exec(contentType)?.[1]
