import type { Feed } from '../../shared/feed.ts'
import type { FeedBook } from './book.ts'
import { keysOf } from './sia-cipher.ts'
import { FEED } from './sources/sia/sia.ts'
import { type Tolerance, toleranceOf } from './sources/sia/tolerance.ts'

/** How the messages of an account are taken. */
export interface SiaLine {
  feed: string
  /** some feed names the account */
  listed: boolean
  keys: readonly Buffer[]
  tolerance: Tolerance
  /** ms between two messages that it promised */
  supervision?: number
}

export interface SiaAccounts {
  of(account: string): SiaLine
  /** those that some feed names */
  all(): ReadonlyMap<string, SiaLine>
}
type Book = Pick<FeedBook, 'get' | 'all' | 'accountKey' | 'onChange'>

/**
 * The accounts of all feeds. One that no feed names speaks through the first feed of panels that names none, or else through the feed `sia`:
 * its messages wait in quarantine until somebody binds the panel.
 */
export function createSiaAccounts(book: Book): SiaAccounts {
  let lines: Map<string, SiaLine> | undefined
  book.onChange(() => (lines = undefined))
  const all = () => (lines ??= linesOf(book))
  return { all, of: (account) => all().get(account) ?? unlisted(book, account) }
}

function linesOf(book: Book): Map<string, SiaLine> {
  const lines = new Map<string, SiaLine>()
  for (const feed of panelsOf(book))
    for (const { account, supervision } of feed.accounts ?? []) {
      const name = account.toUpperCase()
      const key = book.accountKey(feed.id, account)
      lines.set(name, {
        feed: feed.id,
        listed: true,
        keys: key === undefined ? [] : keysOf(key),
        tolerance: toleranceOf(feed, name),
        ...(supervision !== undefined && { supervision: supervision * 1000 }),
      })
    }
  return lines
}

const panelsOf = (book: Book): Feed[] => book.all().filter(({ kind }) => kind === 'sia-dc09')

function unlisted(book: Book, account: string): SiaLine {
  const open = panelsOf(book).find(({ accounts = [] }) => accounts.length === 0)
  const feed = open ?? book.get(FEED)
  return { feed: feed?.id ?? FEED, listed: false, keys: [], tolerance: toleranceOf(feed, account) }
}
