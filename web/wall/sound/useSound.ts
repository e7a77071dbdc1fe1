import { computed, onScopeDispose, type Ref, ref, watch } from 'vue'
import type { AlertView } from '../../../shared/wall.ts'
import { createPlayer } from './player.ts'
import { callFor, repeats } from './rules.ts'
import { HUSH_FOR, PATTERNS, REPEAT_EVERY, TEST_TONE } from './tones.ts'

const CHECKED = 'linwang.heard'

/** Calls people to the wall. `shift` names the shift in force; each one is asked once whether the wall can be heard. */
export function useSound(alerts: Readonly<Ref<readonly AlertView[]>>, shift: Readonly<Ref<string>>) {
  const player = createPlayer()
  const held = ref(player.held())
  const hushedUntil = ref(0)
  const checked = ref(localStorage.getItem(CHECKED) ?? '')
  let known = new Set(alerts.value.map((alert) => alert.id))
  let again: ReturnType<typeof setInterval> | undefined

  let hushEnd: ReturnType<typeof setTimeout> | undefined

  const hushed = () => hushedUntil.value > 0
  const call = (priority: AlertView['priority']) => hushed() || player.play(PATTERNS[priority])
  const repeating = (on: boolean) => {
    clearInterval(again)
    again = on ? setInterval(() => call(1), REPEAT_EVERY * 1000) : undefined
  }
  player.onChange(() => {
    held.value = player.held()
  })
  watch(alerts, (now) => {
    const priority = callFor(known, now)
    known = new Set(now.map((alert) => alert.id))
    if (priority) call(priority)
  })
  watch(() => repeats(alerts.value), repeating, { immediate: true })
  onScopeDispose(() => {
    repeating(false)
    clearTimeout(hushEnd)
    void player.close()
  })

  return {
    held,
    hushedUntil,
    /** the hearing check of this shift is still to be confirmed */
    unconfirmed: computed(() => shift.value !== '' && checked.value !== shift.value),
    async enable() {
      held.value = !(await player.release())
    },
    test: () => player.play(TEST_TONE),
    confirm() {
      checked.value = shift.value
      localStorage.setItem(CHECKED, shift.value)
    },
    /** quiet for a bounded time; a second time ends it */
    hush() {
      clearTimeout(hushEnd)
      hushedUntil.value = hushed() ? 0 : Date.now() + HUSH_FOR * 60_000
      if (hushed()) hushEnd = setTimeout(() => (hushedUntil.value = 0), HUSH_FOR * 60_000)
    },
  }
}
export type Sound = ReturnType<typeof useSound>
