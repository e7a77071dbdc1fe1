import { Type } from 'typebox'
import { verifyAudit } from '../store/audit.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { decodeNumber, encodeCursor, limitOf, PageQuery } from './paging.ts'
import { Time, timeOf } from './queries.ts'

const Query = Type.Object({
  ...PageQuery,
  by: Type.Optional(Type.String()),
  act: Type.Optional(Type.String()),
  subject: Type.Optional(Type.String()),
  since: Type.Optional(Time),
  until: Type.Optional(Time),
})

/** Who did what, newest first, and whether the record is whole (S2). */
export function auditRoutes(app: App, { access, world, lists, read, auditKey }: Api): void {
  const guard = createGuard({ access, world })
  app.get('/api/audit', { schema: { tags: ['audit'], querystring: Query } }, async (request) => {
    guard.allow(request, 'audit.view')
    const { by, act, subject, since, until, cursor } = request.query
    const times = { since: timeOf(since, 'since'), until: timeOf(until, 'until') }
    const found = await lists.audit({ by, act, subject, ...times, before: decodeNumber(cursor), limit: limitOf(request.query) })
    return { items: found.items, next: found.next === null ? null : encodeCursor(String(found.next)) }
  })
  app.get('/api/audit/verify', { schema: { tags: ['audit'], summary: 'Whether every row is as it was written' } }, async (request) => {
    guard.allow(request, 'audit.view')
    return verifyAudit(read, auditKey)
  })
}
