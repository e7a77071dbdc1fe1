import { type Static, Type } from 'typebox'

/**
 * pool: orders wait there until somebody of it claims them (党员接单, 志愿者); team: its lead has the order until a member takes it (property
 * firm, enforcement); outside: police, fire, medical, who are telephoned and whose steps an officer notes.
 */
export const TEAM_FORMS = ['pool', 'team', 'outside'] as const
export const TEAM_KINDS = [
  'party',
  'volunteer',
  'property',
  'enforcement',
  'community',
  'police',
  'fire',
  'medical',
  'utility',
  'other',
] as const

export const Team = Type.Object({
  id: Type.String(),
  name: Type.String(),
  form: Type.Enum([...TEAM_FORMS]),
  kind: Type.Enum([...TEAM_KINDS]),
  /** where it works */
  placeId: Type.String(),
  /** staff id; of an outside team nobody */
  leadId: Type.Optional(Type.String()),
  /** staff ids */
  members: Type.Array(Type.String()),
  /** ids of matter kinds, or kinds of alerts, that are delegated to it; `*` for all */
  matters: Type.Array(Type.String()),
  skills: Type.Array(Type.String()),
  phone: Type.Optional(Type.String()),
})
export type Team = Static<typeof Team>
