import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEngine } from '../../server/engine/client.ts'
import { createWorld } from '../../server/registers/world.ts'
import { openStore } from '../../server/store/open.ts'
import { readRegisters } from '../../server/store/registers.ts'
import { startServer } from '../support/server.ts'
import { signIn } from '../support/session.ts'
import { writeEstate } from './estate.ts'
import { reload, shareOf } from './households-cost.ts'
import { DAYS, LIVES, NOW } from './households-life.ts'
import { cloned, keep, learn, sizesOf } from './households-memory.ts'
import { cpuSeconds, residentMb, round } from './numbers.ts'

export interface HouseholdOptions {
  homes: number
  /** h of domain time for the processor share, from six in the morning on */
  hours: number
}

/**
 * So many people living alone, 62 days learned of each, in a real database: how long a restart takes and what memory, how large a state
 * is, and what share of a core the analysis needs at their real rate: signs of life, heartbeats of three sensors, ticks, and the checkpoint.
 */
export async function households({ homes, hours }: HouseholdOptions) {
  const dataDir = mkdtempSync(join(tmpdir(), 'linwang-'))
  const registers = join(dataDir, 'registers')
  try {
    writeEstate(registers, homes)
    await importInto(dataDir, registers)
    const empty = await start(dataDir)
    const db = openStore(dataDir, 'demo')
    const registered = readRegisters(db)
    const world = createWorld(registered)
    const { learned, seconds: learning } = learn(registered, Math.min(LIVES, homes))
    keep(db, cloned(learned, homes))
    const states = sizesOf(db)
    db.close()
    const full = await start(dataDir)
    const restore = reload(dataDir, world)
    const share = shareOf(restore.analysis, homes, hours, openStore(dataDir, 'demo'))
    return {
      ...{ homes, days: DAYS, learningSeconds: learning, states },
      restart: {
        withoutStates: empty,
        withStates: full,
        inThisProcess: { seconds: restore.seconds, cpuSeconds: restore.cpuSeconds, heapMb: restore.heapMb },
      },
      share,
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function importInto(dataDir: string, registers: string) {
  const clock = { mode: 'manual' as const, start: NOW }
  const engine = await startEngine({ dataDir, mode: 'demo', simulate: false, clock, registers })
  await engine.close()
}

/** The real server, from the start of its process to ready. */
async function start(dataDir: string) {
  const began = performance.now()
  const server = await startServer({ dataDir, env: { CLOCK: 'manual' }, mqttPort: 0, patience: 120_000 })
  const seconds = round((performance.now() - began) / 1000)
  const used = { cpuSeconds: cpuSeconds(server.pid), residentMb: residentMb(server.pid) }
  const session = await signIn(server, 'officer')
  const { care } = await session.get<{ care: { state: string }[] }>('/api/wall')
  await server.stop()
  return { seconds, ...used, known: care.filter(({ state }) => state !== 'blind').length > 0 }
}
