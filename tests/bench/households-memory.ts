import { createAnalysis } from '../../server/analysis/analysis.ts'
import type { Remembered } from '../../server/analysis/cells.ts'
import type { InactivityState } from '../../server/analysis/inactivity-state.ts'
import { createWorld } from '../../server/registers/world.ts'
import { createCheckpoint } from '../../server/store/checkpoint.ts'
import type { Db } from '../../server/store/open.ts'
import type { Registers } from '../../shared/registers.ts'
import { deviceOf, FEED, homeName, SENSORS, type Sensor } from './estate.ts'
import { allSayings, FIRST_DAY, LIVES, MINUTE, NOW, signalMaker } from './households-life.ts'
import { round } from './numbers.ts'

/** The server's own detectors over the days of some homes, with a tick every ten minutes. */
export function learn(registers: Registers, lives: number) {
  const began = performance.now()
  const isOne = (id: string) => Number(id.slice(ID.at, ID.end)) < lives
  const residents = registers.residents.filter(({ id }) => isOne(id))
  const devices = registers.devices.filter(({ placeId }) => isOne(placeId))
  const analysis = createAnalysis({ world: createWorld({ ...registers, residents, devices }) })
  const signalOf = signalMaker()
  let tick = FIRST_DAY
  for (const sent of allSayings(lives, FIRST_DAY, NOW)) {
    for (; tick <= sent.at; tick += 10 * MINUTE) analysis.onTick(tick)
    analysis.onSignal(signalOf(sent))
  }
  analysis.onTick(NOW)
  return { learned: structuredClone(analysis.dirty()), seconds: round((performance.now() - began) / 1000, 0) }
}
/** where the number stands in r-h000001 and f-h000001 */
const ID = { at: 3, end: 9 }

/** Homes beyond those that have learned remember what one of these does, under their own names. */
export function* cloned(learned: readonly Remembered[], homes: number): Generator<Remembered> {
  const name = /h\d{6}/
  for (const memory of learned) {
    const own = name.exec(memory.key)?.[0]
    if (own === undefined) yield isFeed(memory) ? { ...memory, value: withAllEars(memory.value, homes) } : memory
    else {
      const text = JSON.stringify(memory.value)
      for (let n = Number(own.slice(1)); n < homes; n += LIVES)
        yield { part: memory.part, key: memory.key.replace(own, homeName(n)), value: JSON.parse(text.replaceAll(own, homeName(n))) }
    }
  }
}
const isFeed = ({ part, key }: Remembered) => part === 'analysis.hearing' && key === FEED
function withAllEars(value: unknown, homes: number) {
  const feed = value as { ears: Record<string, object> }
  const ears: Record<string, object> = {}
  for (let n = 0; n < homes; n++)
    for (const sensor of Object.keys(SENSORS) as Sensor[])
      ears[deviceOf(homeName(n), sensor)] = { ...feed.ears[deviceOf(homeName(n % LIVES), sensor)]! }
  return { ...feed, ears }
}

export function keep(db: Db, memories: Iterable<Remembered>) {
  const checkpoint = createCheckpoint(db)
  const { cursor } = checkpoint.load()
  db.transaction(() => checkpoint.save(memories, cursor))()
}

/** Bytes of the saved states of one household. */
export function sizesOf(db: Db) {
  const parts = db
    .prepare<[], { part: string; n: number; mean: number; most: number }>(
      'SELECT part, count(*) n, avg(length(CAST(value AS BLOB))) mean, max(length(CAST(value AS BLOB))) most FROM checkpoint GROUP BY part',
    )
    .all()
  const [inactivity] = db
    .prepare<[], { value: string }>("SELECT value FROM checkpoint WHERE part = 'analysis.inactivity' AND key LIKE 'r-h%' LIMIT 1")
    .all()
  return {
    linesDrawn: Object.keys((JSON.parse(inactivity!.value) as InactivityState).quiet.lines),
    parts: Object.fromEntries(parts.map(({ part, n, mean, most }) => [part, { rows: n, meanBytes: round(mean, 0), mostBytes: most }])),
  }
}
