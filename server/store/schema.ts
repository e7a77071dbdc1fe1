import type { Database } from 'better-sqlite3'
import { ACCESS_TABLES, migrateAccess } from './access.ts'
import { AUDIT_TABLES } from './audit.ts'
import { BROADCAST_TABLES } from './broadcasts.ts'
import { CARE_TABLES } from './care.ts'
import { CHECKPOINT_TABLES } from './checkpoint.ts'
import { FEED_TABLES, migrateFeeds } from './feeds.ts'
import { IDEMPOTENCY_TABLES } from './idempotency.ts'
import { IDENTITY_TABLES } from './identity.ts'
import { JOURNAL_TABLES } from './journal.ts'
import { LOOP_TABLES } from './loop.ts'
import { ORDER_INDEXES } from './orders.ts'
import { OUT_TABLES } from './out-records.ts'
import { OUTBOX_TABLES } from './outbox.ts'
import { PHOTO_TABLES } from './photos.ts'
import { PUBLICATION_TABLES } from './publications.ts'
import { migrateQuarantine, QUARANTINE_TABLES } from './quarantine.ts'
import { migrateRegisters, REGISTERS_TABLES } from './registers.ts'
import { SEARCH_TABLES } from './search.ts'
import { SETTINGS_TABLES } from './settings.ts'
import { SIGNAL_TABLES } from './signals.ts'
import { migrateThings, THINGS_TABLES } from './things.ts'
import { TICKS_TABLES } from './ticks.ts'

/** Every table there is; each store file states its own. Statements are idempotent: they run at every start. */
export const SCHEMA: readonly string[] = [
  SETTINGS_TABLES,
  REGISTERS_TABLES,
  CARE_TABLES,
  FEED_TABLES,
  SIGNAL_TABLES,
  IDENTITY_TABLES,
  QUARANTINE_TABLES,
  THINGS_TABLES,
  SEARCH_TABLES,
  LOOP_TABLES,
  ORDER_INDEXES,
  PHOTO_TABLES,
  PUBLICATION_TABLES,
  BROADCAST_TABLES,
  AUDIT_TABLES,
  ACCESS_TABLES,
  JOURNAL_TABLES,
  TICKS_TABLES,
  CHECKPOINT_TABLES,
  IDEMPOTENCY_TABLES,
  OUTBOX_TABLES,
  OUT_TABLES,
]

/** What tables of an earlier version lack; likewise at every start, in the same transaction. */
export const MIGRATIONS: readonly ((db: Database) => void)[] = [
  migrateFeeds,
  migrateAccess,
  migrateQuarantine,
  migrateRegisters,
  migrateThings,
]
