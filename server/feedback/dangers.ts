import type { Incident } from '../../shared/incident.ts'
import type { Danger } from '../../shared/my-orders.ts'
import type { World } from '../../shared/world.ts'

/** Closed matters of one kind at one place, counted. */
export interface Counted {
  kind: string
  place: string
  times: number
  last: number
}
/** Which matters are of one family, and how far such a matter reaches from a place. */
export type FamilyOf = (kind: string, place: string) => { family: string; reach: string }

/** Places at which the same family of matters keeps happening, the most frequent first. Exercises do not count (X1). */
export function hiddenDangers(
  world: World,
  rows: readonly Counted[],
  familyOf: FamilyOf,
  matters: (places: readonly string[], kinds: readonly string[]) => readonly Incident[],
): Danger[] {
  const groups = Map.groupBy(rows, ({ kind, place }) => {
    const { family, reach } = familyOf(kind, place)
    return `${family} ${reach}`
  })
  const often = [...groups].filter(([id, own]) => timesOf(own) >= world.threshold('danger.count', id.split(' ')[1]))
  const found = often.flatMap(([id, own]) => danger(world, id, own, matters) ?? [])
  return found.sort((a, b) => b.times - a.times || b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1))
}

const timesOf = (rows: readonly Counted[]) => rows.reduce((sum, { times }) => sum + times, 0)
const different = (words: readonly string[]) => [...new Set(words)]

function danger(world: World, id: string, rows: readonly Counted[], matters: Parameters<typeof hiddenDangers>[3]): Danger | undefined {
  const [family, placeId] = id.split(' ') as [string, string]
  const kinds = different(rows.map(({ kind }) => kind))
  const all = matters(different(rows.map(({ place }) => place)), kinds)
  const counted = all.filter(({ drilled }) => !drilled)
  const times = timesOf(rows) - (all.length - counted.length)
  if (counted.length === 0 || times < world.threshold('danger.count', placeId)) return undefined
  const gridId = world.places.nearest(placeId, 'grid')?.id
  return {
    ...{ id: `${family}@${placeId}`, family, kinds, placeId, place: world.places.label(placeId), ...(gridId && { gridId }), times },
    firstAt: Math.min(...counted.map(({ openedAt }) => openedAt)),
    lastAt: Math.max(...counted.map(({ openedAt }) => openedAt)),
    incidents: counted.map(({ id: incident }) => incident),
  }
}
