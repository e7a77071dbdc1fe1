import type { Feed } from '../../../shared/feed.ts'
import type { JsonMap } from '../../../shared/field-map.ts'
import type { HttpKind, HttpReply } from '../http-kind.ts'

/** Every platform has its own word for success; the map of the feed says which. */
export const jsonKind: HttpKind = { source: 'json', methods: ['POST', 'PUT'], answer: answerOf }

function answerOf(feed: Feed | undefined): HttpReply | undefined {
  const answer = (feed?.map as Partial<JsonMap> | undefined)?.answer
  if (typeof answer !== 'object' || answer === null || answer.body === undefined) return undefined
  const { status = 200, body } = answer
  return typeof body === 'string'
    ? { status, type: 'text/plain; charset=utf-8', body }
    : { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) }
}
