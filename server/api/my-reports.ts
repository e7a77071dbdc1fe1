import { type Static, Type } from 'typebox'
import type { Report } from '../../shared/report.ts'
import { toActor } from '../access/commander.ts'
import { findReports } from '../store/report-lists.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { decodeNumber, encodeCursor, limitOf, PageQuery } from './paging.ts'
import { Ids, KeyHeader } from './queries.ts'
import { ownKeys, progressFor } from './report-view.ts'

const tags = ['my']

/** One's own reports: followed, taken back, rated. */
export function myReportRoutes(app: App, { access, world, engine, read }: Api): void {
  const guard = createGuard({ access, world })
  app.get('/api/my/reports', { schema: { tags, querystring: Type.Object(PageQuery) } }, async (request) => {
    const viewer = guard.allow(request, 'reports.own')
    const { limit, cursor } = request.query
    const found = findReports(read, {
      keys: ownKeys(viewer),
      before: decodeNumber(cursor),
      limit: Math.min(limitOf({ limit: limit ?? 50 }), 200),
    })
    return {
      items: found.items.map((report) => progressFor(read, world(), report)),
      next: found.next === null ? null : encodeCursor(String(found.next)),
    }
  })

  const Rate = Type.Object({ stars: Type.Integer({ minimum: 1, maximum: 5 }), text: Type.Optional(Type.String({ maxLength: 500 })) })
  const Withdraw = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) })
  for (const [act, body] of [
    ['rate', Rate],
    ['withdraw', Withdraw],
  ] as const) {
    const summary = act === 'rate' ? 'Once it is closed, and once' : 'Take it back while nobody has closed it'
    app.post(`/api/my/reports/:id/${act}`, { schema: { tags, summary, params: Ids, headers: KeyHeader, body } }, async (request) => {
      const { id } = request.params as Static<typeof Ids>
      const viewer = guard.allow(request, 'reports.own')
      const command = { name: `report.${act}`, target: id, body: request.body as Record<string, unknown>, actor: toActor(viewer) }
      const report = await engine.command<Report>(command, (request.headers as Static<typeof KeyHeader>)['idempotency-key'])
      return progressFor(read, world(), report)
    })
  }
}
