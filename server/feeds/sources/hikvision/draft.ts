import type { Arrival, SourceContext } from '../../../../shared/arrival.ts'
import type { SignalDraft } from '../../../../shared/signal.ts'
import { digest } from '../text.ts'
import type { Alert } from './alert.ts'
import type { Picture } from './documents.ts'

/** What the reading of one alert knows beside the alert. */
export interface Setting {
  arrival: Arrival
  context: SourceContext
  feed: string
  pictures: readonly Picture[]
}

export type Names = { address: string | undefined; aliases: string[] }

/** What all drafts of one alert share. */
export function commonOf({ time, count, retransmitted }: Alert, names: Names, id: string, feed: string) {
  return {
    feed,
    id: id.slice(0, 512),
    ...(names.address !== undefined && { address: names.address }),
    ...(names.aliases.length > 0 && { aliases: names.aliases }),
    time: time.ms,
    offset: time.offset,
    status: 'actual' as const,
    ...(time.assumed && { timeAssumed: true }),
    ...(retransmitted && { replay: true, backlog: true }),
    ...((count ?? 0) > 1 && { repeat: true }),
  } satisfies Partial<SignalDraft>
}

/** The vendor's own words that stay with a signal: never a person's name, number or card. */
export function ownWords({ eventType, time, channel, count }: Alert, pictures: readonly Picture[]) {
  return {
    code: eventType.slice(0, 80),
    ...(channel !== undefined && { channel }),
    ...(count !== undefined && { postCount: count }),
    ...(time.said !== undefined && { said: time.said }),
    ...(time.zoneAssumed !== undefined && { zoneAssumed: time.zoneAssumed }),
    ...(pictures.length > 0 && { pictures }),
  }
}

/** Before it no device of this kind was made: its clock was never set, and after each start it tells the same times again. */
const FIRST_DEVICES = Date.UTC(2010, 0)
/** ms in which a device sends the same message again */
const RESENT_WITHIN = 600_000

/** What stands for the time in an id: without a time, or with that of a clock that was never set, what happens later must not look the same. */
export function momentOf({ time }: Pick<Alert, 'time'>, { arrival, context }: Setting): string {
  if (time.assumed) return arrival.ref ?? `at ${context.now}`
  return time.ms < FIRST_DEVICES ? `${time.ms} at ${Math.floor(context.now / RESENT_WITHIN)}` : `${time.ms}`
}

/** What tells two messages of one device and second apart. */
export const mark = (parts: readonly unknown[]): string => digest(JSON.stringify(parts))
