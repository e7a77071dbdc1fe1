import type { WarningView } from '../../../shared/wall.ts'

/** real ms for which one of several is shown; long enough to read, short enough to wait for */
export const TURN = 5_000
/** On the widest walls so many stand side by side. */
export const ABREAST = 4

/** One box on the top line. */
export interface Box {
  /** its first line */
  warning: WarningView
  /** in its second line; undefined: what is left to say of `warning` */
  other?: WarningView
  /** 2/4: which of all `other` is */
  nth?: number
}
export interface Arranged {
  boxes: Box[]
  /** whether the second line takes turns */
  turns: boolean
}

/**
 * The list comes worst first, and the worst is always there. On a wall of one or two columns it has the one box, and the others come by turns
 * in its second line; of one column, where the first line has no room to say how long the worst holds, that takes its turn too. On wider
 * walls each has a box.
 */
export function arrange(warnings: readonly WarningView[], turn: number, columns: number): Arranged {
  const [worst, ...others] = warnings
  if (!worst) return { boxes: [], turns: false }
  if (columns > 2 && warnings.length <= ABREAST) return { boxes: warnings.map((warning) => ({ warning })), turns: false }
  const slots: (WarningView | undefined)[] = columns === 1 || others.length === 0 ? [undefined, ...others] : others
  const other = slots[turn % slots.length]
  const box: Box = other ? { warning: worst, other, nth: others.indexOf(other) + 2 } : { warning: worst }
  return { boxes: [box], turns: slots.length > 1 }
}
