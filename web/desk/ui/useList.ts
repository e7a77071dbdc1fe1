import { onScopeDispose, watch } from 'vue'
import { useDesk } from '../../stores/desk.ts'
import { useSession } from '../../stores/session.ts'
import { ApiProblem } from '../../ui/api.ts'
import { usePolled } from '../../ui/usePolled.ts'
import { sayProblem } from './problem-words.ts'

/** A question of the desk: while it goes unanswered the top line says 停更; a session that ended leads to the sign-in. */
export function useList<T>(name: string, key: () => string | undefined, load: (signal: AbortSignal) => Promise<T>, every?: number) {
  const desk = useDesk()
  const session = useSession()
  const polled = usePolled(key, (signal) => load(signal).catch(inWords), {
    every,
    onError: (problem) => problem instanceof ApiProblem && problem.status === 401 && void session.load(),
  })
  watch(polled.stale, (stale) => desk.hearing(name, stale), { immediate: true })
  onScopeDispose(() => desk.hearing(name, false))
  return polled
}

/** A refusal in the page's own words; what is no refusal goes on as it is. */
function inWords(problem: unknown): never {
  if (!(problem instanceof ApiProblem)) throw problem
  throw new ApiProblem(problem.status, sayProblem(problem), problem.current, problem.errors)
}
