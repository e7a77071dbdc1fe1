import type { Settled, StoredMessage } from '../store/outbox.ts'
import type { Work } from '../work.ts'
import { waysOut } from './channels.ts'
import type { NotifyDesk } from './desk.ts'
import { endpointLane } from './endpoints.ts'

/** One attempt is over. What failed for good goes on by the recipient's next channel. */
export function settle(work: Work, desk: NotifyDesk, settled: Settled): void {
  const message = desk.outbox.get(settled.id)
  if (!message || !desk.outbox.settle(settled)) return
  if (message.channel === 'webhook') endpointHealth(work, desk, message.recipient, settled)
  else personal(work, desk, message, settled)
}

function personal(work: Work, { store, outbox, book }: NotifyDesk, message: StoredMessage, { outcome, reason }: Settled): void {
  if (reason === 'gone' && message.target) {
    store.dropSubscription(message.target)
    book.refresh()
  }
  if (outcome !== 'failed' && outcome !== 'dropped') return
  const { recipient, incidentId, orderId, placeId, kind, priority, status, params } = message
  const about = { incidentId: incidentId ?? '', orderId: orderId ?? undefined, placeId: placeId ?? '' }
  const ways = waysOut(recipient, { kind, priority, status, params, ...about }, message.afterChannels, book, work.now)
  for (const draft of ways) outbox.put(draft)
}

/** Slow down is an answer of somebody who is well. */
function endpointHealth(work: Work, { store, outbox, book }: NotifyDesk, id: string, { outcome, at, error, reason }: Settled): void {
  if (outcome === 'sent') {
    if ((store.endpoint(id)?.health.failures ?? 0) > 0) outbox.hurry(endpointLane(id))
    store.worked(id, at)
  } else if (outcome !== 'dropped' && reason !== 'throttled') store.failed(id, at, error ?? reason ?? '')
  if (reason !== 'gone' || !store.gone(id)) return
  work.audit({ by: 'system', act: 'endpoint.gone', subject: id })
  book.refresh()
}
