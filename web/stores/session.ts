import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Role, Viewer } from '../../shared/access.ts'
import { get, post, remove } from '../ui/api.ts'

const ACTING: readonly Role[] = ['officer', 'supervisor', 'admin']
const CARING: readonly Role[] = ['field', ...ACTING]
/** The server decides; these only keep buttons away that it would refuse. */
const MANAGING: readonly Role[] = ['engineer', 'admin']
const LOOKING: readonly Role[] = ['officer', 'supervisor', 'engineer', 'admin']

/** Who looks at this page. */
export const useSession = defineStore('session', () => {
  const user = ref<Viewer | null>(null)
  const known = ref(false)
  const mode = ref<'demo' | 'live'>('live')

  async function load() {
    const answer = await get<{ user: Viewer | null; mode: 'demo' | 'live' }>('/api/session').catch(() => undefined)
    user.value = answer?.user ?? null
    mode.value = answer?.mode ?? 'live'
    known.value = true
  }
  async function signIn(as: { role: Role } | { username: string; password: string }) {
    user.value = (await post<{ user: Viewer }>('/api/session', as)).user
    known.value = true
  }
  async function signOut() {
    await remove('/api/session')
    user.value = null
  }
  const may = (roles: readonly Role[]) => computed(() => user.value !== null && roles.includes(user.value.role))
  return {
    user,
    known,
    mode,
    mayAct: may(ACTING),
    mayCare: may(CARING),
    mayManage: may(MANAGING),
    mayLook: may(LOOKING),
    load,
    signIn,
    signOut,
  }
})
