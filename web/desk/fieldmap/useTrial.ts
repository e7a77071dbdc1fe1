import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import type { TryResult } from '../../../shared/field-map.ts'
import { ApiProblem, type FieldError, post } from '../../ui/api.ts'
import { faultOf } from './marks.ts'

/** Real ms of quiet before what was typed is tried. */
const QUIET = 300

/** Tries map and sample as they are typed; the answer to an older text is not heard. */
export function useTrial(map: Ref<string>, sample: Ref<string>, feed: Ref<string | null>) {
  const result = shallowRef<TryResult>()
  const errors = shallowRef<readonly FieldError[]>([])
  const said = ref('')
  const trying = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: AbortController | undefined

  async function run() {
    running?.abort()
    if (faultOf(map.value) || !sample.value.trim()) return
    const mine = new AbortController()
    running = mine
    trying.value = true
    try {
      const body = { map: JSON.parse(map.value), sample: sample.value, ...(feed.value && { feed: feed.value }) }
      const answer = await post<TryResult>('/api/feeds/try', body, undefined, mine.signal)
      if (running !== mine) return
      result.value = answer
      errors.value = []
      said.value = ''
    } catch (problem) {
      if (running !== mine || mine.signal.aborted) return
      errors.value = problem instanceof ApiProblem ? problem.errors : []
      said.value = problem instanceof Error ? problem.message : String(problem)
    } finally {
      if (running === mine) trying.value = false
    }
  }
  watch(
    [map, sample, feed],
    () => {
      clearTimeout(timer)
      timer = setTimeout(run, QUIET)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    running?.abort()
  })
  return { result, errors, said, trying }
}
