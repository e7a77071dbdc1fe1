import { onScopeDispose, readonly, ref } from 'vue'

/** One ticker for every running time of the page: domain milliseconds, moved on once a second. */
export function useSecond(serverNow: () => number) {
  const now = ref(serverNow())
  let timer: ReturnType<typeof setTimeout>
  const tick = () => {
    now.value = serverNow()
    // by the real second, since domain time may stand still or run fast
    timer = setTimeout(tick, 1005 - (Date.now() % 1000))
  }
  tick()
  onScopeDispose(() => clearTimeout(timer))
  return readonly(now)
}
