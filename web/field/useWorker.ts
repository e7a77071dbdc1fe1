import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Viewer } from '../../shared/access.ts'
import type { StaffRole } from '../../shared/person.ts'
import { get, post, remove } from '../ui/api.ts'
import { domainTime, type KnownClock } from './queue/clock.ts'
import { forget, inTime, isSilent, keep, recall } from './queue/kept.ts'
import { personOf } from './queue/send.ts'
import { useErrands } from './queue/useErrands.ts'

interface Session {
  user: Viewer | null
  mode: 'demo' | 'live'
}
export type DemoWish = { role: 'field'; staffRole?: StaffRole } | { username: string; password: string }

/** Who works with this phone, and the server's time. Without a network it is whoever signed in last. */
export const useWorker = defineStore('worker', () => {
  const errands = useErrands()
  const user = shallowRef<Viewer | null>(null)
  const mode = ref<'demo' | 'live'>('live')
  const known = ref(false)
  const clock = shallowRef<KnownClock>()
  const offset = ref(480)
  const second = ref(Date.now())

  async function load() {
    await forget()
    await errands.load()
    clock.value = (await recall<KnownClock>('clock'))?.body
    const session = await get<Session>('/api/session', inTime()).catch(async (problem: unknown) =>
      isSilent(problem) ? (await recall<Session>('session'))?.body : undefined,
    )
    await set(session ?? { user: null, mode: mode.value })
    known.value = true
  }
  async function set(session: Session) {
    user.value = session.user
    mode.value = session.mode
    if (session.user) await keep('session', session)
    errands.start(session.user ? me(session.user) : undefined)
  }

  async function signIn(as: DemoWish) {
    const { user: entered } = await post<{ user: Viewer }>('/api/session', as)
    const before = (await recall<Session>('session'))?.body.user
    if (before && before.id !== entered.id) await forget(true)
    await set({ user: entered, mode: mode.value })
  }
  /** Nothing of this person's stays on the phone. */
  async function signOut() {
    await remove('/api/session').catch(() => undefined)
    if (user.value) await errands.clear(me(user.value))
    await forget(true)
    await clearPictures()
    errands.start(undefined)
    user.value = null
  }

  async function hear() {
    const said = await get<Omit<KnownClock, 'heard'> | undefined>('/api/clock', inTime())
    if (!said) return
    const { now, rate, mode: runs } = said
    clock.value = { now, rate, mode: runs, heard: Date.now() }
    await keep('clock', clock.value)
  }
  const now = () => domainTime(clock.value, Date.now())
  const tick = () => {
    second.value = now()
  }

  return {
    user,
    mode,
    known,
    clock,
    offset,
    second,
    id: computed(() => (user.value ? me(user.value) : '')),
    load,
    signIn,
    signOut,
    hear,
    now,
    tick,
  }
})

const me = (user: Viewer) => personOf(user)!

/** Of the pages themselves nothing is anybody's; pictures of reports are. */
async function clearPictures() {
  await globalThis.caches?.delete('linwang-pictures').catch(() => false)
}
