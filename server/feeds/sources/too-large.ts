import type { Source } from '../../../shared/arrival.ts'

/** What was larger than its feed may send: only its beginning came here. Nothing of it is read, as half a message may say the opposite. */
export const tooLarge: Source = ({ headers, feed, topic }) => {
  const { length = 'more', most = 'allowed' } = headers ?? {}
  const detail = `the message of ${length} bytes is larger than the ${most} that the feed may send: only its beginning was kept`
  const named = feed ?? /^(?:linwang\/)?([^/]+)/.exec(topic ?? '')?.[1]
  return { drafts: [], rejects: [{ reason: 'too-large', detail, ...(named !== undefined && { feed: named }) }] }
}
