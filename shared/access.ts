import { type Static, Type } from 'typebox'

export const ROLES = ['wall', 'visitor', 'resident', 'field', 'officer', 'supervisor', 'engineer', 'admin'] as const
export type Role = (typeof ROLES)[number]
export const Role = Type.Enum([...ROLES])

/**
 * Who the policy and the sight know. A `helper` signs in as `field` and is sent out on some orders without being on duty for an area: party
 * members, volunteers, shops, property firms, enforcement. The staff register says who is one.
 */
export type Standing = Role | 'helper'
export const STANDINGS: readonly Standing[] = [...ROLES, 'helper']
export const standingOf = ({ role, helper }: Pick<Viewer, 'role' | 'helper'>): Standing =>
  role === 'field' && helper === true ? 'helper' : role

/** Who asks. `scope` is the place whose subtree the viewer may see (S3). */
export const Viewer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Role,
  scope: Type.String(),
  /** the staff record behind a user, when there is one */
  staffId: Type.Optional(Type.String()),
  /** with role `field`: sees the own orders alone, and what hangs on them (S3) */
  helper: Type.Optional(Type.Boolean()),
})
export type Viewer = Static<typeof Viewer>
