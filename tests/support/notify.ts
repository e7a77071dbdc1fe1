import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBook } from '../../server/notify/book.ts'
import { notifyCommands } from '../../server/notify/commands.ts'
import { type Moved, messagesOf } from '../../server/notify/notify.ts'
import { openStore } from '../../server/store/open.ts'
import { outWriter } from '../../server/store/out-records.ts'
import { createOutbox, outboxReader } from '../../server/store/outbox.ts'
import type { Actor } from '../../server/work.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Endpoint, RecipientSettings } from '../../shared/message.ts'
import type { Order } from '../../shared/order.ts'
import { actor, testWork } from './work.ts'
import { testWorld } from './world.ts'

/** The room of notifications over a real store; `most`: rows that may wait. */
export function openNotify(most?: number, world = testWorld()) {
  const dataDir = mkdtempSync(join(tmpdir(), 'linwang-notify-'))
  const db = openStore(dataDir, 'demo')
  const store = outWriter(db)
  const outbox = createOutbox(db, most)
  const book = createBook(store)
  const work = testWork(world)
  const commands = notifyCommands({ store, outbox, book })
  const run = (name: string, target: string | undefined, body: object, by: Actor = actor('admin'), version?: number) =>
    commands[name]!(work, { name, target, version, body: body as Record<string, unknown>, actor: by })
  return {
    ...{ db, store, outbox, book, work, run, reader: outboxReader(db) },
    tell(moved: Partial<Moved>): void {
      for (const draft of messagesOf(work, { incidents: [], orders: [], ...moved }, book)) outbox.put(draft)
    },
    rows: () => outboxReader(db).list({ limit: 1000 }).items.toReversed(),
    set: (id: string, settings: Partial<RecipientSettings>) => run('recipient.change', id, settings),
    withMail: () =>
      run('notify.smtp', undefined, { smtp: { host: 'mail', port: 25, security: 'none', user: null, from: 'x', verify: true } }),
    endpoint(id: string, more: Partial<Endpoint> = {}) {
      const { format = 'json', ...rest } = more
      const settings = { name: id, filter: {}, drills: false, detail: 'flat', ...rest }
      return run('endpoint.create', undefined, { id, format, origin: 'https://example.org', settings, sealed: { url: 'sealed' } })
    },
    close() {
      db.close()
      rmSync(dataDir, { recursive: true })
    },
  }
}

export const orderOf = (more: Partial<Order> = {}): Order => ({
  ...{ id: 'order-1', incidentId: 'incident-1', kind: 'help', priority: 2, status: 'actual', state: 'dispatched' },
  ...{ placeId: 'caihong-b01-u1-101', assignee: 'g1-day', dispatchedAt: 0, since: 0, dueAt: 1, next: 'accept', overdue: false },
  steps: [{ at: 0, act: 'dispatched', by: 'system', to: 'g1-day' }],
  version: 1,
  ...more,
})
export const incidentOf = (more: Partial<Incident> = {}): Incident => ({
  ...{ id: 'incident-1', kind: 'help', priority: 2, status: 'actual', state: 'open', placeId: 'caihong-b01-u1-101', residentId: 'r1' },
  ...{ openedAt: 0, alerts: ['alert-1'], reports: [], orders: [], timeline: [{ at: 0, by: 'system', what: 'alert.raised' }], version: 1 },
  ...more,
})
