/** One event as a Dahua device tells it, over the attach stream or by direct upload. */
export interface DahuaEvent {
  code: string
  /** Start, Stop, Pulse, or what the firmware made up */
  action: string
  index?: number
  data: Readonly<Record<string, unknown>>
  /** the text of `data=` that is no whole JSON (firmware cuts long ones): `data` holds what could be saved of it */
  cut?: string
  /** the event's own words */
  text: string
  /** where it stands in the message, characters */
  at: number
}

const EVENT = /(^|[\r\n])[ \t]*Code=/g
const BOUNDARY = /[\r\n]--[^\r\n]*(?=[\r\n]|$)/

/**
 * `Code=…;action=…;index=…;data={…}`, as many as the text holds; whatever stands between them (boundaries, part headers, Heartbeat) is
 * skipped, so that a wrong Content-Length harms no event. Dahua HTTP API, "Subscribe to event message".
 */
export function eventsOfText(text: string): DahuaEvent[] {
  const starts = [...text.matchAll(EVENT)].map((match) => match.index + match[1]!.length)
  return starts.map((start, n) => {
    const words = text.slice(start, starts[n + 1] ?? text.length)
    const boundary = BOUNDARY.exec(words)
    return eventOf((boundary ? words.slice(0, boundary.index) : words).trim(), start)
  })
}

function eventOf(text: string, at: number): DahuaEvent {
  const dataAt = text.search(/;\s*data=/)
  const head = fieldsOf(dataAt < 0 ? text : text.slice(0, dataAt))
  const event: DahuaEvent = { code: head.code ?? '', action: head.action ?? '', data: {}, text, at }
  if (head.index !== undefined && /^\d{1,5}$/.test(head.index)) event.index = Number(head.index)
  if (dataAt < 0) return event
  const json = text.slice(text.indexOf('=', dataAt) + 1).trim()
  return { ...event, ...readData(json) }
}

function fieldsOf(head: string): Record<'code' | 'action' | 'index', string | undefined> {
  const fields: Record<string, string> = {}
  for (const field of head.split(';')) {
    const equals = field.indexOf('=')
    if (equals > 0) fields[field.slice(0, equals).trim().toLowerCase()] = field.slice(equals + 1).trim()
  }
  return { code: fields.code, action: fields.action, index: fields.index }
}

function readData(json: string): Pick<DahuaEvent, 'data' | 'cut'> {
  const whole = parseObject(json)
  if (whole) return { data: whole }
  const saved = wholePart(json)
  return { data: (saved !== undefined && parseObject(saved)) || {}, cut: json }
}

export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Deeper than any event; a bomb is not followed down. */
const DEEPEST = 32

/** The longest beginning of a cut JSON object that is whole, its brackets closed; undefined when nothing is. */
export function wholePart(json: string): string | undefined {
  const open: string[] = []
  let safe: { to: number; close: string } | undefined
  let inString = false
  for (let i = 0; i < json.length; i++) {
    const sign = json[i]!
    if (inString) {
      if (sign === '\\') i++
      else if (sign === '"') inString = false
    } else if (sign === '"') inString = true
    else if (sign === '{' || sign === '[') open.push(sign === '{' ? '}' : ']')
    else if (sign === '}' || sign === ']') {
      if (open.pop() !== sign) break
      if (open.length === 0) return json.slice(0, i + 1)
    }
    if (open.length > DEEPEST) break
    if (!inString && sign === ',' && open.length <= DEEPEST) safe = { to: i, close: open.toReversed().join('') }
  }
  return safe && json.slice(0, safe.to) + safe.close
}
