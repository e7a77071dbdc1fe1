import type { TileId } from './tiles.ts'

/** One thing to do at the device, in the words of its own menu. */
export interface SetupStep {
  text: string
  /** what to type where: the menu's label and the value */
  fields?: readonly (readonly [label: string, value: string])[]
  /** lines of a file */
  code?: string
}
export interface Setup {
  steps: readonly SetupStep[]
  /** what is easily overlooked */
  note?: string
}
export type SetupBook = Readonly<Record<TileId, Setup>>
