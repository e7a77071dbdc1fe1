import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { PAGE_DIR } from './page.ts'

/** Pages of the app; which one is shown is the browser's affair. */
export const PAGES = ['/', '/wall', '/desk', '/desk/*', '/field', '/field/*', '/resident'] as const

/** Nothing in a page comes from outside; the map's worker is a file of ours. */
const POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self' blob:",
  "connect-src 'self' ws: wss:",
  "frame-ancestors 'self'",
  "base-uri 'none'",
].join('; ')

/** Serves the built page. Files under /assets carry a hash in their name and never change. */
export async function pages(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: PAGE_DIR,
    preCompressed: true,
    index: false,
    wildcard: false,
    setHeaders(reply, path) {
      const hashed = path.includes(`${join(PAGE_DIR, 'assets')}`)
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      reply.header('content-security-policy', POLICY)
      reply.header('x-content-type-options', 'nosniff')
      reply.header('referrer-policy', 'same-origin')
    },
  })
  for (const path of PAGES) app.get(path, (_request, reply) => reply.sendFile('index.html'))
}
