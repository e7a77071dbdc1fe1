import type { IncomingMessage } from 'node:http'

const MOST_BYTES = 64 * 1024 * 1024
const LONGEST = 10_000

/**
 * Reads on what a sender is still sending, and forgets it, so that the refusal reaches him: closing at once would reset the connection under
 * his hands. Not for ever: at most 64 MB and 10 s.
 */
export function drain(request: IncomingMessage): Promise<void> {
  return new Promise((done) => {
    if (request.complete || request.destroyed) return done()
    let bytes = 0
    const finish = () => {
      clearTimeout(timer)
      request.off('data', count)
      done()
    }
    const count = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MOST_BYTES) finish()
    }
    const timer = setTimeout(finish, LONGEST)
    request.on('data', count).once('end', finish).once('close', finish).once('error', finish)
    request.resume()
  })
}
