import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

export interface Request {
  url: string
  headers: Record<string, string>
  body: string | Uint8Array
}
export interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** at most LONGEST_REPLY bytes of it */
  body: string
}

/** Real ms from the first byte of the connection to the last of the answer. */
export const PATIENCE = 10_000
export const LONGEST_REPLY = 64 * 1024

/**
 * One POST on a connection of its own: follows no redirect, reads no more than LONGEST_REPLY, and is over after `patience` whatever the
 * other side does. Rejects when there was no whole answer: whether it was received is then open.
 */
export function post({ url, headers, body }: Request, signal: AbortSignal, patience = PATIENCE): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  const send = url.startsWith('https:') ? requestHttps : requestHttp
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  const request = send(url, { method: 'POST', agent: false, signal: limit, headers: { ...headers, 'content-length': length } })
  request.on('response', (response) => {
    const chunks: Buffer[] = []
    let size = 0
    const done = () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString('utf8', 0, LONGEST_REPLY),
      })
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size <= LONGEST_REPLY) return
      done()
      request.destroy()
    })
    response.on('end', done)
    response.on('error', reject)
    response.on('aborted', () => reject(new Error('the answer broke off')))
  })
  request.on('error', (error) => reject(limit.aborted && !signal.aborted ? new Error(`no answer within ${patience / 1000} s`) : error))
  request.end(body)
  return promise
}
