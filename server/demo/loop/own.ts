import type { Order } from '../../../shared/order.ts'
import type { Saying } from './saying.ts'

/** What the people of the town brought about themselves: anything else a guest did, and is left to the guest for a while. */
export interface Own {
  has(incidentId: string): boolean
  add(incidentId: string, saying: Saying): void
  /** whether two of theirs are about the same */
  areOne(one: string, other: string): boolean
  /** whom a whistle calls */
  teamsOf(incidentId: string): readonly string[]
  /** the state of an order that one of them brought about */
  did(orderId: string, version: number): void
  /** whether it stands as they left it, or as the clock moved it on */
  isTheirs(order: Pick<Order, 'id' | 'version' | 'steps'>): boolean
}

/** incidents and orders remembered; older ones are closed by then */
const MOST = 2_000

export function createOwn(): Own {
  const incidents = new Map<string, Saying>()
  const versions = new Map<string, number>()
  return {
    has: (id) => incidents.has(id),
    add(id, saying) {
      trim(incidents)
      if (!incidents.has(id)) incidents.set(id, saying)
    },
    areOne(one, other) {
      const [a, b] = [incidents.get(one), incidents.get(other)]
      return a !== undefined && b !== undefined && (a.same === b || b.same === a)
    },
    teamsOf: (id) => incidents.get(id)?.matter.teams ?? [],
    did(id, version) {
      trim(versions)
      versions.set(id, version)
    },
    isTheirs: ({ id, version, steps }) => version === 1 || versions.get(id) === version || steps.at(-1)?.by === 'system',
  }
}

function trim(map: Map<string, unknown>) {
  if (map.size < MOST) return
  for (const key of [...map.keys()].slice(0, MOST / 2)) map.delete(key)
}
