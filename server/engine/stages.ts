import type { Arrival, Receipt } from '../../shared/arrival.ts'
import type { Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { WallState } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import { orderCommands } from '../dispatch/commands.ts'
import { incidentCommands } from '../incidents/commands.ts'
import type { Stages } from '../pipeline.ts'
import { createPublicView } from '../push/view.ts'
import { registerCommands } from '../registers/commands.ts'
import type { Memory as Saved } from '../store/checkpoint.ts'
import { openIdentity } from '../store/identity.ts'
import { writeRegisters } from '../store/registers.ts'
import { createSignalStore } from '../store/signals.ts'
import type { MemoryContext } from './memory.ts'

/** The stages with what the engine has to do for them around each commit. */
export interface OpenStages extends Stages {
  /** the last signal stored */
  lastSeq(): number
  /** inside the transaction, after everything else */
  write(now: Millis): void
  committed(): void
  /** what changed since the last call, to be saved */
  memories(): Iterable<Saved>
  restore(memories: readonly Saved[]): void
  signalsAfter(seq: number): Iterable<Signal>
}

export function openStages({ db, mode, world, last }: MemoryContext & { world: World; last: WallState | undefined }): OpenStages {
  const signalStore = createSignalStore(db)
  const identity = openIdentity(db)
  const analysis = {
    onSignal: (_: Signal) => [],
    onTick: () => [],
    applyFindings: () => [],
    onClock: () => [],
    onIncidentsClosed: () => [],
  }
  const take = (arrivals: readonly Arrival[], now: Millis, revision: number) => {
    const receipts: Receipt[] = []
    const signals: Signal[] = []
    for (const a of arrivals) {
      const parsed = JSON.parse(Buffer.from(a.bytes.buffer, a.bytes.byteOffset, a.bytes.byteLength).toString('latin1'))
      const list = Array.isArray(parsed) ? parsed : [parsed]
      let accepted = 0,
        duplicates = 0
      const ids: string[] = []
      for (const e of list) {
        ids.push(e.id)
        if (!identity.claim('x', e.id)) {
          duplicates++
          continue
        }
        const d = world.device(e.subject)
        const s = {
          seq: signalStore.next,
          feed: 'x',
          id: e.id,
          time: Date.parse(e.time),
          offset: null,
          status: 'actual',
          type: e.type,
          data: e.data,
          deviceId: e.subject,
          placeId: d?.placeId ?? 'x',
          receivedAt: now,
          at: now,
        } as Signal
        signalStore.insert(s, JSON.stringify(e.data), revision)
        signals.push(s)
        accepted++
      }
      receipts.push({ accepted, duplicates, quarantined: 0, ids })
    }
    return { receipts, signals }
  }
  return {
    intake: { take },
    analysis,
    view: createPublicView({ mode: mode(), last }),
    reports: {},
    commands: { ...incidentCommands, ...orderCommands, ...registerCommands((registers) => writeRegisters(db, registers)) },
    alertCommands: {},
    lastSeq: () => signalStore.next - 1,
    write(now) {
      identity.write(now)
      signalStore.write(now)
    },
    committed() {
      identity.committed()
      signalStore.committed()
    },
    memories: () => [],
    restore() {},
    signalsAfter: () => [],
  }
}
