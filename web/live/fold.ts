import type { Beat, Patch, Snapshot } from '../../shared/live.ts'
import { applyPatch, GapError } from '../../shared/patch.ts'
import type { WallState } from '../../shared/wall.ts'

/** What the server said so far, folded. */
export interface Folded {
  state: WallState | undefined
  /** what the revision counts, as the last snapshot said */
  basis: string | undefined
}

export const nothingYet: Folded = { state: undefined, basis: undefined }

export const foldSnapshot = ({ state, basis }: Snapshot): Folded => ({ state, basis })

/** Undefined: something is missing in between, ask again. */
export function foldPatch(folded: Folded, patch: Patch): Folded | undefined {
  if (!folded.state) return undefined
  try {
    const state = applyPatch(folded.state, patch)
    return state === folded.state ? folded : { ...folded, state }
  } catch (error) {
    if (error instanceof GapError) return undefined
    throw error
  }
}

/** A beat of a later revision than the state's: a patch was lost. */
export const isBehind = ({ state }: Folded, beat: Beat) => state === undefined || state.revision < beat.revision
