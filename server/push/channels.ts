import { randomUUID } from 'node:crypto'
import type { Viewer } from '../../shared/access.ts'
import { createProjector, projectionKey } from '../../shared/project.ts'
import { type Channel, createChannel } from './channel.ts'
import type { LiveOptions } from './options.ts'

/** One channel for each projection that somebody watches. */
export interface Channels {
  for(viewer: Viewer): Channel
  all(): Iterable<Channel>
  close(channel: Channel): void
  /** the registers are others now: every channel is closed, their members are to join anew */
  renew(): Channel[]
}

type Options = Pick<LiveOptions, 'engine' | 'directory'> & { monotonic(): number; onPatch(members: number): void }

export function createChannels({ engine, directory, monotonic, onPatch }: Options): Channels {
  const channels = new Map<string, Channel>()
  /** A revision counts in this process and with these registers: beyond, names and places may be others. */
  const process = randomUUID()
  let generation = 0
  let registers = directory()

  const open = (key: string, viewer: Viewer) => {
    const basis = `${process}/${generation}/${key}`
    return createChannel({ basis, projector: createProjector(viewer, registers), state: engine.state, monotonic, onPatch })
  }
  return {
    for(viewer) {
      const key = projectionKey(viewer)
      const channel = channels.get(key) ?? open(key, viewer)
      channels.set(key, channel)
      return channel
    },
    all: () => channels.values(),
    close(channel) {
      channel.close()
      for (const [key, known] of channels) if (known === channel) channels.delete(key)
    },
    renew() {
      if (directory() === registers) return []
      registers = directory()
      generation++
      const closed = [...channels.values()]
      for (const channel of closed) channel.close()
      channels.clear()
      return closed
    },
  }
}
