import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'

/** A page of our own, with its one script allowed by its hash and nothing from outside. */
export function pageSender(html: string): (reply: FastifyReply) => FastifyReply {
  const script = /<script[^>]*>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? ''
  const hash = createHash('sha256').update(script).digest('base64')
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`
  return (reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', policy).header('cache-control', 'no-store').send(html)
}
