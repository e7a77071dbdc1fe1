import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEngine } from '../../server/engine/client.ts'
import { openReader } from '../../server/store/open.ts'
import { readRegisters } from '../../server/store/registers.ts'
import { batchOf, eventMaker, type Fleet } from './load.ts'

/** How fast the engine alone takes signals, without a network: `node tests/bench/engine.ts [seconds] [batch] [inflight]`. */
const [seconds = 5, batch = 100, inflight = 8] = process.argv.slice(2).map(Number)
const dataDir = process.env.DATA_DIR ?? mkdtempSync(join(tmpdir(), 'lw-bench-'))
const registers = join(import.meta.dirname, '../../fixtures/registers')
const started = performance.now()
const engine = await startEngine({ dataDir, mode: 'demo', simulate: false, clock: { mode: 'real' }, registers })
const readyIn = performance.now() - started
const make = eventMaker(fleet())
const encoder = new TextEncoder()

let accepted = 0
let refused = 0
const waits: number[] = []
const cpu = process.cpuUsage()
const start = performance.now()
const end = start + seconds * 1000
await Promise.all(Array.from({ length: inflight }, () => sender()))
const took = (performance.now() - start) / 1000
const { user, system } = process.cpuUsage(cpu)
waits.sort((a, b) => a - b)
const at = (share: number) => Math.round(waits[Math.floor(waits.length * share)]! * 10) / 10
const health = engine.health()
await engine.close()
if (!process.env.DATA_DIR) rmSync(dataDir, { recursive: true })
console.log({
  perSecond: Math.round(accepted / took),
  refused,
  /** both threads, the making of the events included */
  cpuMicrosPerSignal: Math.round(((user + system) / accepted) * 10) / 10,
  p50: at(0.5),
  p99: at(0.99),
  max: at(0.9999),
  readyIn: Math.round(readyIn),
  commits: Math.round(health.commits / took),
  faults: health.faults,
})

async function sender() {
  while (performance.now() < end) {
    const bytes = encoder.encode(batch === 1 ? make() : batchOf(make, batch))
    const sent = performance.now()
    const receipt = await engine.receive({ source: batch === 1 ? 'cloudevents' : 'cloudevents-batch', transport: 'websocket', bytes })
    waits.push(performance.now() - sent)
    if ('problem' in receipt) refused += 1
    else accepted += receipt.accepted
  }
}

function fleet(): Fleet {
  const db = openReader(dataDir)
  const { devices } = readRegisters(db)
  db.close()
  const of = (...kinds: string[]) => devices.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id)
  return {
    motion: of('motion'),
    gates: of('gate'),
    doors: of('door-contact'),
    meters: of('water-meter', 'power-meter'),
    cameras: of('camera'),
    helpButtons: of('help-button'),
  }
}
