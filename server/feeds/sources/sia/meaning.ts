/** What an event of a panel means here, whatever code said it. */
export type Meaning =
  | { is: 'hazard'; hazard: string; active: boolean; test?: boolean }
  /** somebody calls for help; `silent`: whoever stands beside must not notice */
  | { is: 'help'; cause: HelpCause; silent?: boolean }
  /** told for the record; the panel is heard by it */
  | { is: 'note'; armed?: boolean; test?: boolean }

export type HelpCause = 'medical' | 'emergency' | 'panic' | 'duress'

/** Whether the number behind a code is a zone; else it is a user, a door, a line, and the panel itself is meant. */
export interface Reading {
  meaning: Meaning
  zoned: boolean
  /** what the code book says */
  says: string
}

export const hazard = (code: string, active = true): Meaning => ({ is: 'hazard', hazard: code, active })
export const help = (cause: HelpCause, silent = false): Meaning => ({ is: 'help', cause, ...(silent && { silent }) })
export const NOTE: Meaning = { is: 'note' }
export const TEST: Meaning = { is: 'note', test: true }
export const ARMED: Meaning = { is: 'note', armed: true }
export const DISARMED: Meaning = { is: 'note', armed: false }

/** The end of it: a hazard is over; a call for help is not taken back by a panel. */
export function ended(meaning: Meaning): Meaning {
  if (meaning.is === 'hazard') return { ...meaning, active: false }
  if (meaning.is === 'help' || meaning.armed === undefined) return meaning.is === 'note' ? meaning : NOTE
  return meaning.armed ? DISARMED : ARMED
}
