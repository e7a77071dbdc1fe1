import type { Viewer } from '../../shared/access.ts'
import type { Channel, Member } from './channel.ts'
import { type Connection, type Frame, waitingFor, writeFrame } from './frame.ts'
import type { Limits } from './options.ts'

/** One connected screen. */
export interface Watcher extends Member {
  readonly viewer: Viewer
  /** the place it watches, within the viewer's */
  scope: string
  channel: Channel | undefined
  /** what it knows: the revision of the last snapshot or patch written to it */
  revision: number | undefined
  /** too much waits for it: it gets nothing more until that is gone */
  lagging: boolean
  /** real time of the last look at its session */
  checkedAt: number
  /** watch messages since the last beat, and the one that waits for the next */
  watches: number
  later: { request: unknown } | undefined
  drained(): boolean
  write(frame: Frame): void
}

interface Connected {
  viewer: Viewer
  connection(): Connection
  limits: Limits
  now: number
  onDrop(): void
}

export function createWatcher({ viewer, connection, limits, now, onDrop }: Connected): Watcher {
  const watcher: Watcher = {
    viewer,
    scope: viewer.scope,
    channel: undefined,
    revision: undefined,
    lagging: false,
    checkedAt: now,
    watches: 0,
    later: undefined,
    drained() {
      const { packets, bytes } = waitingFor(connection())
      return packets <= 1 && bytes <= limits.waitingBytes / 16
    },
    write: (frame) => writeFrame(connection(), frame),
    send(frame, revision) {
      if (!watcher.lagging) {
        const { packets, bytes } = waitingFor(connection())
        watcher.lagging = packets >= limits.waitingPackets || bytes >= limits.waitingBytes
      }
      if (watcher.lagging) return onDrop()
      watcher.write(frame)
      if (revision !== undefined) watcher.revision = revision
    },
  }
  return watcher
}
