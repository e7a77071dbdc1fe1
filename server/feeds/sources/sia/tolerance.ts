import type { Feed } from '../../../../shared/feed.ts'

/**
 * How much is forgiven. `strict`: nothing. `usual`: a wrong length (its CRC is right), accounts that are not hexadecimal, a panel clock that
 * is local. `lenient`, which people must ask for at one account by `strict: false`: a wrong CRC too, plain messages of an account that has a
 * key, and a clock outside of the window.
 */
export type Tolerance = 'strict' | 'usual' | 'lenient'

export function toleranceOf(feed: Pick<Feed, 'strict' | 'accounts'> | undefined, account: string): Tolerance {
  const own = feed?.accounts?.find((one) => one.account.toUpperCase() === account)?.strict
  if (own === undefined) return feed?.strict ? 'strict' : 'usual'
  return own ? 'strict' : 'lenient'
}
