import { onScopeDispose, ref, shallowRef, watch } from 'vue'

export interface PollOptions {
  /** real ms between two questions */
  every?: number
  /** an answer that takes longer is none */
  patience?: number
  onError?(problem: unknown): void
}

/**
 * Asks again and again while `key` is known. What is shown is old (`stale`) once nothing was heard for three rounds, whether the
 * server refuses, hangs or is gone; the last answer stays.
 */
export function usePolled<T>(key: () => string | number | undefined, load: (signal: AbortSignal) => Promise<T>, options: PollOptions = {}) {
  const { every = 2500, patience = 8000 } = options
  const data = shallowRef<T>()
  const error = ref('')
  const stale = ref(false)
  const loading = ref(false)
  let running: AbortController | undefined
  let heard = performance.now()

  async function ask() {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    try {
      const answer = await load(AbortSignal.any([mine.signal, AbortSignal.timeout(patience)]))
      if (running !== mine) return
      data.value = answer
      error.value = ''
      heard = performance.now()
      stale.value = false
    } catch (problem) {
      if (running !== mine || mine.signal.aborted) return
      error.value = problem instanceof Error ? problem.message : String(problem)
      options.onError?.(problem)
    } finally {
      if (running === mine) {
        running = undefined
        loading.value = false
      }
    }
  }
  function look() {
    if (key() === undefined) return
    stale.value = performance.now() - heard > every * 3
    if (!running && document.visibilityState !== 'hidden') void ask()
  }
  const timer = setInterval(look, every)
  watch(
    key,
    (now, before) => {
      if (now !== before) data.value = undefined
      heard = performance.now()
      if (now !== undefined) void ask()
      else running?.abort()
    },
    { immediate: true },
  )
  const seen = () => document.visibilityState !== 'hidden' && look()
  document.addEventListener('visibilitychange', seen)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', seen)
    running?.abort()
  })
  return { data, error, stale, loading, again: ask }
}
