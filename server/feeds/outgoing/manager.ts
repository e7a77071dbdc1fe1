import { setTimeout as sleep } from 'node:timers/promises'
import { type Feed, isOutgoing } from '../../../shared/feed.ts'
import type { FeedBook } from '../book.ts'
import type { Log, Receiver } from '../receiver.ts'
import type { OutgoingClient } from './client.ts'

export interface OutgoingManagerOptions {
  book: Pick<FeedBook, 'all' | 'password' | 'onChange'>
  engine: Receiver
  log: Log
  /** by the kind of the feed */
  clients: Readonly<Record<string, OutgoingClient>>
  /** real time, ms */
  now(): number
  /** ms before a client that ended unasked is started again: at first, and at most */
  restartAfter?: { first: number; longest: number }
}

interface Running {
  /** of the record, what the connection depends on */
  says: string
  stopping: AbortController
  ended: Promise<void>
}

const RESTART_AFTER = { first: 1_000, longest: 60_000 }
/** ms that a client has to end when it is told to */
const PATIENCE = 2_000

/** Keeps one client for each active feed that we call, and starts it anew when the record of the feed is another. */
export function startOutgoing(options: OutgoingManagerOptions): { running(): string[]; close(): Promise<void> } {
  const { book, clients } = options
  const running = new Map<string, Running>()

  function follow() {
    const wanted = new Map(book.all().flatMap((feed) => (isWanted(feed, clients) ? [[feed.id, feed] as const] : [])))
    for (const [id, { says }] of running) if (says !== concerning(wanted.get(id), book)) stop(id)
    for (const [id, feed] of wanted) if (!running.has(id)) start(feed)
  }
  function start(feed: Feed) {
    const stopping = new AbortController()
    const ended = keepRunning(options, feed, stopping.signal)
    running.set(feed.id, { says: concerning(feed, book), stopping, ended })
  }
  function stop(id: string): Promise<void> | undefined {
    const one = running.get(id)
    running.delete(id)
    one?.stopping.abort()
    return one?.ended
  }

  follow()
  const unfollow = book.onChange(follow)
  return {
    running: () => [...running.keys()],
    async close() {
      unfollow()
      await Promise.race([Promise.all([...running.keys()].map(stop)), sleep(PATIENCE, undefined, { ref: false })])
    },
  }
}

const isWanted = (feed: Feed, clients: OutgoingManagerOptions['clients']) =>
  feed.state === 'active' && isOutgoing(feed.kind) && feed.connection !== undefined && Object.hasOwn(clients, feed.kind)

/** A new name or a new limit is no reason to hang up: what is sent meanwhile could not be had again. */
function concerning(feed: Feed | undefined, book: Pick<FeedBook, 'password'>): string {
  if (!feed) return ''
  const { name: _, version: _version, allow: _allow, rate: _rate, maxBytes: _maxBytes, silentAfter: _silentAfter, ...rest } = feed
  return JSON.stringify([rest, book.password(feed.id)])
}

/** A client reconnects by itself; one that ends or throws all the same is started again, later and later. */
async function keepRunning(o: OutgoingManagerOptions, feed: Feed, signal: AbortSignal): Promise<void> {
  const { first, longest } = o.restartAfter ?? RESTART_AFTER
  for (let wait = first; !signal.aborted; wait = Math.min(wait * 2, longest)) {
    const began = o.now()
    const reason = await runOnce(o, feed, signal)
    if (signal.aborted) return
    o.log.warn({ feed: feed.id, kind: feed.kind, reason }, 'the client of a feed ended: it is started again')
    if (o.now() - began > longest) wait = first
    await sleep(wait, undefined, { signal }).catch(() => {})
  }
}

async function runOnce(o: OutgoingManagerOptions, feed: Feed, signal: AbortSignal): Promise<string> {
  const { engine, log, now } = o
  const password = o.book.password(feed.id)
  try {
    await o.clients[feed.kind]!({ feed, engine, log, signal, now, ...(password !== undefined && { password }) })
    return 'ended'
  } catch (error) {
    return (error as Error).message
  }
}
