import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { expect, test } from 'vitest'
import { stateAt } from '../../server/store/journal.ts'
import { seededRandom } from '../../shared/random.ts'
import { lookInto, openEngine, tempDir } from '../support/engine.ts'

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 5)
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const FLOOD = join(import.meta.dirname, '../support/flood.ts')

/** Starts a flood, kills it some time after its first word, gives what it had been told was stored. */
async function killedFlood(dataDir: string, run: string, after: number): Promise<string[]> {
  const child = spawn(process.execPath, [FLOOD, dataDir, run], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  await firstWord(child)
  await new Promise((wake) => setTimeout(wake, after))
  child.kill('SIGKILL')
  await once(child, 'close')
  return out.split('\n').slice(1, -1)
}

const firstWord = (child: ChildProcess) => Promise.race([once(child.stdout!, 'data'), once(child, 'exit')])

function storedTimes(db: Database): Map<string, number> {
  const rows = db.prepare('SELECT id, count(*) AS times FROM signal GROUP BY feed, id').all() as { id: string; times: number }[]
  return new Map(rows.map(({ id, times }) => [id, times]))
}

test(`[I1] after kill -9 at ${ROUNDS} random moments all that was acknowledged is there once, and no half of a commit (seed ${SEED})`, {
  timeout: 30_000 + ROUNDS * 15_000,
}, async () => {
  const random = seededRandom(SEED)
  const dataDir = tempDir()
  const acknowledged = new Set<string>()
  for (let round = 0; round < ROUNDS; round++) {
    const ids = await killedFlood(dataDir, `r${round}`, random.int(0, 1500))
    for (const id of ids) acknowledged.add(id)
    const db = lookInto(dataDir)
    const stored = storedTimes(db)
    expect([...acknowledged].filter((id) => stored.get(id) !== 1)).toEqual([])
    expect([...stored.values()].filter((times) => times !== 1)).toEqual([])
    checkMatters(db)
    db.close()
  }
  expect(acknowledged.size).toBeGreaterThan(100)
  const engine = await openEngine(dataDir, { clock: { mode: 'real' } })
  expect(engine.state().alerts.length).toBeGreaterThan(0)
})

/** [A3] presses, their alert, its incident and order, and the revision that shows them are there together. */
function checkMatters(db: Database) {
  const presses = db
    .prepare(
      "SELECT DISTINCT d.text AS device FROM signal s JOIN word d ON d.n = s.device JOIN word t ON t.n = s.type WHERE t.text = 'linwang.help'",
    )
    .pluck()
    .all()
  const alerts = db.prepare('SELECT device, incident, doc FROM alerts').all() as { device: string; incident: string; doc: string }[]
  expect(alerts.map(({ device }) => device).sort()).toEqual([...presses].sort())
  const orders = db.prepare('SELECT DISTINCT incident FROM orders').pluck().all()
  expect(alerts.filter(({ incident }) => !orders.includes(incident))).toEqual([])
  const counts = alerts.reduce((sum, { doc }) => sum + (JSON.parse(doc) as { count: number }).count, 0)
  const shown = stateAt(db)?.alerts.reduce((sum, { count }) => sum + count, 0)
  expect(shown).toBe(counts)
}
