import { get, post, remove } from '../../ui/api.ts'

export type PushState = 'on' | 'off' | 'not-set-up' | 'no-browser' | 'denied'
const PATH = '/api/notifications/subscriptions'
const KEPT = 'linwang.push'

const canPush = () => 'serviceWorker' in navigator && 'PushManager' in globalThis && globalThis.isSecureContext
const registration = () => navigator.serviceWorker.getRegistration('/field')

export async function pushState(): Promise<PushState> {
  if (!canPush()) return 'no-browser'
  const { publicKey, enabled } = await get<{ publicKey: string | null; enabled: boolean }>('/api/notifications/key')
  if (!enabled || !publicKey) return 'not-set-up'
  if (Notification.permission === 'denied') return 'denied'
  return (await (await registration())?.pushManager.getSubscription()) ? 'on' : 'off'
}

export async function subscribe(): Promise<PushState> {
  const [{ publicKey }, worker] = await Promise.all([get<{ publicKey: string }>('/api/notifications/key'), registration()])
  if (!worker) return 'no-browser'
  if ((await Notification.requestPermission()) !== 'granted') return 'denied'
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
  const { id } = await post<{ id: string }>(PATH, subscription.toJSON())
  localStorage.setItem(KEPT, id)
  return 'on'
}

/** On this phone; whoever signs in next gets nothing of it. */
export async function unsubscribe(): Promise<PushState> {
  const subscription = await (await registration())?.pushManager.getSubscription()
  await subscription?.unsubscribe()
  const id = localStorage.getItem(KEPT)
  if (id) await remove(`${PATH}/${id}`).catch(() => undefined)
  localStorage.removeItem(KEPT)
  return 'off'
}
