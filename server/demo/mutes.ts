import type { Millis } from '../../shared/status.ts'
import type { Happening } from './happening.ts'

/** What a story keeps from happening: from then on, until it is lifted. */
export interface Mutes {
  home(flat: string, from: Millis): void
  person(id: string, from: Millis): void
  device(id: string, from: Millis): void
  lift(id: string): void
  isMuted(happening: Happening): boolean
}

export function createMutes(): Mutes {
  const homes = new Map<string, Millis>()
  const people = new Map<string, Millis>()
  const devices = new Map<string, Millis>()
  const holds = (from: Millis | undefined, at: Millis) => from !== undefined && at >= from
  return {
    home: (flat, from) => void homes.set(flat, from),
    person: (id, from) => void people.set(id, from),
    device: (id, from) => void devices.set(id, from),
    lift(id) {
      homes.delete(id)
      people.delete(id)
      devices.delete(id)
    },
    isMuted: ({ at, home, who, deviceId }) =>
      holds(home === undefined ? undefined : homes.get(home), at) ||
      holds(who === undefined ? undefined : people.get(who), at) ||
      holds(devices.get(deviceId), at),
  }
}
