import type { Actor } from '../work.ts'
import type { Commander } from './commander.ts'

const SYSTEM: Actor = { id: 'system', name: 'system', role: 'engineer', scope: '' }

/** In demo mode a feed that a device names comes into being; many first messages at once make one feed. */
export function meetFeed(engine: Pick<Commander, 'command'>) {
  const underWay = new Map<string, Promise<unknown>>()
  return (kind: string, id: string): Promise<unknown> => {
    const known = underWay.get(id)
    if (known) return known
    const met = engine.command({ name: 'feed.meet', body: { id, kind }, actor: SYSTEM }).finally(() => underWay.delete(id))
    underWay.set(id, met)
    return met
  }
}
