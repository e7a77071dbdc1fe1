import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Analysis, createAnalysis } from '../../server/analysis/analysis.ts'
import type { Remembered } from '../../server/analysis/cells.ts'
import type { InactivityState } from '../../server/analysis/inactivity-state.ts'
import { startEngine } from '../../server/engine/client.ts'
import { createWorld } from '../../server/registers/world.ts'
import { createCheckpoint } from '../../server/store/checkpoint.ts'
import { type Db, openStore } from '../../server/store/open.ts'
import { readRegisters } from '../../server/store/registers.ts'
import type { Registers } from '../../shared/registers.ts'
import type { Signal, SignalType } from '../../shared/signal.ts'
import type { World } from '../../shared/world.ts'
import { startServer } from '../support/server.ts'
import { signIn } from '../support/session.ts'
import { madeUpLife } from './care/made-up.ts'
import { deviceOf, FEED, homeName, SENSORS, type Sensor, writeEstate } from './estate.ts'
import { cpuSeconds, residentMb, round } from './numbers.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A Monday, 00:00 in China */
const FIRST_DAY = Date.parse('2026-09-07T00:00:00+08:00')
const DAYS = 62
/** six in the morning of the day after: from now on most stir, and most lines are drawn */
const NOW = FIRST_DAY + DAYS * DAY + 6 * HOUR
/** Lives that differ; the homes beyond them live like one of these. */
const LIVES = 50

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

interface Sent {
  at: number
  home: string
  sensor: Sensor
  isBeat: boolean
}

/** What the sensors of one home say, in order: a made-up life, and a word of each every half hour. */
function sayingsOf(n: number, from: number, until: number): Sent[] {
  const home = homeName(n)
  const days = Math.ceil((until - FIRST_DAY) / DAY)
  const life = madeUpLife(days, 20_240 + (n % LIVES)).map(({ at, sensor }) => ({ at: FIRST_DAY + at * 1000, home, sensor, isBeat: false }))
  const beats: Sent[] = []
  // gateways do not all speak at once
  for (let at = FIRST_DAY + (n % 30) * MINUTE; at < until; at += 30 * MINUTE)
    if (at >= from) for (const sensor of Object.keys(SENSORS) as Sensor[]) beats.push({ at, home, sensor, isBeat: true })
  return [...life, ...beats].filter(({ at }) => at >= from && at < until)
}
const allSayings = (homes: number, from: number, until: number) =>
  Array.from({ length: homes }, (_, n) => sayingsOf(n, from, until))
    .flat()
    .sort((a, b) => a.at - b.at)

function signalMaker() {
  const open = new Map<string, boolean>()
  let seq = 0
  return ({ at, home, sensor, isBeat }: Sent): Signal => {
    const common = {
      feed: FEED,
      id: `s${++seq}`,
      seq,
      offset: 480,
      status: 'actual',
      deviceId: deviceOf(home, sensor),
      placeId: `f-${home}`,
    }
    const times = { time: at, at, receivedAt: at }
    if (isBeat) return { ...common, ...times, type: 'linwang.heartbeat' as SignalType, data: { online: true } } as Signal
    if (sensor !== 'door') return { ...common, ...times, type: 'linwang.motion', data: { occupied: true } } as Signal
    open.set(home, !open.get(home))
    return { ...common, ...times, type: 'linwang.contact', data: { open: open.get(home)! } } as Signal
  }
}

/** The server's own detectors over the days of some homes, with a tick every ten minutes. */
function learn(registers: Registers, lives: number) {
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
function* cloned(learned: readonly Remembered[], homes: number): Generator<Remembered> {
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

function keep(db: Db, memories: Iterable<Remembered>) {
  const checkpoint = createCheckpoint(db)
  const { cursor } = checkpoint.load()
  db.transaction(() => checkpoint.save(memories, cursor))()
}

/** Bytes of the saved states of one household. */
function sizesOf(db: Db) {
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

/** In this process alone: rows to states, and the first tick over all of them. */
function reload(dataDir: string, world: World) {
  globalThis.gc?.()
  const before = process.memoryUsage()
  const cpu = process.cpuUsage()
  const began = performance.now()
  const db = openStore(dataDir, 'demo')
  const { memories } = createCheckpoint(db).load()
  const analysis = createAnalysis({ world })
  analysis.restore(memories)
  analysis.onTick(NOW + MINUTE)
  const seconds = round((performance.now() - began) / 1000)
  const { user, system } = process.cpuUsage(cpu)
  db.close()
  memories.length = 0
  globalThis.gc?.()
  const after = process.memoryUsage()
  return {
    analysis,
    seconds,
    cpuSeconds: round((user + system) / 1e6),
    heapMb: round((after.heapUsed + after.external - before.heapUsed - before.external) / 1_048_576, 0),
  }
}

/** ms of domain time between two checkpoints at the real rate */
const CHECKPOINT = 5_000

function shareOf(analysis: Analysis, homes: number, hours: number, db: Db) {
  const from = NOW
  const until = from + hours * HOUR
  const signalOf = signalMaker()
  const spent = { signals: 0, ticks: 0, checkpoints: 0 }
  const timed = (what: keyof typeof spent, run: () => void) => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    spent[what] += (user + system) / 1000
  }
  const checkpoint = createCheckpoint(db)
  const { cursor } = checkpoint.load()
  const all = allSayings(homes, from, until).map(signalOf)
  let next = 0
  let findings = 0
  for (let at = from + CHECKPOINT; at <= until; at += CHECKPOINT) {
    timed('signals', () => {
      while (next < all.length && all[next]!.receivedAt < at) findings += analysis.onSignal(all[next++]!).length
    })
    if (at % MINUTE === 0)
      timed('ticks', () => {
        findings += analysis.onTick(at).length
      })
    timed('checkpoints', () => db.transaction(() => checkpoint.save(analysis.dirty(), cursor))())
  }
  db.close()
  const percent = (ms: number) => round((100 * ms) / (hours * HOUR))
  const total = spent.signals + spent.ticks + spent.checkpoints
  return {
    ...{ hours, signals: all.length, findings, errors: analysis.health().reduce((sum, { errors }) => sum + errors, 0) },
    percentOfACore: {
      ...{ signals: percent(spent.signals), ticks: percent(spent.ticks), checkpoints: percent(spent.checkpoints) },
      total: percent(total),
    },
    msATick: round(spent.ticks / (hours * 60), 1),
  }
}
