import { computed, onScopeDispose, type Ref, ref, watch } from 'vue'
import type { AlertView, GridView } from '../../../shared/wall.ts'
import type { MapFocus } from '../../map/slot.ts'
import { DWELL, focusOnAlert, holding, LOOK_FOR, VIEW_FOR, type View, viewsOf } from './views.ts'

/**
 * What the middle shows: goes round the views while nothing is open, looks at a new matter from near and then holds the estate with
 * all matters in sight. `pinned` is what somebody points at; it wins.
 */
export function useCycle(input: {
  alerts: Readonly<Ref<readonly AlertView[]>>
  grids: Readonly<Ref<readonly GridView[]>>
  hasCare: Readonly<Ref<boolean>>
  pinned: Readonly<Ref<MapFocus | null>>
}) {
  const turn = ref(0)
  const looked = ref<MapFocus | null>(null)
  const matters = computed(() => holding(input.alerts.value))
  const held = computed(() => matters.value.length > 0 || input.pinned.value !== null)
  let known = new Set<string>()
  let looking: ReturnType<typeof setTimeout> | undefined

  let lookedAt = Number.NEGATIVE_INFINITY
  let lookedPriority: number = Number.POSITIVE_INFINITY

  /** A view that jumps with each of many matters shows none of them: only a worse one interrupts a look that has just begun. */
  const mayInterrupt = (alert: AlertView) => !looked.value || alert.priority < lookedPriority || performance.now() - lookedAt > DWELL * 1000
  const lookAt = (alert: AlertView) => {
    if (!mayInterrupt(alert)) return
    lookedAt = performance.now()
    lookedPriority = alert.priority
    looked.value = focusOnAlert(alert)
    clearTimeout(looking)
    looking = setTimeout(() => {
      looked.value = null
    }, LOOK_FOR * 1000)
  }
  watch(
    matters,
    (now) => {
      const fresh = now.find((alert) => !known.has(alert.id))
      known = new Set(now.map((alert) => alert.id))
      if (fresh) lookAt(fresh)
      if (looked.value?.alertId && !known.has(looked.value.alertId)) looked.value = null
    },
    { immediate: true },
  )
  const round = setInterval(() => {
    turn.value = held.value ? 0 : turn.value + 1
  }, VIEW_FOR * 1000)
  onScopeDispose(() => {
    clearInterval(round)
    clearTimeout(looking)
  })

  const view = computed<View>(() => {
    const views = viewsOf(input.grids.value, input.hasCare.value)
    return held.value ? views[0]! : views[turn.value % views.length]!
  })
  const focus = computed<MapFocus | null>(() => {
    if (input.pinned.value) return input.pinned.value
    if (looked.value) return looked.value
    return view.value.name === 'grid' ? { placeId: view.value.gridId } : null
  })
  return { view, focus }
}
