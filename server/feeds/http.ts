import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Arrival, Receipt } from '../../shared/arrival.ts'
import { type Problem, ProblemError } from '../../shared/problem.ts'
import { plainAddress } from './allow-list.ts'
import type { Gate, Gates } from './gates.ts'
import { NOT_UNDERSTOOD, sendProblem } from './http-problems.ts'
import { type AuthorizeFeed, LARGEST_MESSAGE, type Receiver } from './receiver.ts'

export interface HttpFeedOptions {
  engine: Receiver
  authorizeFeed: AuthorizeFeed
  gates: Gates
}

/**
 * `POST /feeds/events`: CloudEvents 1.0 over HTTP, structured, batch and binary. 202 after the commit (I1).
 * Register it as a plugin: its body parser reads raw bytes and stays inside.
 */
export function createHttpFeed({ engine, authorizeFeed, gates }: HttpFeedOptions) {
  const keys = new WeakMap<FastifyRequest, Key>()
  return async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    app.setErrorHandler(sendProblem)
    app.post('/feeds/events', { bodyLimit: LARGEST_MESSAGE, onRequest: authorize }, receive)

    async function authorize(request: FastifyRequest, reply: FastifyReply) {
      const key = authorizeFeed(request.headers.authorization)
      if (!key) {
        reply.header('WWW-Authenticate', 'Bearer realm="feeds"')
        throw new ProblemError(KEY_NEEDED)
      }
      const { feed } = key
      keys.set(request, feed === undefined ? {} : { feed, gate: await welcome(gates.of(feed), request) })
    }

    async function receive(request: FastifyRequest, reply: FastifyReply) {
      const { feed, gate } = keys.get(request)!
      const arrival = arrivalOf(request, feed)
      const receipt = await (gate ? take(gate, arrival) : engine.receive(arrival))
      gate?.judged(receipt, plainAddress(request.raw.socket.remoteAddress ?? ''), arrival.bytes.byteLength)
      return answer(receipt, reply)
    }

    function take(gate: Gate, arrival: Arrival): Promise<Receipt> {
      gate.assertSize(arrival.bytes.byteLength)
      gate.count(arrival.bytes.byteLength)
      return gate.lane.run(arrival.bytes.byteLength, () => engine.receive(arrival))
    }
  }
}

interface Key {
  /** absent: the general key, which nothing holds back but the engine */
  feed?: string
  gate?: Gate
}

async function welcome(gate: Gate, { headers, raw }: FastifyRequest): Promise<Gate> {
  const remote = plainAddress(raw.socket.remoteAddress ?? '')
  gate.assertAddress(remote)
  gate.assertSize(Number(headers['content-length'] ?? 0))
  gate.assertOpen()
  await gate.hold(remote)
  gate.assertRate(remote)
  return gate
}

const KEY_NEEDED: Problem = {
  type: 'about:blank',
  title: 'Feed key needed',
  status: 401,
  detail: 'Send the key of the feed: Authorization: Bearer <key>.',
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
