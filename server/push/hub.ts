import { opKey, type Patch } from '../../shared/patch.ts'
import { overloaded, type Problem } from '../../shared/problem.ts'
import type { Channel } from './channel.ts'
import { createChannels } from './channels.ts'
import type { Limits, LiveOptions, LiveStats } from './options.ts'
import { createRing } from './ring.ts'
import { problemOf, readWatch } from './watch-request.ts'
import type { Watcher } from './watcher.ts'

/** Who watches what, and what a returning watcher missed. Knows connections only as `Watcher`. */
export interface Hub {
  watch(watcher: Watcher, request: unknown): void
  leave(watcher: Watcher): void
  /** its connection has written what it had */
  drained(watcher: Watcher): void
  /** once a second */
  beat(): void
  onRefused(listener: (watcher: Watcher, problem: Problem) => void): void
  countDrop(): void
  stats(): LiveStats
  close(): void
}

type HubOptions = Pick<LiveOptions, 'engine' | 'directory' | 'patchesSince'> & { limits: Limits; monotonic(): number }

/** So many times its watches a second, and a client is broken or worse. */
const FLOOD = 10

export function createHub({ engine, directory, patchesSince, limits, monotonic }: HubOptions): Hub {
  const watchers = new Set<Watcher>()
  const ring = createRing(engine.state().revision, monotonic)
  const counts = { patches: 0, snapshots: 0, resumes: 0, dropped: 0 }
  const onPatch = (members: number) => {
    counts.patches += members
  }
  const channels = createChannels({ engine, directory, monotonic, onPatch })
  let refuse: (watcher: Watcher, problem: Problem) => void = () => {}

  const stop = engine.onCommit(({ revision, ops }) => {
    ring.add(revision, ops)
    startOver()
    for (const channel of channels.all()) channel.poke()
  })

  const leave = (watcher: Watcher) => {
    const { channel } = watcher
    watcher.channel = undefined
    watchers.delete(watcher)
    if (channel?.members.delete(watcher) && channel.members.size === 0) channels.close(channel)
  }

  const join = (watcher: Watcher, scope: string, revision?: number, basis?: string) => {
    const channel = channels.for({ ...watcher.viewer, scope })
    if (watcher.channel !== channel) leave(watcher)
    Object.assign(watcher, { channel, scope })
    watchers.add(watcher)
    catchUp(watcher, channel, basis === undefined || basis === channel.basis ? revision : undefined)
    channel.members.add(watcher)
    watcher.write(channel.beatFrame(clockNow()))
  }

  /** What was missed, or everything when that is not known any more (P2). */
  const catchUp = (watcher: Watcher, channel: Channel, revision: number | undefined) => {
    if (revision !== undefined && revision > channel.revision()) channel.settle()
    const keys = revision === undefined || revision > channel.revision() ? undefined : touchedSince(revision)
    watcher.lagging = false
    watcher.revision = channel.revision()
    if (keys === undefined || revision === undefined) {
      counts.snapshots++
      watcher.write(channel.snapshot())
    } else if (revision < channel.revision()) {
      counts.resumes++
      watcher.write(channel.catchUp(revision, keys))
    }
  }
  const touchedSince = (revision: number): ReadonlySet<string> | undefined => ring.keysSince(revision) ?? keysOf(patchesSince?.(revision))

  const startOver = () => {
    for (const { members } of channels.renew()) for (const member of members) join(member as Watcher, (member as Watcher).scope)
  }
  const serve = (watcher: Watcher, request: unknown) => {
    try {
      const { scope, revision, basis } = readWatch(request, watcher.viewer.scope, directory())
      join(watcher, scope, revision, basis)
    } catch (error) {
      refuse(watcher, problemOf(error))
    }
  }
  const drained = (watcher: Watcher) => {
    if (watcher.lagging && watcher.channel && watcher.drained()) catchUp(watcher, watcher.channel, watcher.revision)
  }
  /** Watch messages that came too fast are answered now, the last of each client. */
  const serveLater = (watcher: Watcher) => {
    const { later } = watcher
    watcher.watches = 0
    watcher.later = undefined
    if (later) serve(watcher, later.request)
  }
  const clockNow = () => {
    const { now, rate, mode } = engine.clock()
    return { at: now, sent: Date.now(), rate: mode === 'manual' ? 0 : rate }
  }

  return {
    leave,
    drained,
    watch(watcher, request) {
      watcher.watches++
      if (watcher.watches > limits.watchesPerSecond * FLOOD) refuse(watcher, overloaded('Too many watch messages').problem)
      else if (watcher.watches > limits.watchesPerSecond) watcher.later = { request }
      else serve(watcher, request)
    },
    beat() {
      startOver()
      for (const watcher of [...watchers]) {
        serveLater(watcher)
        drained(watcher)
      }
      for (const channel of channels.all()) channel.beat(clockNow())
    },
    onRefused(listener) {
      refuse = listener
    },
    countDrop() {
      counts.dropped++
    },
    stats: () => ({
      ...counts,
      watchers: watchers.size,
      channels: [...channels.all()].length,
      lagging: [...watchers].filter(({ lagging }) => lagging).length,
    }),
    close() {
      stop()
      for (const channel of [...channels.all()]) channels.close(channel)
    },
  }
}

const keysOf = (patches: readonly Patch[] | undefined) => patches && new Set(patches.flatMap(({ ops }) => ops.map(opKey)))
