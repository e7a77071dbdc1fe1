import { createHash, randomUUID } from 'node:crypto'

/** A panel that heard no answer tries again for a few minutes; the same words later are news. */
const RESENDS = 5 * 60_000
const MOST = 20_000

/**
 * A mark for each message: the same for the same words of the same account and sequence number within five minutes. Sequence numbers start
 * anew with the panel, and many messages carry no time, so nothing in them tells tomorrow's alarm from today's.
 */
export function createMarks(now: () => number, newMark: () => string = randomUUID) {
  const marks = new Map<string, { mark: string; at: number }>()
  return (account: string, text: string): string => {
    const key = createHash('sha1').update(`${account}\n${text}`, 'latin1').digest('base64')
    const at = now()
    const known = marks.get(key)
    if (known && at - known.at < RESENDS) return known.mark
    const mark = newMark()
    marks.delete(key)
    marks.set(key, { mark, at })
    for (const [old, { at: since }] of marks) {
      if (marks.size <= MOST && at - since < RESENDS) break
      marks.delete(old)
    }
    return mark
  }
}

const SPAN = 10 * 60_000
const LOUD = 3

/** Whether an account was sent our time again and again and does not set its clock by it: from the third time in ten minutes on. */
export function createDeafness(now: () => number) {
  const told = new Map<string, { times: number; since: number }>()
  return (account: string): boolean => {
    const known = told.get(account)
    const fresh = !known || now() - known.since > SPAN
    const entry = fresh ? { times: 1, since: now() } : { times: known.times + 1, since: known.since }
    told.delete(account)
    told.set(account, entry)
    if (told.size > MOST) told.delete(told.keys().next().value!)
    return entry.times >= LOUD
  }
}
