import type { Database } from 'better-sqlite3'
import type { Millis } from '../../shared/status.ts'

export const FEED_TABLES = `
CREATE TABLE IF NOT EXISTS feed (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, first_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`

export interface FeedRow {
  id: string
  name: string
  firstAt: Millis
}

/** What the pilot's feeds are called on screen; a new one goes by its id until somebody names it. */
const FEED_NAMES: Readonly<Record<string, string>> = {
  frigate: '摄像机',
  zigbee2mqtt: '居家传感',
  gates: '门禁',
  meters: '水电表',
  speakers: '云广播',
}
/** `constructor` is a feed like any other */
export const feedName = (id: string): string => (Object.hasOwn(FEED_NAMES, id) ? FEED_NAMES[id]! : id)

export const readFeeds = (db: Database) => db.prepare('SELECT id, name, first_at AS firstAt FROM feed ORDER BY id').all() as FeedRow[]

/** Makes a feed known when it is new; says whether it was. */
export function putFeed(db: Database, id: string, now: Millis): boolean {
  const put = db.prepare('INSERT INTO feed (id, name, first_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  return put.run(id, feedName(id), now).changes === 1
}

export const nameFeed = (db: Database, id: string, name: string) =>
  db.prepare('UPDATE feed SET name = ? WHERE id = ?').run(name, id).changes === 1
