import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { OutgoingClient, OutgoingOptions } from '../../server/feeds/outgoing/client.ts'
import { startOutgoing } from '../../server/feeds/outgoing/manager.ts'
import type { Receiver } from '../../server/feeds/receiver.ts'
import type { Feed } from '../../shared/feed.ts'
import { feedOf, testBook } from '../support/feeds.ts'
import { silentLog, until } from '../support/receiver.ts'

const engine: Receiver = { pressure: 0, receive: async () => ({ accepted: 0, duplicates: 0, quarantined: 0, ids: [] }) }
const roof = (more: Partial<Feed> = {}) =>
  feedOf('roof', { kind: 'hikvision-alertstream', connection: { url: 'http://10.0.0.5', username: 'admin' }, ...more })

/** A client that does nothing but live, and tells of it. */
function recorder() {
  const lives: { url: string | undefined; password: string | undefined; ended: boolean }[] = []
  const client: OutgoingClient = ({ feed, password, signal }: OutgoingOptions) => {
    const life = { url: feed.connection?.url, password, ended: false }
    lives.push(life)
    return new Promise((done) =>
      signal.addEventListener('abort', () => {
        life.ended = true
        done()
      }),
    )
  }
  return { lives, client }
}

let stop: (() => Promise<void>) | undefined
afterEach(() => stop?.())

function start(book: ReturnType<typeof testBook>, client: OutgoingClient, restartAfter = { first: 20, longest: 100 }) {
  const manager = startOutgoing({ book, engine, log: silentLog, clients: { 'hikvision-alertstream': client }, now: Date.now, restartAfter })
  stop = manager.close
  return manager
}

test('[I1] one client for each active feed that we call, with its password, and none for the others', async () => {
  const book = testBook(roof(), feedOf('gate'), feedOf('cellar', { kind: 'onvif-pull', connection: { url: 'http://10.0.0.6' } }))
  book.passwords.set('roof', 'open sesame')
  const { lives, client } = recorder()
  const manager = start(book, client)
  expect(manager.running()).toEqual(['roof'])
  expect(lives).toEqual([{ url: 'http://10.0.0.5', password: 'open sesame', ended: false }])
})

test('[I1] a pause ends it, resuming starts it; a new address or password too, a new name or limit does not', async () => {
  const book = testBook(roof())
  const { lives, client } = recorder()
  start(book, client)
  book.put(roof({ name: '屋顶', version: 2, rate: 5, silentAfter: 60 }))
  expect(lives.map(({ ended }) => ended)).toEqual([false])
  book.put(roof({ version: 3, state: 'paused' }))
  expect(lives.map(({ ended }) => ended)).toEqual([true])
  book.put(roof({ version: 4 }))
  book.put(roof({ version: 5, connection: { url: 'http://10.0.0.9' } }))
  book.passwords.set('roof', 'changed')
  book.put(roof({ version: 6, connection: { url: 'http://10.0.0.9' } }))
  expect(lives.map(({ ended }) => ended)).toEqual([true, true, true, false])
  expect(lives.at(-1)).toMatchObject({ url: 'http://10.0.0.9', password: 'changed' })
})

test('[I1] one that breaks is started again, later and later; one that is stopped meanwhile is not', async () => {
  const book = testBook(roof())
  const starts: number[] = []
  const failing: OutgoingClient = async () => {
    starts.push(performance.now())
    throw new Error('refused')
  }
  start(book, failing)
  await until(() => starts.length === 4)
  const waits = starts.slice(1).map((at, n) => at - starts[n]!)
  // timers are late at times, never early
  for (const [n, least] of [20, 40, 80].entries()) expect(waits[n]).toBeGreaterThan(least - 2)
  book.put(roof({ state: 'paused' }))
  const before = starts.length
  await sleep(250)
  expect(starts).toHaveLength(before)
})

test('[I1] closing ends them all, and waits no longer than they deserve', async () => {
  const { lives, client } = recorder()
  const manager = start(testBook(roof()), client)
  await manager.close()
  expect(lives.map(({ ended }) => ended)).toEqual([true])
  const deaf = start(testBook(roof()), () => new Promise(() => {}))
  const began = performance.now()
  await deaf.close()
  expect(performance.now() - began).toBeLessThan(3_000)
})
