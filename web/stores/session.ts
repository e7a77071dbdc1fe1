import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Role, Viewer } from '../../shared/access.ts'
import { get, post, remove } from '../ui/api.ts'

const ACTING: readonly Role[] = ['officer', 'supervisor', 'admin']

/** Who looks at this page. */
export const useSession = defineStore('session', () => {
  const user = ref<Viewer | null>(null)
  const known = ref(false)

  async function load() {
    user.value = await get<{ user: Viewer }>('/api/session').then(
      (answer) => answer.user,
      () => null,
    )
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
  return { user, known, mayAct: computed(() => user.value !== null && ACTING.includes(user.value.role)), load, signIn, signOut }
})
