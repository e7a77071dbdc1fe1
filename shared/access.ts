import { type Static, Type } from 'typebox'

export const ROLES = ['wall', 'visitor', 'resident', 'field', 'officer', 'supervisor', 'engineer', 'admin'] as const
export type Role = (typeof ROLES)[number]
export const Role = Type.Enum([...ROLES])

/** Who asks. `scope` is the place whose subtree the viewer may see (S3). */
export const Viewer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Role,
  scope: Type.String(),
  /** the staff record behind a user, when there is one */
  staffId: Type.Optional(Type.String()),
})
export type Viewer = Static<typeof Viewer>
