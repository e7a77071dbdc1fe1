import { computed, ref, shallowRef, watch } from 'vue'
import { useSession } from '../../stores/session.ts'
import { get } from '../../ui/api.ts'
import { useList } from '../ui/useList.ts'
import { type QueueChoice, type QueueItem, type QueuePageOf, queuePath } from './queue.ts'

/** real ms between two looks at the queue */
const EVERY = 3000

/** The first page stays fresh by itself; further ones are fetched when somebody scrolls for them. */
export function useQueue(choice: () => QueueChoice) {
  const session = useSession()
  const path = computed(() => queuePath(choice()))
  const first = useList(
    'queue',
    () => (session.user ? path.value : undefined),
    (signal) => get<QueuePageOf>(path.value, signal),
    EVERY,
  )
  const further = shallowRef<QueueItem[]>([])
  const next = ref<string | null>()
  const busy = ref(false)
  watch(path, () => {
    further.value = []
    next.value = undefined
  })
  // what came up on the first page meanwhile is not shown twice
  const items = computed(() => {
    const top = first.data.value?.items ?? []
    const shown = new Set(top.map(({ id }) => id))
    return [...top, ...further.value.filter(({ id }) => !shown.has(id))]
  })
  const cursor = computed(() => (next.value === undefined ? (first.data.value?.next ?? null) : next.value))
  async function more() {
    if (!cursor.value || busy.value) return
    busy.value = true
    const asked = path.value
    try {
      const page = await get<QueuePageOf>(queuePath(choice(), cursor.value))
      if (asked !== path.value) return
      further.value = [...further.value, ...page.items]
      next.value = page.next
    } catch (problem) {
      first.error.value = (problem as Error).message
    } finally {
      busy.value = false
    }
  }
  return {
    items,
    totals: computed(() => first.data.value?.totals),
    known: computed(() => first.data.value !== undefined),
    error: first.error,
    cursor,
    busy,
    more,
    again: first.again,
  }
}
