/* Opens the field page without a network. The build puts `const SHELL = […]` and `const BUILT = '…'` in front. It keeps pages, not data: those are the page's own. */
/* global SHELL, BUILT */
const CACHE = `linwang-field-${BUILT}`
const PICTURES = 'linwang-pictures'
const FONTS = 'linwang-fonts'
const PAGE = '/field'
/** ms until a bad network counts as none */
const PATIENCE = 4000

self.addEventListener('install', (event) => {
  // a page that is open goes on with its own files; the new ones serve from the next opening on
  event.waitUntil(fill())
})
async function fill() {
  const cache = await caches.open(CACHE)
  await cache.addAll([PAGE, ...SHELL])
}

self.addEventListener('activate', (event) => {
  event.waitUntil(clean().then(() => self.clients.claim()))
})
async function clean() {
  const old = (await caches.keys()).filter((name) => name.startsWith('linwang-field-') && name !== CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request, /\.woff2?$/.test(url.pathname) ? FONTS : CACHE))
  else if (url.pathname.startsWith('/api/photos/')) event.respondWith(picture(request))
  else if (SHELL.includes(url.pathname)) event.respondWith(asset(request, CACHE))
})

/** A new version when it comes in time, else the one that is here. */
async function page(request) {
  const kept = await caches.match(PAGE, { cacheName: CACHE })
  const fresh = fetch(request)
  if (!kept) return fresh
  const slow = new Promise((done) => setTimeout(done, PATIENCE, kept))
  return Promise.race([fresh.then((answer) => (answer.ok ? answer : kept)), slow]).catch(() => kept.clone())
}

/** Their names change with their content. */
async function asset(request, name) {
  const cache = await caches.open(name)
  const kept = await cache.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request, answer.clone())
  return answer
}

/** Pictures of reports that were looked at stay for the place without a network, until whoever it is signs out; the newest few. */
const MOST_PICTURES = 40
async function picture(request) {
  const cache = await caches.open(PICTURES)
  try {
    const answer = await fetch(request)
    if (answer.ok) {
      await cache.put(request, answer.clone())
      const keys = await cache.keys()
      await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_PICTURES)).map((key) => cache.delete(key)))
    } else await cache.delete(request)
    return answer
  } catch (error) {
    const kept = await cache.match(request)
    if (kept) return kept
    throw error
  }
}

self.addEventListener('push', (event) => {
  const told = event.data ? event.data.json() : {}
  const { title = '邻望', body = '', tag, orderId, priority } = told
  event.waitUntil(
    self.registration.showNotification(title, {
      ...{ body, tag, icon: '/field-192.png', badge: '/field-192.png', requireInteraction: priority === 1 },
      data: { path: orderId ? `/field/order/${orderId}` : '/field/messages' },
    }),
  )
})
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(show(event.notification.data.path))
})
async function show(path) {
  const [open] = await self.clients.matchAll({ type: 'window' })
  if (!open) return self.clients.openWindow(path)
  await open.focus()
  return open.navigate(path)
}
