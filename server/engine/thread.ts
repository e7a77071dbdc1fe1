import { statSync } from 'node:fs'
import { join } from 'node:path'
import { TICK_SPAN } from '../clock.ts'
import { removePhoto } from '../photos/files.ts'
import { removeClip } from '../speakers/clips.ts'
import { broadcastBroom } from '../store/broadcasts.ts'
import { lockDataDir } from '../store/lock.ts'
import { openStore } from '../store/open.ts'
import { photoBroom } from '../store/photos.ts'
import { createBrooms, createSweeper, RETENTION } from '../store/retention.ts'
import { wordsBroom } from '../store/search.ts'
import { createCore } from './core.ts'
import { createFaults } from './faults.ts'
import { firstImport } from './first-import.ts'
import { createHealth } from './health.ts'
import { bytesOf, type Item } from './items.ts'
import { unpackArrivals } from './packing.ts'
import type { EngineHealth, EngineOptions, FromEngine, ToEngine } from './protocol.ts'
import { openStores } from './stores.ts'
import { createWriter, type Writer } from './writer.ts'

const SECOND = 1_000
/** real ms of each second that deleting what is too old may take */
const SWEEP_FOR = 15

export interface Thread {
  onMessage(message: ToEngine, close: () => void): void
}

/** Opens the store and says that it is ready, or why it is not. */
export function startThread(options: EngineOptions, post: (message: FromEngine) => void): Thread | undefined {
  let unlock: (() => void) | undefined
  try {
    unlock = lockDataDir(options.dataDir)
    return open(options, post, unlock)
  } catch (error) {
    unlock?.()
    post({ kind: 'refused', message: (error as Error).message })
    return undefined
  }
}

function open(options: EngineOptions, post: (message: FromEngine) => void, unlock: () => void): Thread {
  const db = openStore(options.dataDir, options.mode)
  const faults = createFaults()
  const allFaults = (): EngineHealth['faults'] => ({ ...faults.all(), ...ofDetectors(writer) })
  const health = createHealth(allFaults, () => sizeOf(join(options.dataDir, 'linwang.db-wal')))
  const stores = openStores(db, options.dataDir, options.auditKey)
  const writer = createWriter(db, stores, options, faults.note)
  const signals = { name: 'signals', sweep: (now: number) => writer.sweep(now) }
  const keep = { ...RETENTION, ...options.retention }
  const photos = photoBroom(db, keep.photos, (hash) => removePhoto(options.dataDir, hash))
  const broadcasts = broadcastBroom(db, keep, (hash) => removeClip(options.dataDir, hash))
  const sweeper = createSweeper(db, [...createBrooms(db, keep, stores), signals, photos, broadcasts, wordsBroom(db)], faults.note)
  const core = createCore(writer, health, post, faults.note)

  const tellHealth = () => post({ kind: 'health', health: health.take(), clock: writer.clock() })
  const beat = startBeat(() => {
    core.add([{ kind: 'second' }])
    return Math.min(SECOND, TICK_SPAN / writer.clock().rate)
  })
  const housekeeping = setInterval(() => {
    const end = performance.now() + SWEEP_FOR
    while (sweeper.step(writer.clock().at, Date.now()) && performance.now() < end);
    tellHealth()
  }, SECOND)

  firstImport(writer, options)
  writer.write([{ kind: 'second' }])
  post({ kind: 'ready', state: writer.state(), clock: writer.clock(), health: health.take() })
  return {
    onMessage(message, closePort) {
      if (message.kind === 'work') return core.add(itemsOf(message))
      clearInterval(housekeeping)
      beat.stop()
      core.drain()
      try {
        writer.saveAll()
      } catch (error) {
        // a full disk: the next start has a little more to work through
        faults.note('checkpoint', error)
      }
      db.close()
      unlock()
      post({ kind: 'closed' })
      closePort()
    },
  }
}

function itemsOf(message: Extract<ToEngine, { kind: 'work' }>): Item[] {
  const arrivals = message.arrivals ? unpackArrivals(message.arrivals) : []
  const items: Item[] = (message.commands ?? []).map((asked) => ({ kind: 'command', asked }))
  if (arrivals.length > 0) items.push({ kind: 'arrivals', arrivals, bytes: bytesOf(arrivals) })
  return items
}

/** Calls again and again after the real ms that each call answers. */
function startBeat(run: () => number) {
  let timer: NodeJS.Timeout
  const again = (after: number) => {
    timer = setTimeout(() => again(run()), after)
  }
  again(SECOND)
  return { stop: () => clearTimeout(timer) }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

const ofDetectors = (writer: Writer) =>
  Object.fromEntries(
    writer
      .faults()
      .filter(({ errors }) => errors > 0)
      .map(({ detector, errors, lastError }) => [detector, { count: errors, last: lastError ?? '' }]),
  )
