import { join } from 'node:path'
import { startEngine } from '../../server/engine/client.ts'
import { batchOf } from './load.ts'

const BATCH = 1_000
const IN_FLIGHT = 8

/** Fills a data directory through the engine itself, without sockets: the rows, indexes and journals are those of real use. */
export async function fill(dataDir: string, make: () => string, count: number, tell: (done: number) => void): Promise<void> {
  const registers = join(import.meta.dirname, '../../fixtures/registers')
  const engine = await startEngine({ dataDir, mode: 'demo', simulate: false, clock: { mode: 'real' }, registers })
  let sent = 0
  const worker = async () => {
    while (sent < count) {
      sent += BATCH
      await engine.receive({ source: 'cloudevents', transport: 'http', bytes: Buffer.from(batchOf(make, BATCH)) })
      if (sent % 1_000_000 === 0) tell(sent)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  await engine.close()
}
