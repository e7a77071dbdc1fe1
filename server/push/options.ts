import type { IncomingHttpHeaders, Server } from 'node:http'
import type { Viewer } from '../../shared/access.ts'
import type { Notice } from '../../shared/message.ts'
import type { Op, Patch } from '../../shared/patch.ts'
import type { Directory } from '../../shared/project.ts'
import type { WallState } from '../../shared/wall.ts'

/** What push needs of the engine: the folded public state, and word of each commit that changed it, after the fold. */
export interface CommitSource {
  state(): WallState
  onCommit(listener: (commit: { revision: number; ops: readonly Op[] }) => void): () => void
  clock(): { now: number; rate: number; mode: string }
}

/** What a client says of itself when it connects. */
export interface Handshake {
  headers: IncomingHttpHeaders
  /** Socket.IO `auth`, e.g. {token} of a kiosk link */
  auth: Record<string, unknown>
  address: string
}

export interface Limits {
  watchers: number
  /** watch messages a second; more are answered late (the last one counts), ten times as many end the connection */
  watchesPerSecond: number
  /** bytes and packets waiting for one client; beyond, it gets nothing more until they are gone */
  waitingBytes: number
  waitingPackets: number
}

export interface LiveOptions {
  server: Server
  engine: CommitSource
  /** asked for each connection, and again every half minute while it lasts */
  authenticate(handshake: Handshake): Viewer | undefined | Promise<Viewer | undefined>
  /** the registers as they are now: another object after an import, so that everything is projected anew */
  directory(): Directory
  /** patches after a revision, from the journal, for clients older than memory; undefined: not kept */
  patchesSince?(revision: number): readonly Patch[] | undefined
  limits?: Partial<Limits>
  /** monotonic real milliseconds, for limits and rings; tests set their own */
  monotonic?(): number
}

export interface Live {
  stats(): LiveStats
  /** shows it on every open page of that person (staff or user id); says on how many */
  notice(person: string, notice: Notice): number
  /** hangs up on viewers, e.g. whose session ended */
  drop(which: (viewer: Viewer) => boolean): void
  close(): Promise<void>
}
export interface LiveStats {
  watchers: number
  channels: number
  lagging: number
  /** since the start */
  patches: number
  snapshots: number
  resumes: number
  dropped: number
}
