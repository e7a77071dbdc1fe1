import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Arrival, Receipt } from '../../shared/arrival.ts'
import { type Problem, ProblemError } from '../../shared/problem.ts'
import { type AuthorizeFeed, LARGEST_MESSAGE, type Receiver } from './receiver.ts'

export interface HttpFeedOptions {
  engine: Receiver
  authorizeFeed: AuthorizeFeed
}

/**
 * `POST /feeds/events`: CloudEvents 1.0 over HTTP, structured, batch and binary. 202 after the commit (I1).
 * Register it as a plugin: its body parser reads raw bytes and stays inside.
 */
export function createHttpFeed({ engine, authorizeFeed }: HttpFeedOptions) {
  const keys = new WeakMap<FastifyRequest, { feed?: string }>()
  return async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    app.setErrorHandler(sendProblem)
    app.post('/feeds/events', { bodyLimit: LARGEST_MESSAGE, onRequest: authorize }, receive)
    app.post('/feeds/hikvision/:feed', { onRequest: [authorize, notYet] }, notYet)

    async function authorize(request: FastifyRequest, reply: FastifyReply) {
      const key = authorizeFeed(request.headers.authorization)
      if (key) {
        keys.set(request, key)
        return
      }
      reply.header('WWW-Authenticate', 'Bearer realm="feeds"')
      throw new ProblemError(KEY_NEEDED)
    }

    async function receive(request: FastifyRequest, reply: FastifyReply) {
      const receipt = await engine.receive(arrivalOf(request, keys.get(request)?.feed))
      return answer(receipt, reply)
    }
  }
}

/** Its pictures of faces may not be kept as they come, so until they can be read apart nothing is taken, and the sender is told. */
async function notYet(): Promise<never> {
  throw new ProblemError(ISAPI_NOT_READ)
}
const ISAPI_NOT_READ: Problem = {
  type: 'about:blank',
  title: 'Not implemented',
  status: 501,
  detail: 'ISAPI notifications are not read yet and nothing was kept: send CloudEvents to /feeds/events.',
}

const KEY_NEEDED: Problem = {
  type: 'about:blank',
  title: 'Feed key needed',
  status: 401,
  detail: 'Send the key of the feed: Authorization: Bearer <key>.',
}
const NOT_UNDERSTOOD: Problem = {
  type: 'about:blank',
  title: 'Unsupported media type',
  status: 415,
  detail: 'Send application/cloudevents+json, application/cloudevents-batch+json, or any type with the attributes in ce- headers.',
}

type Headers = FastifyRequest['headers']

function arrivalOf(request: FastifyRequest, feed: string | undefined): Arrival {
  const { headers } = request
  const source = sourceOf(headers)
  if (!source) throw new ProblemError(NOT_UNDERSTOOD)
  const bytes = (request.body as Buffer | undefined) ?? EMPTY
  const arrival: Arrival = { source, transport: 'http', bytes }
  if (feed !== undefined) arrival.feed = feed
  if (source === 'cloudevents-binary') arrival.headers = eventHeaders(headers)
  return arrival
}
const EMPTY = new Uint8Array(0)

/** HTTP binding 1.0.2, section 3: the media type decides first, then whether `ce-` headers are there. Bare JSON is read as structured. */
function sourceOf(headers: Headers): Arrival['source'] | undefined {
  const type = headers['content-type'] ?? ''
  const essence = type.split(';', 1)[0]!.trim().toLowerCase()
  if (essence === 'application/cloudevents+json') return 'cloudevents'
  if (essence === 'application/cloudevents-batch+json') return 'cloudevents-batch'
  if (essence.startsWith('application/cloudevents')) return undefined
  if ('ce-specversion' in headers || 'ce-id' in headers || 'ce-type' in headers) return 'cloudevents-binary'
  return essence === 'application/json' ? 'cloudevents' : undefined
}

function eventHeaders(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if ((name.startsWith('ce-') || name === 'content-type') && typeof value === 'string') kept[name] = value
  return kept
}

function answer(receipt: Receipt, reply: FastifyReply) {
  if ('problem' in receipt) throw new ProblemError(receipt.problem)
  const { accepted, duplicates, quarantined } = receipt
  return reply
    .code(202)
    .type('application/json; charset=utf-8')
    .send(`{"accepted":${accepted},"duplicates":${duplicates},"quarantined":${quarantined}}`)
}

/** Seconds after which a slowed sender may try again (I5). */
const RETRY_AFTER = 1

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error as Error & { statusCode?: number })
  if (problem.status === 503) reply.header('Retry-After', RETRY_AFTER)
  if (problem.status === 500) request.log.error(error)
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

function problemOf(error: Error & { statusCode?: number }): Problem {
  if (error instanceof ProblemError) return error.problem
  const status = error.statusCode ?? 500
  if (status === 413)
    return { type: 'about:blank', title: 'Too large', status, detail: `Send at most ${LARGEST_MESSAGE} bytes; split the batch.` }
  if (status === 415) return NOT_UNDERSTOOD
  if (status < 500) return { type: 'about:blank', title: 'Bad request', status, detail: error.message }
  return { type: 'about:blank', title: 'Internal error', status, detail: 'The message was not kept; send it again.' }
}
