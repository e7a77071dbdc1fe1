import type { Database } from 'better-sqlite3'
import { FEED_KINDS, type Feed, type FeedKind } from '../../shared/feed.ts'
import type { Millis } from '../../shared/status.ts'
import { addColumns } from './columns.ts'

/** `settings` and `sealed` are JSON: what people set, and the passwords and keys of it, sealed. */
export const FEED_TABLES = `
CREATE TABLE IF NOT EXISTS feed (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, first_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`

/** Feeds of earlier versions had a name and no more. */
export function migrateFeeds(db: Database): void {
  const added = addColumns(db, 'feed', {
    kind: "TEXT NOT NULL DEFAULT 'cloudevents'",
    state: "TEXT NOT NULL DEFAULT 'active'",
    settings: "TEXT NOT NULL DEFAULT '{}'",
    sealed: "TEXT NOT NULL DEFAULT '{}'",
    version: 'INTEGER NOT NULL DEFAULT 1',
    created_by: 'TEXT',
  })
  if (!added.includes('kind')) return
  const put = db.prepare('UPDATE feed SET kind = ? WHERE id = ?')
  for (const [id, { kind }] of Object.entries(PILOT)) put.run(kind, id)
}

/** Of one feed: the password of its connection, the keys of its panels by account. */
export interface Sealed {
  password?: string
  accounts?: Record<string, string>
}
export interface FeedRow extends Feed {
  sealed: Sealed
}

/** What the pilot's feeds speak and are called; a new one goes by its id until somebody names it. */
const PILOT: Readonly<Record<string, { name: string; kind: FeedKind }>> = {
  frigate: { name: '摄像机', kind: 'frigate' },
  zigbee2mqtt: { name: '居家传感', kind: 'zigbee2mqtt' },
  gates: { name: '门禁', kind: 'cloudevents' },
  meters: { name: '水电表', kind: 'cloudevents' },
  speakers: { name: '云广播', kind: 'cloudevents' },
}
/** `constructor` is a feed like any other */
const pilot = (id: string) => (Object.hasOwn(PILOT, id) ? PILOT[id] : undefined)
export const feedName = (id: string): string => pilot(id)?.name ?? id

/** A feed that nobody made: what the pilot says of it, else what it was heard to speak. */
export const newFeed = (id: string, now: Millis, kind?: FeedKind): FeedRow => ({
  id,
  name: feedName(id),
  kind: pilot(id)?.kind ?? kind ?? 'cloudevents',
  state: 'active',
  version: 1,
  firstAt: now,
  sealed: {},
})

const COLUMNS = 'id, name, first_at AS firstAt, kind, state, settings, sealed, version, created_by AS createdBy'
type Stored = Pick<Feed, 'id' | 'name' | 'kind' | 'state' | 'version' | 'firstAt'> & {
  settings: string
  sealed: string
  createdBy: string | null
}

export function readFeeds(db: Database): FeedRow[] {
  return (db.prepare(`SELECT ${COLUMNS} FROM feed ORDER BY id`).all() as Stored[]).map(toFeed)
}

export function readFeed(db: Database, id: string): FeedRow | undefined {
  const row = db.prepare(`SELECT ${COLUMNS} FROM feed WHERE id = ?`).get(id) as Stored | undefined
  return row && toFeed(row)
}

function toFeed({ settings, sealed, createdBy, kind, ...row }: Stored): FeedRow {
  return {
    ...(JSON.parse(settings) as Partial<Feed>),
    ...row,
    // of a later version that was taken back
    kind: FEED_KINDS.includes(kind) ? kind : 'cloudevents',
    ...(createdBy !== null && { createdBy }),
    sealed: JSON.parse(sealed) as Sealed,
  }
}

/** Puts the feed in the place of the one of the same id. */
export function writeFeed(db: Database, feed: FeedRow): void {
  const { id, name, kind, state, version, firstAt, createdBy = null, sealed, ...settings } = feed
  db.prepare(
    'INSERT OR REPLACE INTO feed (id, name, first_at, kind, state, settings, sealed, version, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(id, name, firstAt, kind, state, JSON.stringify(settings), JSON.stringify(sealed), version, createdBy)
}

export const dropFeed = (db: Database, id: string): boolean => db.prepare('DELETE FROM feed WHERE id = ?').run(id).changes === 1
