import type { Arrival, Decoded, Reject, Source } from '../../../shared/arrival.ts'
import type { Problem } from '../../../shared/problem.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import { type Attributes, draftOf, type Flaw, flawOf } from './envelope.ts'
import { textOf } from './text.ts'

/** CloudEvents 1.0.2 in the JSON event format: one event or a list of them. */
export const cloudEvents: Source = (arrival, context) => {
  const read = parse(arrival.bytes)
  if ('problem' in read) return { drafts: [], rejects: [], problem: read.problem }
  return Array.isArray(read.value) ? fromList(read.value, arrival, context.now) : fromOne(read.value, arrival, context.now)
}

/** The JSON batch format: a list and nothing else. */
export const cloudEventsBatch: Source = (arrival, context) => {
  const read = parse(arrival.bytes)
  if ('problem' in read) return { drafts: [], rejects: [], problem: read.problem }
  if (Array.isArray(read.value)) return fromList(read.value, arrival, context.now)
  return refuse([{ field: '', detail: 'is not a list', fix: 'send a JSON list of events, or application/cloudevents+json' }])
}

/** The feed for which the sender may speak: that of its key, else that of its topic. */
export function expectedFeed(arrival: Arrival): string | undefined {
  return arrival.feed ?? topicFeed(arrival.topic)
}
const topicFeed = (topic: string | undefined) => (topic === undefined ? undefined : /^linwang\/([^/]+)\/events$/.exec(topic)?.[1])

export function refuse(flaws: Flaw[]): Decoded {
  const [first] = flaws
  const errors = flaws.slice(0, 20)
  const detail = first!.field === '' ? `The message ${first!.detail}.` : `${first!.field} ${first!.detail}.`
  return { drafts: [], rejects: [], problem: { type: 'about:blank', title: 'Malformed CloudEvent', status: 400, detail, errors } }
}

function parse(bytes: Uint8Array): { value: unknown } | { problem: Problem } {
  const text = textOf(bytes)
  if (text === undefined) return { problem: refuse([{ field: '', detail: 'is not UTF-8', fix: 'send JSON in UTF-8' }]).problem! }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    const detail = `is not JSON: ${(error as Error).message.slice(0, 200)}`
    return { problem: refuse([{ field: '', detail, fix: 'send one JSON object, or a list of them' }]).problem! }
  }
}

const isAttributes = (value: unknown): value is Attributes => typeof value === 'object' && value !== null && !Array.isArray(value)
const envelopeFlaw = (event: unknown): Flaw | undefined =>
  isAttributes(event) ? flawOf(event) : { field: '', detail: 'is not a JSON object', fix: 'send a CloudEvent' }

export function fromOne(event: unknown, arrival: Arrival, now: number): Decoded {
  const flaw = envelopeFlaw(event)
  if (flaw) return refuse([flaw])
  const result = draftOf(event as Attributes, wrongTopic(arrival) ?? expectedFeed(arrival), now)
  return 'reason' in result ? { drafts: [], rejects: [result] } : { drafts: [result], rejects: [] }
}

/** A key of one feed on the topic of another speaks for neither: nothing matches this name. */
function wrongTopic(arrival: Arrival): string | undefined {
  const topic = topicFeed(arrival.topic)
  return topic !== undefined && arrival.feed !== undefined && topic !== arrival.feed ? `${arrival.feed} on ${arrival.topic}` : undefined
}

/** One bad event never fails its batch (I3); a batch in which no envelope is sound is refused as a whole. */
function fromList(events: unknown[], arrival: Arrival, now: number): Decoded {
  const drafts: SignalDraft[] = []
  const rejects: Reject[] = []
  const flaws: Flaw[] = []
  const origins: unknown[] = []
  const expected = wrongTopic(arrival) ?? expectedFeed(arrival)
  for (let i = 0; i < events.length; i++) {
    const event = events[i]
    const flaw = envelopeFlaw(event)
    if (flaw) {
      flaws.push({ ...flaw, field: `/${i}${flaw.field && `/${flaw.field}`}` })
      rejects.push(malformed(event, flaw, i))
      continue
    }
    const result = draftOf(event as Attributes, expected, now)
    if ('reason' in result) rejects.push({ ...result, where: `/${i}${result.where ?? ''}`, part: partOf(event) })
    else {
      drafts.push(result)
      origins.push(event)
    }
  }
  if (flaws.length > 0 && flaws.length === events.length) return refuse(flaws)
  return { drafts, rejects, part: partsOf(drafts, origins) }
}

/** looked up from the first draft that is not understood on: most messages never ask */
function partsOf(drafts: SignalDraft[], origins: unknown[]): (draft: SignalDraft) => string {
  let index: Map<SignalDraft, unknown> | undefined
  return (draft) => {
    index ??= new Map(drafts.map((one, i) => [one, origins[i]]))
    return partOf(index.get(draft)) ?? ''
  }
}

function malformed(event: unknown, flaw: Flaw, index: number): Reject {
  const { id, subject } = isAttributes(event) ? event : {}
  return {
    reason: 'malformed',
    detail: `${flaw.field || 'the event'} ${flaw.detail}: ${flaw.fix}`,
    where: `/${index}${flaw.field && `/${flaw.field}`}`,
    part: partOf(event),
    ...(typeof id === 'string' && { id: id.slice(0, 512) }),
    ...(typeof subject === 'string' && { address: subject.slice(0, 512) }),
  }
}

/** undefined when it nests too deep to be written down: the whole message is kept then */
function partOf(event: unknown): string | undefined {
  try {
    return JSON.stringify(event)
  } catch {
    return undefined
  }
}
