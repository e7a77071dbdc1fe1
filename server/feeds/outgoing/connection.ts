import { setTimeout as sleep } from 'node:timers/promises'
import type { OutgoingOptions } from './client.ts'
import { insist } from './insist.ts'

/** What one connection tells of itself while it lasts. */
export interface Session {
  /** it stands: told to the engine, so that the gap ends */
  up(): Promise<void>
  /** something came over it */
  heard(): void
}

export interface Waits {
  /** ms before the second try, and at most; half of it is left to chance, so that a rack of recorders does not come back at once */
  first: number
  longest: number
  /** ms after the device refused name or password: cameras lock the account after a few wrong tries */
  refused: number
  random(): number
}
export const WAITS: Waits = { first: 1_000, longest: 60_000, refused: 300_000, random: Math.random }

/** The device knows us not: trying again soon makes it worse. */
export class Refused extends Error {}

/**
 * Runs `connect` again and again until it is told to stop, and tells the engine when the connection stands and when it is lost: what the device
 * said in between cannot be had again. `connect` ends or throws with the reason.
 */
export async function keepConnected(
  o: OutgoingOptions,
  connect: (session: Session) => Promise<string>,
  waits: Waits = WAITS,
): Promise<void> {
  let wait = waits.first
  let lastHeard: number | undefined
  while (!o.signal.aborted) {
    const session: Session = {
      up: () => report(o, { state: 'up', at: o.now() }),
      heard() {
        lastHeard = o.now()
        wait = waits.first
      },
    }
    const { reason, refused } = await connect(session).then(
      (reason) => ({ reason, refused: false }),
      (error: Error) => ({ reason: error.message || error.name, refused: error instanceof Refused }),
    )
    if (o.signal.aborted) return
    o.log.warn({ feed: o.feed.id, reason }, 'the connection of a feed is lost')
    await report(o, { state: 'down', at: lastHeard ?? o.now(), reason })
    lastHeard = undefined
    const pause = refused ? waits.refused : wait
    await sleep(pause * (0.5 + waits.random() / 2), undefined, { signal: o.signal }).catch(() => {})
    wait = Math.min(wait * 2, waits.longest)
  }
}

async function report(
  { engine, feed, signal }: OutgoingOptions,
  link: { state: 'up' | 'down'; at: number; reason?: string },
): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(link))
  await insist(engine, { source: 'feed-link', transport: 'link', feed: feed.id, bytes }, signal).catch(() => {})
}
