import type { Priority } from '../../../shared/status.ts'

/** One tone: start and length in seconds, frequency in hertz. */
export interface Tone {
  at: number
  for: number
  hz: number
  /** 0…1 */
  loud: number
}

const burst = (hz: number[], step: number, length: number, loud: number): Tone[] =>
  hz.map((each, i) => ({ at: i * step, for: length, hz: each, loud }))

/**
 * Patterns after the idea of IEC 60601-1-8: urgency is carried by the number, pace and rise of the pulses, so it can be told with the
 * eyes shut. 1: ten quick pulses, rising; 2: three; 3: two, falling; 4: one soft one.
 */
export const PATTERNS: Record<Priority, readonly Tone[]> = {
  1: [
    ...burst([660, 660, 660, 880, 988], 0.18, 0.14, 0.5),
    ...burst([660, 660, 660, 880, 988], 0.18, 0.14, 0.5).map((tone) => ({ ...tone, at: tone.at + 1.2 })),
  ],
  2: burst([587, 587, 784], 0.28, 0.2, 0.4),
  3: burst([523, 440], 0.4, 0.3, 0.3),
  4: burst([440], 0, 0.4, 0.2),
}
export const TEST_TONE: readonly Tone[] = burst([440, 554, 659], 0.3, 0.26, 0.25)

/** Seconds between two calls of an unacknowledged matter; only priority 1 repeats. */
export const REPEAT_EVERY = 8
/** Minutes: quiet always ends by itself. */
export const HUSH_FOR = 5
