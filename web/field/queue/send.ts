import type { Viewer } from '../../../shared/access.ts'
import { sendPhoto } from '../../phone/photo.ts'
import { ApiProblem, get, post } from '../../ui/api.ts'
import { bodyOf, type Errand, pathOf, type Reply, type Shot } from './errand.ts'
import { inTime } from './kept.ts'

/** ms; the key sees to it that what was done all the same is not done again */
const PATIENCE = 20_000

export type Sent = { ok: true; answer: Record<string, unknown> } | { ok: false; reply: Reply; bad?: Shot }

/** Pictures first, each kept as sent before the next; then the act itself. `onShot` writes down what arrived. */
export async function send(errand: Errand, onShot: (shot: Shot) => Promise<void>): Promise<Sent> {
  for (const shot of errand.shots.filter(({ id }) => id === undefined)) {
    try {
      shot.id = (await sendPhoto(shot.blob, shot.key)).id
      await onShot(shot)
    } catch (problem) {
      return { ok: false, reply: replyOf(problem), bad: shot }
    }
  }
  try {
    const answer = await post<Record<string, unknown> | undefined>(pathOf(errand), bodyOf(errand), errand.id, AbortSignal.timeout(PATIENCE))
    // cut off in the middle, or a sign-in page of some network: nobody knows whether it was done, so it is sent again
    return answer?.id === undefined ? { ok: false, reply: { status: 0 } } : { ok: true, answer }
  } catch (problem) {
    return { ok: false, reply: replyOf(problem) }
  }
}

function replyOf(problem: unknown): Reply {
  if (!(problem instanceof ApiProblem)) return { status: 0, detail: String(problem) }
  const { status, message, errors, current } = problem
  return { status, detail: message, errors, current }
}

/** Staff id of whoever's session this browser has now; null: nobody's; undefined: nobody answers. */
export const whoIsSignedIn = (): Promise<string | null | undefined> =>
  get<{ user: Viewer | null } | undefined>('/api/session', inTime()).then(
    (session) => (session ? personOf(session.user) : undefined),
    () => undefined,
  )
export const personOf = (user: Viewer | null): string | null => user && (user.staffId ?? user.id)
