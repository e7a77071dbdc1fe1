import type { Message, Notice } from '../../shared/message.ts'
import type { World } from '../../shared/world.ts'
import { wordsOf } from './words.ts'

/** A message as its recipient's page shows it. */
export function noticeOf(message: Message, world: World): Notice {
  const { id, kind, priority, status, createdAt, readAt, incidentId, orderId, placeId } = message
  const { quiet = false, ...params } = message.params
  const { title, lines } = wordsOf(message, world, { detail: 'flat', staffNames: true })
  // a reporter follows the report: the number of our record is nothing to them
  const about = { incidentId: kind === 'report.progress' ? null : incidentId, orderId, placeId }
  return { id, kind, priority, status, at: createdAt, readAt, quiet: quiet === true, ...about, params, title, text: lines.join('\n') }
}
