import { ACCESS_TABLES } from './access.ts'
import { AUDIT_TABLES } from './audit.ts'
import { CHECKPOINT_TABLES } from './checkpoint.ts'
import { FEED_TABLES } from './feeds.ts'
import { IDEMPOTENCY_TABLES } from './idempotency.ts'
import { IDENTITY_TABLES } from './identity.ts'
import { JOURNAL_TABLES } from './journal.ts'
import { QUARANTINE_TABLES } from './quarantine.ts'
import { REGISTERS_TABLES } from './registers.ts'
import { SETTINGS_TABLES } from './settings.ts'
import { SIGNAL_TABLES } from './signals.ts'
import { THINGS_TABLES } from './things.ts'
import { TICKS_TABLES } from './ticks.ts'

/** Every table there is; each store file states its own. Statements are idempotent: they run at every start. */
export const SCHEMA: readonly string[] = [
  SETTINGS_TABLES,
  REGISTERS_TABLES,
  FEED_TABLES,
  SIGNAL_TABLES,
  IDENTITY_TABLES,
  QUARANTINE_TABLES,
  THINGS_TABLES,
  AUDIT_TABLES,
  ACCESS_TABLES,
  JOURNAL_TABLES,
  TICKS_TABLES,
  CHECKPOINT_TABLES,
  IDEMPOTENCY_TABLES,
]
