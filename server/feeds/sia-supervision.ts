import type { Receiver } from './receiver.ts'
import type { SiaAccounts } from './sia-accounts.ts'

/** How late a promised message may be: a tenth of the interval, and ten seconds at least. */
const grace = (interval: number) => Math.max(10_000, interval / 10)

/**
 * Watches the panels that promised to speak every so often, from our start on: one that does not is told of once, as offline, until it is
 * heard again. Times are monotonic.
 */
export function createSupervision({
  engine,
  accounts,
  now = () => performance.now(),
}: {
  engine: Receiver
  accounts: SiaAccounts
  now?: () => number
}) {
  const heardAt = new Map<string, number>()
  const told = new Set<string>()
  const start = now()

  async function tell(account: string, feed: string) {
    told.add(account)
    const arrival = { source: 'sia-dc09', transport: 'supervision', feed, headers: { account }, bytes: new Uint8Array() }
    // an engine that is full is asked again at the next look
    await engine.receive(arrival).catch(() => told.delete(account))
  }
  return {
    heard(account: string) {
      if (!accounts.all().has(account)) return
      heardAt.set(account, now())
      told.delete(account)
    },
    async look() {
      const due: Promise<unknown>[] = []
      for (const [account, { feed, supervision }] of accounts.all()) {
        if (supervision === undefined || told.has(account)) continue
        if (now() - (heardAt.get(account) ?? start) > supervision + grace(supervision)) due.push(tell(account, feed))
      }
      await Promise.all(due)
    },
  }
}
