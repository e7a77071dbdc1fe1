import type { Feed } from '../../shared/feed.ts'
import { forbidden, overloaded, type Problem, ProblemError, tooLarge } from '../../shared/problem.ts'
import { type AllowList, createAllowList } from './allow-list.ts'
import type { FeedBook } from './book.ts'
import { type Bucket, createBucket } from './bucket.ts'
import { HTTP_KINDS } from './http-kinds.ts'
import { createLane, type Lane } from './lane.ts'
import { LARGEST_MESSAGE } from './receiver.ts'

/** Messages a second of a feed for which nobody set a rate: four times what the busiest recorder sends. */
export const USUAL_RATE = 1_000
/** Seconds; a pause is over when somebody ends it, so nobody has to ask often. */
export const PAUSED_RETRY = 60
/** A message of more bytes counts as several, so that a flood of pictures is one too. */
const TOKEN_BYTES = 64 * 1024

/** Why a feed's message is not taken; 403, 413, 429 or 503. */
export interface Gate {
  readonly paused: boolean
  /** somebody set a rate: it holds for everybody who speaks for the feed, not for its own key alone */
  readonly limited: boolean
  /** bytes of one message at most */
  readonly largest: number
  /** @throws ProblemError 403 */
  assertAddress(remote: string | undefined): void
  /** @throws ProblemError 413 */
  assertSize(bytes: number): void
  /** @throws ProblemError 503: a pause is no refusal, whoever can keep the message shall send it later */
  assertOpen(): void
  /** @throws ProblemError 429 */
  assertRate(): void
  allows(remote: string | undefined): boolean
  /** ms until its next message is welcome */
  wait(): number
  /** counts a message that came */
  count(bytes: number): void
  readonly lane: Lane
}

export interface Gates {
  of(feed: string): Gate
}

/** More strangers' names than this are forgotten again. */
const MOST = 5_000

/** What people allow a feed, kept at the door: nothing that is refused here costs the engine anything. */
export function createGates({
  book,
  now = () => performance.now(),
}: {
  book: Pick<FeedBook, 'get' | 'onChange'>
  now?: () => number
}): Gates {
  const gates = new Map<string, { gate: Gate; feed: Feed | undefined }>()
  book.onChange(() => {
    for (const [id, { feed }] of gates) if (feed !== book.get(id)) gates.delete(id)
  })
  return {
    of(id) {
      const known = gates.get(id)
      if (known) return known.gate
      if (gates.size >= MOST) gates.delete(gates.keys().next().value!)
      const feed = book.get(id)
      const gate = createGate(id, feed, now)
      gates.set(id, { gate, feed })
      return gate
    },
  }
}

function createGate(id: string, feed: Feed | undefined, now: () => number): Gate {
  const list: AllowList = createAllowList(feed?.allow)
  const rate = feed?.rate ?? USUAL_RATE
  const bucket: Bucket = createBucket(rate)
  const largest = Math.min(feed?.maxBytes ?? (feed && HTTP_KINDS[feed.kind]?.maxBytes) ?? LARGEST_MESSAGE, LARGEST_MESSAGE)
  const wait = () => bucket.wait(now())
  return {
    paused: feed?.state === 'paused',
    limited: feed?.rate !== undefined,
    largest,
    allows: list.has,
    wait,
    count: (bytes) => bucket.take(now(), Math.max(1, Math.ceil(bytes / TOKEN_BYTES))),
    lane: createLane(),
    assertAddress(remote) {
      if (!list.has(remote)) throw forbidden(`${remote ?? 'This address'} may not speak for ${id}: add it to the addresses of the feed.`)
    },
    assertSize(bytes) {
      if (bytes > largest) throw tooLarge(`Send at most ${largest} bytes to ${id}, or raise maxBytes of the feed.`)
    },
    assertOpen() {
      if (feed?.state === 'paused')
        throw overloaded(`${id} is paused: send it again when it goes on.`, { title: 'Paused', retryAfter: PAUSED_RETRY })
    },
    assertRate() {
      const ms = wait()
      if (ms > 0) throw tooMany(id, rate, ms)
    },
  }
}

const tooMany = (id: string, rate: number, ms: number) =>
  new ProblemError({
    type: 'about:blank',
    title: 'Too many messages',
    status: 429,
    detail: `${id} may send ${rate} messages a second over ten seconds: wait, or raise rate of the feed.`,
    retryAfter: Math.ceil(ms / 1_000),
  } satisfies Problem)
