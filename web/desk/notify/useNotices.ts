import { type InjectionKey, inject, onScopeDispose, provide, type Ref, ref, type ShallowRef, shallowRef, watch } from 'vue'
import type { Notice } from '../../../shared/message.ts'
import { openNoticeSocket } from '../../live/socket.ts'
import { useSession } from '../../stores/session.ts'
import { get, post } from '../../ui/api.ts'
import { usePolled } from '../../ui/usePolled.ts'

/** The list behind the bell: asked for now and then, and told at once by the socket. */
export interface Notices {
  items: Readonly<ShallowRef<Notice[]>>
  unread: Readonly<Ref<number>>
  error: Readonly<Ref<string>>
  read(notice: Notice): Promise<void>
  readAll(): Promise<void>
  again(): Promise<unknown>
}
const KEY: InjectionKey<Notices> = Symbol('notices')
const EVERY = 15_000
interface Answer {
  items: Notice[]
  next: string | null
  unread: number
}

export function provideNotices(onNew: (notice: Notice) => void): Notices {
  const session = useSession()
  const items = shallowRef<Notice[]>([])
  const unread = ref(0)
  const polled = usePolled(
    () => session.user?.id,
    (signal) => get<Answer>('/api/notifications?limit=30', signal),
    { every: EVERY },
  )
  watch(polled.data, (answer) => {
    items.value = answer?.items ?? []
    unread.value = answer?.unread ?? 0
  })
  let socket: { close(): void } | undefined
  watch(
    () => session.user?.id,
    (id) => {
      socket?.close()
      socket = id
        ? openNoticeSocket((notice) => {
            if (items.value.some((one) => one.id === notice.id)) return
            items.value = [notice, ...items.value].slice(0, 30)
            unread.value += 1
            if (!notice.quiet) onNew(notice)
          })
        : undefined
    },
    { immediate: true },
  )
  onScopeDispose(() => socket?.close())
  async function mark(body: { ids?: string[]; upTo?: string }) {
    const answer = await post<{ unread: number }>('/api/notifications/read', body).catch(() => undefined)
    if (answer) unread.value = answer.unread
    await polled.again()
  }
  const notices: Notices = {
    ...{ items, unread, error: polled.error },
    read: (notice) => (notice.readAt === null ? mark({ ids: [notice.id] }) : Promise.resolve()),
    readAll: async () => {
      const [newest] = items.value
      if (newest) await mark({ upTo: newest.id })
    },
    again: polled.again,
  }
  provide(KEY, notices)
  return notices
}

export const useNotices = () => inject(KEY)!
