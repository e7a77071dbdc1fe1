import { useWindowSize } from '@vueuse/core'
import { computed } from 'vue'

/** Pixels of one rem on the wall, as base.css sets it: worked out, since asking for a computed style would force one. */
export function useRem() {
  const { width, height } = useWindowSize()
  return computed(() => 100 * Math.min(width.value / 1920, height.value / 1080))
}
