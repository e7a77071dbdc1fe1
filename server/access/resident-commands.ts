import { badRequest, notFound } from '../../shared/problem.ts'
import type { Command, Work } from '../work.ts'

/** The one way to a full name and number: the reason stands in the audit before the answer leaves (S2). Who may ask is the policy's. */
export const residentCommands: Record<string, (work: Work, command: Command) => unknown> = {
  'resident.unmask': (work, { target, body, actor }) => {
    const resident = work.world.resident(target ?? '')
    if (!resident) throw notFound(`There is no resident ${target}`)
    const why = typeof body.reason === 'string' ? body.reason.trim() : ''
    if (why.length < 2)
      throw badRequest('Say why the name is needed', { errors: [{ field: '/reason', detail: 'missing', fix: 'at least two characters' }] })
    work.audit({ by: actor.id, act: 'resident.unmask', subject: resident.id, why })
    return { id: resident.id }
  },
}
