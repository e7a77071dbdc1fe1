import type { Feed, FeedSettings } from '../../shared/feed.ts'
import { unprocessable } from '../../shared/problem.ts'
import type { FeedRow, Sealed } from '../store/feeds.ts'

/** Sealed already; null takes one away. */
export interface SealedChange {
  password?: string | null
  accounts?: Record<string, string | null>
}

/** What may be shown of a feed: whether there is a password, never which; sealed text stays here too. */
export function publicFeed({ sealed, ...feed }: FeedRow): Feed {
  const shown: Feed = feed
  if (feed.connection) shown.connection = { ...feed.connection, hasPassword: sealed.password !== undefined }
  if (feed.accounts) shown.accounts = feed.accounts.map((one) => ({ ...one, hasKey: sealed.accounts?.[one.account] !== undefined }))
  return shown
}

/** Puts new secrets in, drops those of panels and connections that are gone, and what only says that there is one. */
export function withSecrets(feed: FeedRow, change: SealedChange): FeedRow {
  const next: FeedRow = { ...feed, sealed: sealedAfter(feed, change) }
  if (feed.connection) {
    const { hasPassword: _, ...connection } = feed.connection
    next.connection = connection
  }
  if (feed.accounts) next.accounts = feed.accounts.map(({ hasKey: _, ...one }) => one)
  return next
}

function sealedAfter({ sealed, connection, accounts = [] }: FeedRow, change: SealedChange): Sealed {
  const after: Sealed = {}
  const password = change.password === undefined ? sealed.password : (change.password ?? undefined)
  if (connection && password !== undefined) after.password = password
  const keys = accounts.flatMap(({ account }) => {
    const given = change.accounts?.[account]
    const key = given === undefined ? sealed.accounts?.[account] : (given ?? undefined)
    return key === undefined ? [] : [[account, key] as const]
  })
  if (keys.length > 0) after.accounts = Object.fromEntries(keys)
  return after
}

/** A password that is kept goes to the host it was given for and to no other: whoever moves the connection says it again. */
export function assertPasswordStays(
  before: FeedRow,
  change: { connection?: FeedSettings['connection'] | null },
  sealed: SealedChange,
): void {
  const next = change.connection
  if (!next || !before.connection || before.sealed.password === undefined || sealed.password !== undefined) return
  if (new URL(next.url).origin === new URL(before.connection.url).origin) return
  throw unprocessable(`The password was given for ${new URL(before.connection.url).host}: give it again for the new address.`, {
    errors: [{ field: 'password', detail: 'was given for another address', fix: 'give the password of the new address, or null' }],
  })
}
