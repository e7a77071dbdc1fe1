import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import pino from 'pino'
import { type Access, createAccess } from '../../server/access/access.ts'
import { accessCommands } from '../../server/access/commands.ts'
import { residentCommands } from '../../server/access/resident-commands.ts'
import { createSealing } from '../../server/access/sealing.ts'
import { type ApiOptions, apiPlugin } from '../../server/api/api.ts'
import { installProblems } from '../../server/api/problems.ts'
import { callCommands } from '../../server/dispatch/call.ts'
import { orderCommands } from '../../server/dispatch/commands.ts'
import { peopleCommands } from '../../server/dispatch/people.ts'
import { runCommand } from '../../server/engine/commands.ts'
import { feedDesk } from '../../server/engine/feed-desk.ts'
import { mediationCommands } from '../../server/feedback/mediation.ts'
import { incidentCommands } from '../../server/incidents/commands.ts'
import { createKnownFeeds } from '../../server/intake/feeds.ts'
import { photoCommands } from '../../server/photos/commands.ts'
import { publicationCommands } from '../../server/publications/commands.ts'
import { careCommands } from '../../server/registers/care-commands.ts'
import { feedCommands } from '../../server/registers/feed-commands.ts'
import { reportCommands } from '../../server/reports/commands.ts'
import { broadcastCommands, LINK_SETTING, speakerLinkCommands } from '../../server/speakers/commands.ts'
import { createSpeakerRoom } from '../../server/speakers/room.ts'
import { accessWriter } from '../../server/store/access.ts'
import { createAudit } from '../../server/store/audit.ts'
import { createBroadcastStore } from '../../server/store/broadcasts.ts'
import { openCareStore } from '../../server/store/care.ts'
import { createIdempotency } from '../../server/store/idempotency.ts'
import { type Db, openReader, openStore } from '../../server/store/open.ts'
import { createPhotoStore } from '../../server/store/photos.ts'
import { createPublicationStore } from '../../server/store/publications.ts'
import { createSettings } from '../../server/store/settings.ts'
import { createShelves, type Shelves } from '../../server/store/things.ts'
import type { Command, Work } from '../../server/work.ts'
import { emptyState } from '../../shared/patch.ts'
import { notFound, ProblemError } from '../../shared/problem.ts'
import type { World } from '../../shared/world.ts'
import { SEAL_KEY } from './feeds.ts'
import { MONDAY_TEN } from './work.ts'

export const GENERAL_KEY = 'general-feed-key'
export const AUDIT_KEY = Buffer.alloc(32, 7)

export interface ApiServer {
  app: FastifyInstance
  access: Access
  db: Db
  shelves: Shelves
  /** every command that reached the writer */
  commands: Command[]
  /** real and monotonic time, ms, as the test sets it */
  time: { wall: number; monotonic: number }
  /** runs inside one transaction, as the engine does */
  put(things: (shelves: Shelves) => void): void
  /** a Cookie header for a role of the demo */
  as(role: string, more?: Record<string, unknown>): Promise<{ cookie: string }>
  close(): Promise<void>
}

/** The REST API over a real store; commands run at once in this thread, in a transaction with their audit, as in the engine's. */
export async function startApi(world: World, mode: 'demo' | 'live' = 'demo', more: Partial<ApiOptions> = {}): Promise<ApiServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'linwang-api-'))
  const db = openStore(dataDir, mode)
  const read = openReader(dataDir)
  const time = { wall: MONDAY_TEN, monotonic: 0 }
  const commands: Command[] = []
  const shelves = createShelves(db, (placeId) => world.places.nearest(placeId, 'grid')?.id)
  const engine = testEngine(db, world, shelves, commands, time)
  const access = createAccess({
    mode,
    secrets: { feedKey: GENERAL_KEY },
    read,
    engine,
    world: () => world,
    wall: () => time.wall,
    monotonic: () => time.monotonic,
  })
  const state = { ...emptyState(), revision: 7, at: MONDAY_TEN }
  const app = Fastify()
  installProblems(app)
  const config = { mode, simulate: false }
  const sealing = createSealing(SEAL_KEY)
  const speakers = createSpeakerRoom({
    mode,
    engine,
    read,
    world: () => world,
    sealing,
    log: pino({ level: 'silent' }),
    origin: () => undefined,
  })
  const options: ApiOptions = {
    access,
    engine,
    read,
    world: () => world,
    state: () => state,
    config,
    auditKey: AUDIT_KEY,
    sealing,
    dataDir,
    speakers,
    wall: () => time.wall,
  }
  await app.register(apiPlugin, { ...options, ...more })
  return {
    app,
    access,
    db,
    shelves,
    commands,
    time,
    put: (things) => {
      things(shelves)
      db.transaction(() => flush(shelves))()
    },
    async as(role, wish = {}) {
      const answer = await app.inject({ method: 'POST', url: '/api/session', payload: { role, ...wish } })
      if (answer.statusCode !== 200) throw new Error(answer.body)
      return { cookie: String(answer.headers['set-cookie']).split(';')[0]! }
    },
    async close() {
      await app.close()
      read.close()
      db.close()
      rmSync(dataDir, { recursive: true })
    },
  }
}

function flush(shelves: Shelves): void {
  for (const shelf of Object.values(shelves)) shelf.flush(MONDAY_TEN)
}

function testEngine(db: Db, world: World, shelves: Shelves, commands: Command[], time: { wall: number }): ApiOptions['engine'] {
  const audit = createAudit(db, AUDIT_KEY)
  const photos = createPhotoStore(db)
  const accounts = accessWriter(db)
  const feeds = createKnownFeeds(db, () => world)
  const handlers: Record<string, (work: Work, command: Command) => unknown> = {
    ...accessCommands(accounts),
    ...feedCommands(feedDesk(db, accounts, feeds)),
    ...residentCommands,
    ...orderCommands,
    ...callCommands,
    ...peopleCommands,
    ...mediationCommands,
    ...careCommands(openCareStore(db)),
    ...incidentCommands,
    ...reportCommands,
    ...photoCommands(photos),
    ...publicationCommands(createPublicationStore(db)),
    ...broadcastCommands(createBroadcastStore(db)),
    ...speakerLinkCommands((stored) => createSettings(db).set(LINK_SETTING, stored)),
  }
  const idempotency = createIdempotency(db)
  let n = 0
  const work: Work = {
    now: MONDAY_TEN,
    world,
    photos,
    ...shelves,
    newId: (prefix) => `${prefix}-${1000 + n++}`,
    newNo: (day) => `${day}-${1000 + n++}`,
    audit: (entry) => void audit.append({ ...entry, at: MONDAY_TEN }),
  }
  const handle = (command: Command) => (handlers[command.name] ?? unknown(command))(work, command)
  const undoable = {
    begin: () => void db.exec('SAVEPOINT command'),
    keep: () => void db.exec('RELEASE command'),
    undo: () => void db.exec('ROLLBACK TO command; RELEASE command'),
  }
  return {
    async command<T>(command: Command, key?: string) {
      commands.push(command)
      const answer = db.transaction(() => {
        const given = runCommand({ n: 0, command: structuredClone(command), key }, handle, idempotency, undoable, time.wall)
        flush(shelves)
        return given
      })()
      if (answer.problem) throw new ProblemError(answer.problem)
      return answer.value as T
    },
    clock: () => ({ now: MONDAY_TEN, rate: 1, mode: 'manual' as const }),
    health: () => HEALTH,
    pressure: 0,
  }
}

const unknown = (command: Command) => () => {
  throw notFound(`There is no command ${command.name}`)
}
const HEALTH = {
  ...{ accepted: 3, duplicates: 1, quarantined: 2, commits: 4, failed: 0, slowest: 1, busy: 1 },
  ...{ faults: { motion: { count: 2, last: 'x' } }, wal: 0, heap: 0, readyIn: 5 },
}
