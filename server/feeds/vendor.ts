import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Arrival, Receipt } from '../../shared/arrival.ts'
import type { Feed } from '../../shared/feed.ts'
import { forbidden, notFound, type Problem, ProblemError } from '../../shared/problem.ts'
import { plainAddress } from './allow-list.ts'
import type { FeedBook } from './book.ts'
import { type Caller, callerOf } from './credentials.ts'
import type { Gate, Gates } from './gates.ts'
import type { HttpKind, HttpReply } from './http-kind.ts'
import { HTTP_KINDS } from './http-kinds.ts'
import { problemOf, sendProblem } from './http-problems.ts'
import { inflate } from './inflate.ts'
import { patiently } from './patience.ts'
import { type AuthorizeFeed, LARGEST_MESSAGE, type Receiver } from './receiver.ts'

export interface VendorOptions {
  engine: Receiver
  authorizeFeed: AuthorizeFeed
  book: Pick<FeedBook, 'get'>
  gates: Gates
  /** demo mode: a feed that nobody made comes into being with its first message */
  meet?(kind: string, feed: string): Promise<unknown>
}

/** One request, as far as it is known before its body. */
interface Visit {
  kind: HttpKind
  feed: string
  caller: Caller
  gate: Gate
  headers: Record<string, string>
  encoding: string | undefined
}

type Path = { kind: string; feed: string; secret?: string }
const PATHS = ['/feeds/:kind/:feed', '/feeds/:kind/:feed/:secret']
const METHODS = ['POST', 'PUT', 'GET'] as const
const FEED_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/**
 * What vendors' devices and platforms post: `/feeds/<kind>/<feed>`, with the secret wherever their firmware lets one put it. Whatever can
 * be refused is refused before the body is read. Register it as a plugin: its body parser reads raw bytes and stays inside.
 */
export function createVendorFeeds({ engine, authorizeFeed, book, gates, meet }: VendorOptions) {
  const visits = new WeakMap<FastifyRequest, Visit>()

  async function open(request: FastifyRequest, reply: FastifyReply) {
    const { kind: name, feed, secret } = request.params as Path
    const kind = kindOf(name)
    const query = (request.query as Record<string, string>).key
    const caller = callerOf({ authorization: request.headers.authorization, query, path: secret }, authorizeFeed)
    if (!caller) {
      reply.header('WWW-Authenticate', ['Basic realm="feeds"', 'Bearer realm="feeds"'])
      throw new ProblemError(KEY_NEEDED)
    }
    const { 'content-encoding': encoding } = request.headers
    const gate = gates.of(feed)
    visits.set(request, { kind, feed, caller, gate, headers: headersFor(kind, request), encoding })
    anyType(request)
    assertOwn(caller, feed)
    assertMethod(kind, request.method, reply)
    assertFeed(name, feed, book.get(feed), meet !== undefined)
    gate.assertAddress(addressOf(request))
    if (request.method === 'GET') return
    gate.assertSize(Number(request.headers['content-length'] ?? 0))
    assertWelcome(kind, gate)
    if (kind.patient !== undefined) return
    await gate.hold(addressOf(request))
    gate.assertRate(addressOf(request))
  }

  async function receive(request: FastifyRequest, reply: FastifyReply) {
    const visit = visits.get(request)!
    const { kind, feed, gate, encoding } = visit
    const packed = (request.body as Buffer | undefined) ?? EMPTY
    gate.assertSize(packed.byteLength)
    const bytes = await inflate(packed, encoding, gate.largest)
    const query = request.query as Record<string, string>
    const challenge = kind.challenge?.({ method: request.method, query, body: bytes })
    if (challenge) return send(reply, challenge)
    await untilWelcome(kind, gate, addressOf(request))
    gate.count(bytes.byteLength)
    const { kind: name } = request.params as Path
    if (meet && !book.get(feed)) await meet(name, feed)
    const arrival: Arrival = { source: kind.source, transport: 'http', feed, headers: visit.headers, remote: addressOf(request), bytes }
    const receipt = await patiently(kind.patient, () => gate.lane.run(bytes.byteLength, () => engine.receive(arrival)))
    gate.judged(receipt, arrival.remote, bytes.byteLength)
    return answer(reply, visit, receipt, book.get(feed))
  }

  /** A device is told in its own words, when it has any. */
  function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const visit = visits.get(request)
    const problem = problemOf(error as Error)
    const words = visit?.caller.means === 'device' ? visit.kind.reply?.({ problem }) : undefined
    if (!words) return sendProblem(error, request, reply)
    if (problem.status === 500) request.log.error(error)
    return send(reply, words)
  }

  return async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    app.setErrorHandler(refuse)
    for (const url of PATHS) app.route({ method: [...METHODS], url, bodyLimit: LARGEST_MESSAGE, onRequest: open, handler: receive })
  }
}

const EMPTY = new Uint8Array(0)

function kindOf(name: string): HttpKind {
  if (Object.hasOwn(HTTP_KINDS, name)) return HTTP_KINDS[name]!
  throw notFound(`Nothing is spoken at /feeds/${name}: use one of ${Object.keys(HTTP_KINDS).join(', ')}, or /feeds/events.`, {
    kinds: Object.keys(HTTP_KINDS),
  })
}

function assertOwn({ feed: own }: Caller, feed: string) {
  if (own !== undefined && own !== feed) throw forbidden(`This is the key of ${own}: send to its own address, or use the key of ${feed}.`)
}

function assertMethod({ methods = ['POST'] }: HttpKind, method: string, reply: FastifyReply) {
  if (methods.includes(method as 'POST')) return
  reply.header('Allow', methods.join(', '))
  throw new ProblemError({ type: 'about:blank', title: 'Method not allowed', status: 405, detail: `Send with ${methods.join(' or ')}.` })
}

function assertFeed(kind: string, id: string, feed: Feed | undefined, mayBeMet: boolean) {
  if (feed && feed.kind !== kind)
    throw new ProblemError({
      type: 'about:blank',
      title: 'Another kind',
      status: 409,
      detail: `${id} is a feed of kind ${feed.kind}, not ${kind}: send to /feeds/${feed.kind}/${id}, or make another feed of kind ${kind}.`,
    })
  if (feed) return
  if (!mayBeMet) throw notFound(`There is no feed ${id}: make it in the desk or with POST /api/feeds {"id": "${id}", "kind": "${kind}"}.`)
  if (!FEED_ID.test(id)) throw notFound(`${id} cannot be the id of a feed: use letters, digits, dot, dash and underscore.`)
}

/**
 * Who is told to come later keeps the message. A platform that takes any refusal amiss is told that all is well: then the message goes in,
 * and lies in quarantine until the feed goes on.
 */
function assertWelcome(kind: HttpKind, gate: Gate) {
  try {
    gate.assertOpen()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    const told = kind.reply?.({ problem: error.problem })
    if (!told || told.status >= 300) throw error
  }
}

/** Who takes a refusal amiss is held back within its rate as long as it has patience. */
async function untilWelcome({ patient }: HttpKind, gate: Gate, remote: string) {
  if (patient === undefined) return
  const wait = gate.wait(remote)
  if (wait > 0) await sleep(Math.min(wait, patient))
  gate.assertRate(remote)
}

/** Firmware writes what it likes there: the parser shall not stumble over it. */
function anyType({ raw }: FastifyRequest) {
  raw.headers['content-type'] = 'application/octet-stream'
}

function headersFor(kind: HttpKind, { headers }: FastifyRequest): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of ['content-type', ...(kind.headers ?? [])]) {
    const value = headers[name]
    if (typeof value === 'string') kept[name] = value
  }
  return kept
}

const addressOf = ({ raw }: FastifyRequest) => plainAddress(raw.socket.remoteAddress ?? '')

const KEY_NEEDED: Problem = {
  type: 'about:blank',
  title: 'Feed key needed',
  status: 401,
  detail: 'Send the secret of the feed: as Authorization: Bearer, as the password of Basic, as ?key=, or as the last part of the path.',
}

function answer(reply: FastifyReply, { kind, caller }: Visit, receipt: Receipt, feed: Feed | undefined) {
  const set = 'problem' in receipt ? undefined : kind.answer?.(feed)
  if (set) return send(reply, set)
  const words = caller.means === 'device' ? kind.reply?.({ receipt }) : undefined
  if (words) return send(reply, words)
  if ('problem' in receipt) throw new ProblemError(receipt.problem)
  const { accepted, duplicates, quarantined } = receipt
  return send(reply, {
    status: caller.means === 'device' || kind.plain ? 200 : 202,
    type: 'application/json; charset=utf-8',
    body: `{"accepted":${accepted},"duplicates":${duplicates},"quarantined":${quarantined}}`,
  })
}

const send = (reply: FastifyReply, { status, type, body }: HttpReply) => reply.code(status).type(type).send(body)
