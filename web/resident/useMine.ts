import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { PublicationForMe } from '../../shared/publication.ts'
import type { ReportProgress } from '../../shared/report.ts'
import { get, type Page } from '../ui/api.ts'

/** ms between two looks while somebody has the page before them */
const EVERY = 5_000

/** One's own requests and what is published; keeps what was heard last and says since when that is old. */
export function useMine(when: () => boolean, moved: (request: ReportProgress) => void = () => {}) {
  const requests = shallowRef<ReportProgress[]>()
  const news = shallowRef<PublicationForMe[]>()
  const heardAt = ref<number>()
  const failed = ref('')
  let running = false

  async function look() {
    if (running || document.hidden || !when()) return
    running = true
    try {
      const [mine, published] = await Promise.all([
        get<Page<ReportProgress>>('/api/my/reports'),
        get<Page<PublicationForMe>>('/api/my/publications'),
      ])
      if (requests.value) for (const one of movedOn(requests.value, mine.items)) moved(one)
      requests.value = mine.items
      news.value = published.items
      heardAt.value = Date.now()
      failed.value = ''
    } catch (problem) {
      failed.value = (problem as Error).message
    } finally {
      running = false
    }
  }
  const timer = setInterval(look, EVERY)
  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  })
  watch(when, look, { immediate: true })
  return { requests, news, heardAt, failed, look }
}

/** Those that have come further since they were looked at; what is new was sent by this very page. */
const movedOn = (before: readonly ReportProgress[], now: readonly ReportProgress[]) =>
  now.filter(({ id, state }) => {
    const known = before.find((one) => one.id === id)
    return known !== undefined && known.state !== state && state !== 'withdrawn'
  })
