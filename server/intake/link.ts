import type { Millis } from '../../shared/status.ts'
import type { FeedView } from '../../shared/wall.ts'

/** What a transport says of its connection, as bytes of an arrival of source `feed-link`. */
export interface LinkReport {
  state: 'up' | 'down'
  /** ms; the last word that came over it, when the loss was noticed later */
  at?: Millis
  reason?: string
  /** says how it stands (a retained message), not that it changed */
  standing?: boolean
}
export type Link = Pick<FeedView, 'link' | 'reconnects' | 'gap'>
export const NO_LINK: Link = { link: null, reconnects: 0, gap: null }

/** Further from our clock than this, `at` was read from another one. */
const SAME_CLOCK: Millis = 3_600_000
const LONGEST_REASON = 200

export function readLinkReport(bytes: Uint8Array): LinkReport | undefined {
  try {
    const { state, at, reason } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
    if (state !== 'up' && state !== 'down') return undefined
    return {
      state,
      ...(typeof at === 'number' && { at }),
      ...(typeof reason === 'string' && { reason: reason.slice(0, LONGEST_REASON) }),
    }
  } catch {
    return undefined
  }
}

/** An end that nobody told (the process was killed) is known by the next beginning: the gap began with the last word heard. */
export function linkAfter(before: Link = NO_LINK, report: LinkReport, lastHeard: Millis | null, now: Millis): Link {
  if (report.standing && before.link?.state === report.state) return before
  const at = report.at !== undefined && report.at <= now && now - report.at < SAME_CLOCK ? report.at : now
  return report.state === 'up' ? up(before, at, lastHeard) : down(before, at, report.reason)
}

/** The first connection of all ends no gap. */
function up({ link, reconnects, gap }: Link, at: Millis, lastHeard: Millis | null): Link {
  const now = { state: 'up' as const, since: at }
  const from = link?.state === 'up' ? Math.max(lastHeard ?? 0, link.since) : gap?.to === null ? gap.from : undefined
  return from === undefined ? { link: now, reconnects, gap } : { link: now, reconnects: reconnects + 1, gap: { from, to: at } }
}

/** Told again while it is down: the reason may be another, the beginning is the same. Never up before: nothing was lost. */
function down({ link, reconnects, gap }: Link, at: Millis, reason: string | undefined): Link {
  const since = link?.state === 'down' ? link.since : at
  const from = link?.state === 'up' ? { gap: { from: at, to: null } } : { gap }
  return { link: { state: 'down', since, ...(reason !== undefined && { reason }) }, reconnects, ...from }
}
