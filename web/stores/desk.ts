import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

interface Clock {
  now: number
  rate: number
  mode: 'real' | 'manual'
}
interface Community {
  id: string
  name: string
  utcOffset: number
}

/** What every page of the desk goes by: the server's time, the community, and whether the server is still heard. */
export const useDesk = defineStore('desk', () => {
  const clock = shallowRef<Clock & { heard: number }>()
  const community = shallowRef<Community>()
  const simulate = ref(false)
  /** names of the questions that go unanswered */
  const deaf = ref(new Set<string>())
  const second = ref(0)

  function told(answer: Clock) {
    clock.value = { ...answer, heard: performance.now() }
    tick()
  }
  /** domain ms on the server now */
  function now() {
    const known = clock.value
    if (!known) return Date.now()
    return known.mode === 'manual' ? known.now : known.now + (performance.now() - known.heard) * known.rate
  }
  function tick() {
    second.value = now()
  }
  function hearing(name: string, stale: boolean) {
    if (deaf.value.has(name) === stale) return
    const next = new Set(deaf.value)
    if (stale) next.add(name)
    else next.delete(name)
    deaf.value = next
  }
  return {
    clock,
    community,
    simulate,
    second,
    told,
    now,
    tick,
    hearing,
    offset: computed(() => community.value?.utcOffset ?? 480),
    link: computed(() => (clock.value === undefined ? 'off' : deaf.value.size > 0 ? 'stale' : 'live')),
  }
})
