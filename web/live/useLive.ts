import { computed, type MaybeRefOrGetter, onScopeDispose, ref, type ShallowRef, shallowRef, toValue, watch } from 'vue'
import { type Beat, STALE_AFTER } from '../../shared/live.ts'
import type { Problem } from '../../shared/problem.ts'
import type { WallState } from '../../shared/wall.ts'
import { type Folded, foldPatch, foldSnapshot, isBehind, nothingYet } from './fold.ts'
import { patience } from './patience.ts'
import { openLiveSocket } from './socket.ts'

/** ms; a little less than 3 s, so that by then the word stands on the screen (P4) */
const SAY_AFTER = STALE_AFTER - 200

/** live: heard within 3 s; stale: what is shown is old; off: there is nothing to show yet. */
export type Link = 'live' | 'stale' | 'off'

export interface LiveOptions {
  /** origin of the server; '' for the page's own */
  url?: string
  /** place to watch; the viewer's own when absent */
  scope?: MaybeRefOrGetter<string | undefined>
  token?: string
  /** monotonic real ms */
  now?: () => number
}

/** The wall state as it lives on the server. Folds at once as messages come; leaves with the scope it was called in. */
export function useLive(options: LiveOptions = {}) {
  const now = options.now ?? (() => performance.now())
  const folded = shallowRef<Folded>(nothingYet)
  const silent = ref(true)
  const lastBeat = shallowRef<Beat & { heard: number }>()
  const problem = shallowRef<Problem>()
  const state = computed(() => folded.value.state) as Readonly<ShallowRef<WallState | undefined>>
  const watchdog = createWatchdog(now, SAY_AFTER, (is) => {
    silent.value = is
  })

  const again = () => socket.watch()
  const socket = openLiveSocket({
    url: options.url ?? '',
    token: options.token,
    request: () => ({ scope: toValue(options.scope), revision: folded.value.state?.revision, basis: folded.value.basis }),
    onSnapshot(message) {
      watchdog.heard()
      problem.value = undefined
      folded.value = foldSnapshot(message)
    },
    onPatch(message) {
      watchdog.heard()
      const next = foldPatch(folded.value, message)
      if (next) folded.value = next
      else again()
    },
    onBeat(beat) {
      watchdog.heard()
      problem.value = undefined
      lastBeat.value = { ...beat, heard: now() }
      if (isBehind(folded.value, beat)) again()
    },
    onProblem(said) {
      problem.value = said
    },
  })

  watch(
    () => toValue(options.scope),
    () => {
      folded.value = nothingYet
      again()
    },
    { flush: 'sync' },
  )
  const hurry = () => socket.hurry()
  globalThis.addEventListener?.('online', hurry)
  onScopeDispose(() => {
    globalThis.removeEventListener?.('online', hurry)
    watchdog.stop()
    socket.close()
  })

  /** Domain time on the server now, ms; before the first beat the time of the state. */
  const serverNow = () => {
    const beat = lastBeat.value
    return beat ? beat.at + (now() - beat.heard) * (beat.rate ?? 1) : (state.value?.at ?? 0)
  }
  return {
    state,
    link: computed<Link>(() => (state.value === undefined ? 'off' : silent.value ? 'stale' : 'live')),
    revision: computed(() => state.value?.revision),
    lastBeat,
    /** domain time up to which the screen knows, ms */
    lastHeard: computed(() => lastBeat.value?.at ?? state.value?.at),
    /** why the server does not let this screen in */
    problem,
    serverNow,
  }
}
export type LiveWall = ReturnType<typeof useLive>

/** Says when nothing was heard for `after` ms, to the millisecond, with one timer however much is heard. */
function createWatchdog(now: () => number, after: number, onSilent: (silent: boolean) => void) {
  let last = Number.NEGATIVE_INFINITY
  let callOff: (() => void) | undefined
  const look = () => {
    const left = last + after - now()
    callOff = left > 0 ? patience(left, look) : undefined
    if (left <= 0) onSilent(true)
  }
  return {
    heard() {
      last = now()
      onSilent(false)
      callOff ??= patience(after, look)
    },
    stop: () => callOff?.(),
  }
}
