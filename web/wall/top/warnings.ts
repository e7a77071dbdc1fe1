import type { WarningView } from '../../../shared/wall.ts'

/** real ms for which one of several is shown; long enough to read, short enough to wait for */
export const TURN = 5_000

export interface Arranged {
  /** always there, in the first line */
  worst: WarningView | undefined
  /** in the second line; undefined: what is left to say of the worst */
  other: WarningView | undefined
  /** 2/4: which of all `other` is */
  nth: number
  /** whether the second line takes turns */
  turns: boolean
}

/**
 * The list comes worst first. The worst stays; the second line is for the others, one at a time. Where there is no room to say in the first
 * line how long the worst holds (`narrow`), that takes its turn too.
 */
export function arrange(warnings: readonly WarningView[], turn: number, narrow: boolean): Arranged {
  const [worst, ...others] = warnings
  const slots: (WarningView | undefined)[] = narrow || others.length === 0 ? [undefined, ...others] : others
  const other = slots[turn % slots.length]
  return { worst, other, nth: other ? others.indexOf(other) + 2 : 1, turns: slots.length > 1 }
}
