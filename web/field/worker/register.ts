/** The page opens without a network where the browser may keep it: over https or on this machine itself. */
export async function registerWorker(): Promise<void> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return
  await navigator.serviceWorker.register('/sw.js', { scope: '/field' }).catch(() => undefined)
}

/** Whether the page can be opened without a network at all. */
export const canOpenOffline = () => 'serviceWorker' in navigator

/** The icon on the home screen; it belongs to this page alone. */
export function offerInstall(): void {
  if (document.querySelector('link[rel="manifest"]')) return
  const link = Object.assign(document.createElement('link'), { rel: 'manifest', href: '/field.webmanifest' })
  const touch = Object.assign(document.createElement('link'), { rel: 'apple-touch-icon', href: '/field-192.png' })
  document.head.append(link, touch)
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', '#17669c')
}
