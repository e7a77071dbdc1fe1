import type { Database } from 'better-sqlite3'
import type { Alert } from '../../shared/alert.ts'
import { numberOf } from './id-number.ts'
import type { StoredShelf } from './shelf.ts'

/** Matters whose youngest alert is remembered; more are looked up again. */
const REMEMBERED = 20_000

export type StoredAlerts = StoredShelf<Alert> & { latest(key: string): Alert | undefined }

/** Finds the youngest alert of a matter, open or closed: what flaps comes back to it (A4). */
export function withMatters(db: Database, shelf: StoredShelf<Alert>): StoredAlerts {
  const find = db.prepare<[string], string>('SELECT id FROM alerts WHERE matter = ? ORDER BY n DESC LIMIT 1').pluck()
  const youngest = new Map<string, string | undefined>()
  const remember = (key: string, id: string | undefined) => {
    if (youngest.size >= REMEMBERED) {
      youngest.clear()
      for (const alert of shelf.open()) youngest.set(alert.key, alert.id)
      for (const alert of shelf.unwritten()) youngest.set(alert.key, alert.id)
    }
    youngest.set(key, id)
  }
  for (const alert of shelf.open()) remember(alert.key, alert.id)
  return {
    ...shelf,
    put(alert) {
      shelf.put(alert)
      if (isYounger(alert.id, youngest.get(alert.key))) remember(alert.key, alert.id)
    },
    latest(key) {
      const known = youngest.get(key)
      const alert = known === undefined ? undefined : shelf.get(known)
      if (alert || (known === undefined && youngest.has(key))) return alert
      const id = find.get(key)
      remember(key, id)
      return id === undefined ? undefined : shelf.get(id)
    },
  }
}

const isYounger = (id: string, than: string | undefined) => than === undefined || numberOf(id) > numberOf(than)
