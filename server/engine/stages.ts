import type { Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { WallState } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import { accessCommands } from '../access/commands.ts'
import { residentCommands } from '../access/resident-commands.ts'
import { alertCommands } from '../analysis/alert-commands.ts'
import { applyFindings, closeAlerts, tickAlerts } from '../analysis/alerts.ts'
import { type Analysis, createAnalysis } from '../analysis/analysis.ts'
import { callCommands } from '../dispatch/call.ts'
import { orderCommands } from '../dispatch/commands.ts'
import { peopleCommands } from '../dispatch/people.ts'
import { mediationCommands } from '../feedback/mediation.ts'
import { kindOfSource } from '../feeds/kind-of-source.ts'
import { SOURCES } from '../feeds/sources/index.ts'
import { incidentCommands } from '../incidents/commands.ts'
import { FEED_SILENT_AFTER } from '../intake/health.ts'
import { createIntake, type IntakeState } from '../intake/intake.ts'
import { createBook } from '../notify/book.ts'
import { notifyCommands } from '../notify/commands.ts'
import { messagesOf } from '../notify/notify.ts'
import { photoCommands } from '../photos/commands.ts'
import type { Stages } from '../pipeline.ts'
import { publicationCommands } from '../publications/commands.ts'
import { createPublicView } from '../push/view.ts'
import type { PublicViewOptions } from '../push/view-input.ts'
import { careCommands } from '../registers/care-commands.ts'
import { importPlans } from '../registers/care-import.ts'
import { registerCommands } from '../registers/commands.ts'
import { deviceCommands } from '../registers/device-commands.ts'
import { feedCommands } from '../registers/feed-commands.ts'
import { reportCommands } from '../reports/commands.ts'
import { broadcastCommands, LINK_SETTING, speakerLinkCommands } from '../speakers/commands.ts'
import { createProposer } from '../speakers/propose.ts'
import { accessWriter } from '../store/access.ts'
import { createBroadcastStore } from '../store/broadcasts.ts'
import type { CareStore } from '../store/care.ts'
import type { Memory as Saved } from '../store/checkpoint.ts'
import { createDeviceStore } from '../store/devices.ts'
import type { Db } from '../store/open.ts'
import { outWriter } from '../store/out-records.ts'
import { createOutbox } from '../store/outbox.ts'
import type { PhotoStore } from '../store/photos.ts'
import { createPublicationStore } from '../store/publications.ts'
import { writeRegisters } from '../store/registers.ts'
import type { Retention } from '../store/retention.ts'
import { createSettings } from '../store/settings.ts'
import { signalsAfter } from '../store/signal-replay.ts'
import { feedDesk } from './feed-desk.ts'
import { feedDevices } from './feed-devices.ts'

/** The stages with what the engine has to do for them around each commit. */
export interface OpenStages extends Stages {
  /** the last signal stored */
  lastSeq(): number
  /** whether the records of the feeds changed since the last commit */
  feedsChanged(): boolean
  /** what came into the outbox since the last call */
  takeOut(): { notices: string[]; changed: boolean }
  /** the registers are others from here on; what is remembered stays */
  setWorld(world: World): void
  committed(): void
  /** what changed since the last call, to be saved */
  memories(): Iterable<Saved>
  restore(memories: readonly Saved[]): void
  /** takes part in the replay after a restart; what it finds is dropped */
  recall(signal: Signal): void
  signalsAfter(seq: number): Iterable<Signal>
  sweep(now: Millis): number
  faults(): { detector: string; errors: number; lastError?: string }[]
}

const INTAKE = 'intake'

/** Hands each room its stores, and the rooms to the pipeline. */
export function openStages({ db, care, photos, keep, mode, world: first, last, today }: Ground): OpenStages {
  let world = first
  const intake = createIntake({
    db,
    world: () => world,
    sources: SOURCES,
    keep,
    feedSilentAfter: (feed) => analysis.feedPatience(feed) ?? FEED_SILENT_AFTER,
    kindOf: kindOfSource,
  })
  const analysis: Analysis = createAnalysis({ world, feed: (id) => intake.feeds.get(id) })
  const access = accessWriter(db)
  const out = outWriter(db)
  const outbox = createOutbox(db)
  const book = createBook(out)
  const broadcasts = createBroadcastStore(db)
  return {
    intake,
    analysis,
    alerts: { applyFindings, onTick: tickAlerts, onIncidentsClosed: closeAlerts, commands: alertCommands },
    view: createPublicView({ mode: mode(), last, today }),
    proposer: createProposer(broadcasts),
    reports: (work) => ({
      care: () => analysis.care(work.now, work.alerts.open()),
      figures: () => analysis.figures(work.now),
      devices: () => analysis.devices(work.now),
      warnings: () => analysis.warnings(work.now),
      feeds: () => intake.health(work.now),
    }),
    commands: {
      ...incidentCommands,
      ...reportCommands,
      ...orderCommands,
      ...callCommands,
      ...peopleCommands,
      ...mediationCommands,
      ...careCommands(care),
      ...photoCommands(photos),
      ...publicationCommands(createPublicationStore(db)),
      ...broadcastCommands(broadcasts),
      ...speakerLinkCommands((stored) => createSettings(db).set(LINK_SETTING, stored)),
      ...residentCommands,
      ...accessCommands(access),
      ...feedCommands(feedDesk(db, access, intake.feeds)),
      ...registerCommands((registers, work) => {
        writeRegisters(db, registers)
        care.forgetLeavers()
        return { carePlansKept: importPlans(care, registers.carePlans ?? [], work) }
      }),
      'feed.devices': feedDevices(intake, analysis),
      ...deviceCommands(createDeviceStore(db), intake.speaksAs),
      ...notifyCommands({ store: out, outbox, book }),
    },
    notify: {
      of(work, moved) {
        for (const draft of messagesOf(work, moved, book)) outbox.put(draft)
      },
      onTick: (work) => outbox.release(work.now),
    },
    takeOut: outbox.take,
    lastSeq: () => intake.lastSeq(),
    feedsChanged: () => intake.feeds.changed(),
    setWorld(next) {
      world = next
      analysis.setWorld(next)
    },
    committed: () => intake.committed(),
    memories: () => [{ part: INTAKE, key: '', value: intake.checkpoint() }, ...analysis.dirty()],
    restore(memories) {
      const own = memories.find(({ part }) => part === INTAKE)
      if (own) intake.restore(own.value as IntakeState)
      analysis.restore(memories)
    },
    recall(signal) {
      intake.recall([signal])
      analysis.onSignal(signal)
    },
    signalsAfter: (seq) => signalsAfter(db, seq),
    sweep: (now) => intake.purge(now),
    faults: () => analysis.health(),
  }
}

/** What the stages stand on at the start. */
export interface Ground {
  db: Db
  care: CareStore
  photos: PhotoStore
  keep: Retention
  mode(): WallState['mode']
  world: World
  /** the public state that was committed last */
  last: WallState | undefined
  today: PublicViewOptions['today']
}
