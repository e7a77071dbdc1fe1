import type { Arrival, Source } from '../../../shared/arrival.ts'
import { fromOne, refuse } from './cloudevents.ts'
import { type Attributes, flawOf } from './envelope.ts'
import { charsetOf, isJsonType, jsonOf, NO_DATA } from './event-data.ts'

const PREFIX = 'ce-'

/** HTTP binding 1.0.2, section 3.1: attributes in `ce-` headers, percent-encoded, the data in the body. */
export const cloudEventsBinary: Source = (arrival, context) => {
  const attributes = attributesOf(arrival.headers ?? {})
  const flaw = flawOf(attributes)
  if (flaw) return refuse([{ ...flaw, field: `${PREFIX}${flaw.field}` }])
  return fromOne({ ...attributes, data: dataOf(arrival) }, arrival, context.now)
}

function attributesOf(headers: Record<string, string>): Attributes {
  const attributes: Attributes = {}
  for (const [name, value] of Object.entries(headers)) if (name.startsWith(PREFIX)) attributes[name.slice(PREFIX.length)] = decoded(value)
  // these are of the JSON format alone: as headers they would pose as data
  delete attributes.data
  delete attributes.data_base64
  delete attributes.datacontenttype
  return attributes
}

/** what is not sound percent-encoding is taken as it stands */
function decoded(value: string): string {
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

function dataOf(arrival: Arrival): unknown {
  const contentType = arrival.headers?.['content-type'] ?? 'application/json'
  if (arrival.bytes.length === 0) return undefined
  return isJsonType(contentType) ? jsonOf(arrival.bytes, charsetOf(contentType)) : NO_DATA
}
