import type { Random } from '../../shared/random.ts'
import type { Millis } from '../../shared/status.ts'

/** Seconds from … to. */
export type Span = readonly [from: number, to: number]

/** Some time in between. */
export const within = (random: Random, [from, to]: Span): Millis => (from + random.next() * (to - from)) * 1000
