import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Notice } from '../../../shared/message.ts'
import { post } from '../../ui/api.ts'
import { keptGet } from '../queue/kept.ts'

/** What I was told. */
export const useMessages = defineStore('field-messages', () => {
  const items = shallowRef<Notice[]>([])
  const unread = ref(0)
  async function look() {
    const answer = await keptGet<{ items: Notice[]; unread: number }>('/api/notifications?limit=50').catch(() => undefined)
    if (!answer) return
    items.value = answer.body.items
    unread.value = answer.body.unread
  }
  /** All that were seen, up to the newest of them. */
  async function readAll() {
    const newest = items.value[0]
    if (!newest || unread.value === 0) return
    await post('/api/notifications/read', { upTo: newest.id }).catch(() => undefined)
    await look()
  }
  async function read(id: string) {
    await post('/api/notifications/read', { ids: [id] }).catch(() => undefined)
    await look()
  }
  return { items, unread, look, read, readAll }
})
