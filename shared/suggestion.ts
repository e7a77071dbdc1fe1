import { type Static, Type } from 'typebox'
import { TEAM_FORMS } from './team.ts'

/** Why somebody is suggested; a page puts the code into words. */
export const WHY_CODES = [
  'delegated',
  'team-of-kind',
  'any-matter',
  'skill',
  'own-building',
  'own-cluster',
  'own-grid',
  'own-area',
  'on-duty',
  'near',
  'busy',
  'may-wait',
  'neighbour',
  'by-telephone',
] as const

export const Why = Type.Object({
  code: Type.Enum([...WHY_CODES]),
  /** what it adds to the score */
  points: Type.Number(),
  /** open orders, or people on duty */
  count: Type.Optional(Type.Number()),
  metres: Type.Optional(Type.Number()),
  skill: Type.Optional(Type.String()),
  /** name of the shift and its end, HH:MM */
  shift: Type.Optional(Type.String()),
  until: Type.Optional(Type.String()),
})
export type Why = Static<typeof Why>

/** Whom to send: the one of `assignee`, `teamId` and `pool` that it has goes into `dispatch`. */
export const Suggestion = Type.Object({
  assignee: Type.Optional(Type.String()),
  teamId: Type.Optional(Type.String()),
  pool: Type.Optional(Type.String()),
  name: Type.String(),
  /** of a person */
  role: Type.Optional(Type.String()),
  /** of a team */
  form: Type.Optional(Type.Enum([...TEAM_FORMS])),
  score: Type.Number(),
  why: Type.Array(Why),
})
export type Suggestion = Static<typeof Suggestion>

/** `empty`: rungs of the ladder on which nobody is on duty there; `atRisk`: how many people there need help to get to safety. */
export const Suggestions = Type.Object({ items: Type.Array(Suggestion), empty: Type.Array(Type.String()), atRisk: Type.Number() })
export type Suggestions = Static<typeof Suggestions>
