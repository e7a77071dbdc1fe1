import { computed, type InjectionKey, inject, onScopeDispose, provide, ref, shallowRef, watch } from 'vue'
import { post } from '../../ui/api.ts'
import type { Contact } from './care.ts'

/** Names and numbers of one person's contacts, shown for a while after saying why. */
export interface Names {
  of(contactId: string): Contact | undefined
  /** real seconds until they are masked again; 0: they are */
  left(): number
  show(reason: string): Promise<void>
  hide(): void
}
const KEY: InjectionKey<Names> = Symbol('names')
/** A number is dialled within a minute, and the screen stands in a room. */
const SECONDS = 60

export function provideNames(residentId: () => string): Names {
  const known = shallowRef<ReadonlyMap<string, Contact>>(new Map())
  const left = ref(0)
  const hide = () => {
    left.value = 0
    known.value = new Map()
  }
  const timer = setInterval(() => {
    if (left.value === 0) return
    left.value -= 1
    if (left.value === 0) hide()
  }, 1000)
  onScopeDispose(() => clearInterval(timer))
  watch(residentId, hide)
  const names: Names = {
    of: (id) => known.value.get(id),
    left: () => left.value,
    hide,
    async show(reason) {
      const { items } = await post<{ items: Contact[] }>(`/api/care/${encodeURIComponent(residentId())}/unmask`, { reason })
      known.value = new Map(items.map((contact) => [contact.id, contact]))
      left.value = SECONDS
    },
  }
  provide(KEY, names)
  return names
}

export function useNames() {
  const names = inject(KEY)!
  return { names, left: computed(() => names.left()) }
}
