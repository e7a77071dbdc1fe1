import { setTimeout as sleep } from 'node:timers/promises'
import type { Receipt } from '../../shared/arrival.ts'
import type { Feed } from '../../shared/feed.ts'
import { forbidden, overloaded, type Problem, ProblemError, tooLarge } from '../../shared/problem.ts'
import { createAllowList } from './allow-list.ts'
import type { FeedBook } from './book.ts'
import { createBucket } from './bucket.ts'
import { HTTP_KINDS } from './http-kinds.ts'
import { createLane, type Lane } from './lane.ts'
import { createNonsense } from './nonsense.ts'
import { LARGEST_MESSAGE } from './receiver.ts'

/** Messages a second of a feed for which nobody set a rate: four times what the busiest recorder sends. */
export const USUAL_RATE = 1_000
/** Seconds; a pause is over when somebody ends it, so nobody has to ask often. */
export const PAUSED_RETRY = 60
/** A message of more bytes counts as several, so that a flood of pictures is one too. */
const TOKEN_BYTES = 64 * 1024
/** What nobody understands is read to its end, hashed and kept: it costs by its length. */
const NONSENSE_BYTES = 8 * 1024
/** ms for which an answer over HTTP is held back before it is a refusal, and how many are: a loop without a pause turns slowly then. */
const HOLD = 1_000
const MOST_HELD = 64

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
  assertRate(remote?: string): void
  /** waits a moment for a sender over its rate; what then? `assertRate` says */
  hold(remote?: string): Promise<void>
  allows(remote: string | undefined): boolean
  /** ms until its next message is welcome; of this sender, when it is said */
  wait(remote?: string): number
  /** counts a message that came */
  count(bytes: number): void
  /** what became of it: a sender whose messages nobody understands is held back sooner */
  judged(receipt: Receipt, remote: string | undefined, bytes?: number): void
  readonly lane: Lane
}

export interface Gates {
  of(feed: string): Gate
}
export interface GatesOptions {
  book: Pick<FeedBook, 'get' | 'onChange'>
  /** monotonic, ms */
  now?: () => number
  hold?: number
}

/** More strangers' names than this are forgotten again. */
const MOST = 5_000

/** What people allow a feed, kept at the door: nothing that is refused here costs the engine anything. */
export function createGates({ book, now = () => performance.now(), hold = HOLD }: GatesOptions): Gates {
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
      const gate = createGate(id, feed, now, hold)
      gates.set(id, { gate, feed })
      return gate
    },
  }
}

function createGate(id: string, feed: Feed | undefined, now: () => number, holdFor: number): Gate {
  const list = createAllowList(feed?.allow)
  const rate = feed?.rate ?? USUAL_RATE
  const bucket = createBucket(rate)
  const nonsense = createNonsense(rate)
  const largest = Math.min(feed?.maxBytes ?? (feed && HTTP_KINDS[feed.kind]?.maxBytes) ?? LARGEST_MESSAGE, LARGEST_MESSAGE)
  const wait = (remote?: string) => Math.max(bucket.wait(now()), nonsense.wait(remote, now()))
  let held = 0
  return {
    paused: feed?.state === 'paused',
    limited: feed?.rate !== undefined,
    largest,
    allows: list.has,
    wait,
    count: (bytes) => bucket.take(now(), Math.max(1, Math.ceil(bytes / TOKEN_BYTES))),
    judged(receipt, remote, bytes = 0) {
      if ('problem' in receipt || receipt.quarantined === 0) return
      nonsense.add(remote, Math.max(receipt.quarantined, Math.ceil(bytes / NONSENSE_BYTES)), now())
    },
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
    assertRate(remote) {
      if (bucket.wait(now()) > 0)
        throw tooMany(`${id} may send ${rate} messages a second over ten seconds: wait, or raise rate of the feed.`, wait(remote))
      if (wait(remote) > 0)
        throw tooMany(`Too much of what ${remote} sends for ${id} is not understood: look into the quarantine, then go on.`, wait(remote))
    },
    async hold(remote) {
      const ms = wait(remote)
      if (ms <= 0 || held >= MOST_HELD) return
      // one after another: who wakes together falls upon the engine together
      const gap = 1_000 / (bucket.wait(now()) > 0 ? rate : nonsense.most)
      const turn = held++ * gap
      await sleep(Math.min(ms + turn, holdFor)).finally(() => held--)
    },
  }
}

const tooMany = (detail: string, ms: number) =>
  new ProblemError({
    type: 'about:blank',
    title: 'Too many messages',
    status: 429,
    detail,
    retryAfter: Math.ceil(ms / 1_000),
  } satisfies Problem)
