import type { LabelledPlace } from '../../stores/places.ts'

/** Where devices are put: not in clusters, which are people and not places. */
const RANK: Record<string, number> = { building: 0, spot: 1, unit: 2, flat: 3, floor: 4, grid: 5, community: 6, street: 9, cluster: 99 }

const plain = (text: string) => text.toLowerCase().replace(/[\s·,，]+/g, '')

/** `12栋`, `302`, `12栋302`, `12-1-302` or an id: the shortest name that holds all of it comes first. */
export function findPlaces(places: readonly LabelledPlace[], query: string, most = 40): LabelledPlace[] {
  const words = query
    .toLowerCase()
    .split(/[\s\-·,，]+/)
    .filter(Boolean)
  const whole = plain(query)
  const scored: { place: LabelledPlace; score: number }[] = []
  for (const place of places) {
    const rank = RANK[place.kind] ?? 8
    if (rank > 90) continue
    const label = plain(place.label)
    const fits =
      words.every((word) => label.includes(word)) || label.includes(whole) || plain(place.id).includes(whole) || pieces(whole, label)
    if (!fits) continue
    const exact = plain(place.name) === whole || label === whole ? -100 : label.endsWith(whole) ? -50 : label.startsWith(whole) ? -20 : 0
    scored.push({ place, score: exact + rank * 3 + label.length / 10 })
  }
  scored.sort((a, b) => a.score - b.score || (a.place.id < b.place.id ? -1 : 1))
  return scored.slice(0, most).map(({ place }) => place)
}

/** 12栋302 → both parts in this order, whatever stands between. */
function pieces(query: string, label: string): boolean {
  const parts = query.match(/\d+[^\d]*|[^\d]+/g)
  if (!parts || parts.length < 2) return false
  let from = 0
  for (const part of parts) {
    const at = label.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return true
}
