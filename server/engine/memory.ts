import { createCareBook } from '../../shared/care.ts'
import { matterKindOf } from '../../shared/matter-kind.ts'
import type { Millis } from '../../shared/status.ts'
import type { WallState } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import { keysOf } from '../incidents/families.ts'
import { createPipeline, type Pipeline, type Unit } from '../pipeline.ts'
import { createWorld, UTC_OFFSET, withDevices } from '../registers/world.ts'
import { openCareStore } from '../store/care.ts'
import { createCounters } from '../store/counters.ts'
import { readDevices } from '../store/devices.ts'
import { lastRevision, stateAt } from '../store/journal.ts'
import { createLoopStore } from '../store/loop.ts'
import type { Db } from '../store/open.ts'
import { createPhotoStore } from '../store/photos.ts'
import { readRegisters } from '../store/registers.ts'
import type { Retention } from '../store/retention.ts'
import { createSearch, newWords, type Words } from '../store/search.ts'
import { createShelves, incidentsSince, ordersSince, reportsSince, type Shelves } from '../store/things.ts'
import { savepoint } from '../store/transaction.ts'
import type { Undoable } from './commands.ts'
import { endedIn } from './ended.ts'
import { type OpenStages, openStages } from './stages.ts'
import type { Stores } from './stores.ts'

/** Everything that the engine keeps in memory. All of it comes from the store, at the start and again after a failed commit. */
export interface Memory {
  world: World
  pipeline: Pipeline
  stages: OpenStages
  /** of the last commit that a screen can tell from the one before */
  revision: number
  /** the world is another one since the last commit: what screens show of it is worked out anew */
  renewed: boolean
  /** after the commit that changed the register of devices, and nothing else of the registers */
  renewDevices(): void
  workAt(now: Millis): Unit
  /** undoes one refused command */
  undoable: Undoable
  changed(): { alerts: string[]; incidents: string[]; orders: string[]; reports: string[] }
  /** writes what was put; inside the transaction, last */
  flush(now: Millis): void
}

export interface MemoryContext {
  db: Db
  stores: Stores
  keep: Retention
  mode(): WallState['mode']
  now(): Millis
}

const DAY: Millis = 86_400_000

export function loadMemory(context: MemoryContext): Memory {
  const { db, stores } = context
  const care = openCareStore(db)
  const world = createWorld(readRegisters(db), UTC_OFFSET, createCareBook(care.plan))
  const photos = createPhotoStore(db)
  const { places } = world
  const shelves = createShelves(
    db,
    (placeId) => places.nearest(placeId, 'grid')?.id,
    (incident) => keysOf(world, incident),
  )
  const search = createSearch(db)
  const words: Words = {
    kindName: (kind) => memory.world.matterKind(matterKindOf(kind) ?? '')?.name,
    placeLabel: (placeId) => memory.world.places.label(placeId),
    report: (id) => shelves.reports.get(id),
  }
  const loop = createLoopStore(db, () => memory.world.utcOffset)
  const counters = createCounters(stores.settings)
  const yesterday = context.now() - DAY
  const today = { incidents: incidentsSince(db, yesterday), orders: ordersSince(db, yesterday), reports: reportsSince(db, yesterday) }
  const stages = openStages({ ...context, care, photos, world, last: stateAt(db), today })
  const memory: Memory = {
    world,
    stages,
    pipeline: createPipeline(stages),
    revision: lastRevision(db),
    renewed: false,
    renewDevices() {
      memory.world = withDevices(memory.world, readDevices(db))
      stages.setWorld(memory.world)
      memory.renewed = true
    },
    workAt: (now) => ({
      now,
      world: memory.world,
      photos,
      ...shelves,
      revision: memory.revision + 1,
      newId: (prefix) => counters.next(prefix),
      newNo: (day) => counters.ofDay(day),
      audit: (entry) => void stores.audit.append({ at: now, ...entry }),
    }),
    undoable: createUndoable(db, shelves),
    changed: () => ({
      ...{ alerts: shelves.alerts.changed(), incidents: shelves.incidents.changed() },
      ...{ orders: shelves.orders.changed(), reports: shelves.reports.changed() },
    }),
    flush(now) {
      for (const incident of shelves.incidents.unwritten())
        for (const text of newWords(shelves.incidents.committed(incident.id), incident, words)) search.add(incident.id, text)
      loop.put(endedIn(shelves, memory.world))
      for (const shelf of Object.values(shelves)) shelf.flush(now)
      counters.flush()
    },
  }
  return memory
}

/** Ids that a refused command took are not given back: a gap does no harm. */
function createUndoable(db: Db, shelves: Shelves): Undoable {
  const rows = savepoint(db, 'command')
  const all = Object.values(shelves)
  let marks: number[] = []
  return {
    begin() {
      rows.begin()
      marks = all.map((shelf) => shelf.mark())
    },
    keep: rows.keep,
    undo() {
      rows.undo()
      for (const [n, shelf] of all.entries()) shelf.undoTo(marks[n]!)
    },
  }
}
