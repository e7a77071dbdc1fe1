import { parseArgs } from 'node:util'
import { launchBrowser } from '../support/browser.ts'
import { discard, startServer } from '../support/server.ts'
import { signIn } from '../support/session.ts'
import { deadNetwork } from './dead-network.ts'
import { type Cut, type CutResult, cutNetwork, openWall } from './network-run.ts'

/** A wall whose network is cut, by silence and by closing: it says so within 3 s, and within 1 s of the return it is what the server is. */
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5,60,660' } } })
const STALE_WITHIN = 3_000
const EQUAL_WITHIN = 1_000

const server = await startServer()
// without the map: three of them at once, painted by the processor, would be the thing that is measured
const browser = await launchBrowser({ args: ['--disable-3d-apis'] })
const session = await signIn(server, 'engineer')
const buttons = (await session.all<{ id: string }>('/api/devices?kind=help-button')).map(({ id }) => id)
const control = await openWall(browser, server.url)
const cuts: CutResult[] = []
const failures: string[] = []
try {
  for (const seconds of values.seconds.split(',').map(Number))
    await Promise.all((['dead', 'closed'] as const).map((how) => run({ how, seconds })))
} finally {
  await browser.close()
  await discard(server)
}
const ok = failures.length === 0 && cuts.every((cut) => cut.staleAfterMs <= STALE_WITHIN && cut.equalAfterMs <= EQUAL_WITHIN)
console.log(JSON.stringify({ ok, failures, cuts }, null, 2))
process.exitCode = ok ? 0 : 1

async function run(cut: Cut) {
  const network = await deadNetwork(server.port)
  const page = await openWall(browser, network.url)
  try {
    const result = await cutNetwork({ server, network, page, control }, buttons.splice(0, 3), cut)
    console.error(JSON.stringify(result))
    cuts.push(result)
  } catch (error) {
    failures.push(`${cut.how} for ${cut.seconds} s: ${(error as Error).message}`)
  } finally {
    network.close()
    await page.close()
  }
}
