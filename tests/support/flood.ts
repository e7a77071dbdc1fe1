import { writeSync } from 'node:fs'
import { startEngine } from '../../server/engine/client.ts'
import { arrivalOf, options } from './data-dir.ts'
import { help, motion } from './events.ts'

/**
 * A process to be killed: `node flood.ts <dataDir> <run>`. It sends as fast as it is answered, batches and single presses mixed, and
 * writes each acknowledged id on a line of its own the moment it knows of it.
 */
const [dataDir, run] = process.argv.slice(2) as [string, string]
const engine = await startEngine(options(dataDir, { clock: { mode: 'real' } }))
const MOTION = 'motion-b01-u1-1501-living'
const BUTTONS = ['help-b01-u1-101', 'help-b01-u1-302']
let n = 0

function batch() {
  const size = 1 + (n % 37)
  return Array.from({ length: size }, () => motion(MOTION, n % 2 === 0, { id: `${run}-${n++}` }))
}
const single = () => [help(BUTTONS[n % 2]!, { id: `${run}-${n++}` })]

async function sender(k: number) {
  for (;;) {
    const events = k % 3 === 0 ? single() : batch()
    const receipt = await engine.receive(arrivalOf(events))
    if (!('problem' in receipt) && receipt.accepted === events.length) writeSync(1, events.map(({ id }) => `${id}\n`).join(''))
  }
}
writeSync(1, 'ready\n')
await Promise.all(Array.from({ length: 12 }, (_, k) => sender(k)))
