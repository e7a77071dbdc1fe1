import { computed } from 'vue'
import type { WallState } from '../../../shared/wall.ts'
import { useSession } from '../../stores/session.ts'
import { all, get } from '../../ui/api.ts'
import { useList } from '../ui/useList.ts'
import { type CareItem, entriesOf } from './care.ts'

/** Everybody looked after, with today and what is open. */
export function useCareList() {
  const session = useSession()
  const key = () => session.user?.id
  const plans = useList('care', key, (signal) => all<CareItem>('/api/care?limit=500', signal), 4000)
  const wall = useList('care-wall', key, (signal) => get<WallState>('/api/wall', signal))
  const entries = computed(() =>
    plans.data.value && wall.data.value ? entriesOf(plans.data.value, wall.data.value.care, wall.data.value.alerts) : undefined,
  )
  const grids = computed(() => (wall.data.value?.grids ?? []).map(({ id, name }) => ({ value: id, label: name })))
  return { entries, grids, error: computed(() => plans.error.value || wall.error.value) }
}
