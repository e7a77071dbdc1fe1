import { onScopeDispose, ref, shallowRef, watch } from 'vue'

/** Fetches whenever `key` changes; answers of a question that is no longer asked are ignored. */
export function useFetched<T>(key: () => string | number | undefined, load: (signal: AbortSignal) => Promise<T>) {
  const data = shallowRef<T>()
  const error = ref('')
  const loading = ref(false)
  let running: AbortController | undefined

  async function run() {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    try {
      const answer = await load(mine.signal)
      if (running !== mine) return
      data.value = answer
      error.value = ''
    } catch (problem) {
      if (running === mine && !mine.signal.aborted) error.value = problem instanceof Error ? problem.message : String(problem)
    } finally {
      if (running === mine) loading.value = false
    }
  }
  watch(key, (now) => now !== undefined && void run(), { immediate: true })
  onScopeDispose(() => running?.abort())
  return { data, error, loading, retry: run }
}
