import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from '../../../shared/random.ts'
import { bindHerd } from './bind.ts'
import type { Ground, Herd } from './herd.ts'
import { type FarmOptions, HERDS, readOptions, USAGE } from './options.ts'
import { pace, type Tally } from './pace.ts'

/** The farm: so many devices of each vendor, speaking their own protocols to a server on this machine. */
async function run(options: FarmOptions): Promise<void> {
  const ground: Ground = { ...options, random: seededRandom(options.seed) }
  const herds = await openHerds(options.counts, ground)
  for (const herd of options.bind ? herds : [])
    console.log(`${herd.name}: ${await bindHerd(options.url, herd)} of ${herd.addresses.length} bound`)
  const tally: Tally = { sent: 0, acknowledged: 0, failed: 0, waits: [] }
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  if (options.seconds > 0) setTimeout(() => stop.abort(), options.seconds * 1000).unref()
  const report = setInterval(() => console.log(line(tally)), 5_000)
  const everybody = herds.flatMap((herd) => herd.addresses.map((_, n) => ({ herd, n })))
  const say = () => {
    const { herd, n } = ground.random.pick(everybody)
    return herd.speak(n, Date.now(), ground.random.chance(options.alarms))
  }
  await pace(options.rate, say, stop.signal, tally)
  clearInterval(report)
  await Promise.all(herds.map((herd) => herd.close?.()))
  console.log(line(tally))
}

async function openHerds(counts: Record<string, number>, ground: Ground): Promise<Herd[]> {
  const wanted = Object.entries(counts).filter(([, count]) => count > 0)
  return Promise.all(wanted.map(([name, count]) => HERDS[name]!(count, ground)))
}

function line({ sent, acknowledged, failed, waits, lastError }: Tally): string {
  const sorted = [...waits].sort((a, b) => a - b)
  const at = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10
  const faults = failed > 0 ? ` failed ${failed} (${lastError})` : ''
  return `sent ${sent} acknowledged ${acknowledged}${faults} · answer p50 ${at(0.5)} ms p99 ${at(0.99)} ms`
}

const keyFile = () => process.env.FEED_KEY ?? readFileSync(join(process.env.DATA_DIR ?? '.data', 'feed-key'), 'utf8').trim()

try {
  await run(readOptions(process.argv.slice(2), keyFile))
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`)
  process.exit(1)
}
