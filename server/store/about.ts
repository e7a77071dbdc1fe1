import { type Incident, isOpenIncident } from '../../shared/incident.ts'
import type { IncidentShelf } from '../work.ts'
import { numberOf } from './id-number.ts'
import type { StoredShelf } from './shelf.ts'

/**
 * Finds the open incidents that may be about a matter without looking through all of them. The index may name too many (closed, moved,
 * undone): whoever asks compares. What is closed is forgotten with the commit, so that an undone closure loses nothing.
 */
export function withAbout(
  shelf: StoredShelf<Incident>,
  keysOf: (incident: Incident) => readonly string[],
): StoredShelf<Incident> & IncidentShelf {
  const index = new Map<string, Set<string>>()
  const add = (incident: Incident) => {
    for (const key of keysOf(incident)) {
      const ids = index.get(key)
      if (ids) ids.add(incident.id)
      else index.set(key, new Set([incident.id]))
    }
  }
  const forget = (incident: Incident) => {
    for (const key of keysOf(incident)) {
      const ids = index.get(key)
      ids?.delete(incident.id)
      if (ids?.size === 0) index.delete(key)
    }
  }
  for (const incident of shelf.open()) add(incident)
  return {
    ...shelf,
    put(incident) {
      shelf.put(incident)
      add(incident)
    },
    about(keys) {
      const ids = new Set(keys.flatMap((key) => [...(index.get(key) ?? [])]))
      return [...ids]
        .sort((a, b) => numberOf(a) - numberOf(b))
        .flatMap((id) => shelf.get(id) ?? [])
        .filter(isOpenIncident)
    },
    flush(now) {
      const gone = [...shelf.unwritten()].filter((incident) => !isOpenIncident(incident))
      shelf.flush(now)
      for (const incident of gone) forget(incident)
    },
  }
}
