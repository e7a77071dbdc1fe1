import { cpSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Item } from '../../server/engine/items.ts'
import { bytesOf } from '../../server/engine/items.ts'
import { openStores } from '../../server/engine/stores.ts'
import { createWriter } from '../../server/engine/writer.ts'
import { openStore } from '../../server/store/open.ts'
import { readRegisters } from '../../server/store/registers.ts'
import { type Random, seededRandom } from '../../shared/random.ts'
import { options } from '../support/data-dir.ts'
import { advance, arrivalOf, registersDir, START, tempDir } from '../support/engine.ts'
import { cloudEvent, help, motion, passage } from '../support/events.ts'

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const fail = (part: string, error: unknown) => {
  throw new Error(part, { cause: error })
}

function open(dataDir: string) {
  const db = openStore(dataDir, 'demo')
  return { db, writer: createWriter(db, openStores(db, dataDir), options(dataDir), fail) }
}
type Opened = ReturnType<typeof open>

/** What analysis remembers, as it would be saved now. What people's answers did to the figures is not worked out again. */
function memories({ db, writer }: Opened) {
  writer.saveAll()
  const rows = db
    .prepare("SELECT part, key, value FROM checkpoint WHERE part LIKE 'analysis.%' AND key <> 'handled' ORDER BY part, key")
    .all()
  return (rows as { part: string; key: string; value: string }[]).map((row) => ({ ...row, value: JSON.parse(row.value) as unknown }))
}

/** Some minutes of an estate: signals on time, late and replayed, and the clock moving on between them. */
function happenings(db: Opened['db'], random: Random, count: number): Item[] {
  const { devices } = readRegisters(db)
  const idsOf = (kind: string) => devices.filter((device) => device.kind === kind).map(({ id }) => id)
  const [motions, doors, gates, buttons] = ['motion', 'door-contact', 'gate', 'help-button'].map(idsOf) as [
    string[],
    string[],
    string[],
    string[],
  ]
  let now = START
  let n = 0
  const event = () => {
    const late = random.chance(0.1) ? random.int(0, 7_200_000) : random.int(0, 3_000)
    const more = { id: `s${n++}`, time: new Date(now - late).toISOString() }
    return random.weighted<object>([
      [motion(random.pick(motions), random.chance(0.5), more), 60],
      [cloudEvent({ subject: random.pick(doors), type: 'linwang.contact', data: { open: random.chance(0.5) }, ...more }), 20],
      [passage(random.pick(gates), more), 15],
      [help(random.pick(buttons), more), 1],
    ])
  }
  return Array.from({ length: count }, (): Item => {
    if (random.chance(0.2)) {
      const seconds = random.int(1, 400)
      now += seconds * 1000
      return { kind: 'command', asked: { n: 0, command: advance(seconds) } }
    }
    const arrivals = [arrivalOf(Array.from({ length: random.int(1, 30) }, event))]
    return { kind: 'arrivals', arrivals, bytes: bytesOf(arrivals) }
  })
}

test(`[A1] after a crash the stages know what they knew: signals and ticks after the checkpoint are gone through again (seed ${SEED})`, async () => {
  const random = seededRandom(SEED)
  const dataDir = await registersDir()
  const first = open(dataDir)
  const items = happenings(first.db, random, 300)
  for (const [n, item] of items.entries()) {
    first.writer.write([item])
    if (n === 100) first.writer.saveAll()
  }
  const copy = tempDir()
  first.db.pragma('wal_checkpoint(TRUNCATE)')
  cpSync(dataDir, copy, { recursive: true })
  const second = open(copy)
  expect(second.writer.state()).toEqual(JSON.parse(JSON.stringify(first.writer.state())))
  expect(second.writer.clock().at).toBe(first.writer.clock().at)
  expect(memories(second)).toEqual(memories(first))
  first.db.close()
  second.db.close()
})
