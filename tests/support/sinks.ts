import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import type { Random } from '../../shared/random.ts'

/**
 * How a receiver takes one attempt. `refuse`: a clear no. `hang`: never answers, and took nothing. `lost`: took it, and the answer never
 * came, so that the sender cannot know.
 */
export type Mood = 'ok' | 'refuse' | 'hang' | 'lost'
export interface Attempt {
  id: string
  mood: Mood
  at: number
  headers?: IncomingHttpHeaders
  body: string
}
export interface Sink {
  url: string
  port: number
  attempts: Attempt[]
  /** ids that were taken, once for each time */
  taken(): string[]
  close(): Promise<void>
}

/** Half of the attempts fail, each in one of three ways. */
export const halfFailing = (random: Random) => (): Mood => (random.chance(0.5) ? 'ok' : random.pick(['refuse', 'hang', 'lost'] as const))

const takenOf = (attempts: readonly Attempt[]) => attempts.filter(({ mood }) => mood === 'ok' || mood === 'lost').map(({ id }) => id)

/** @param answer what a good answer says */
export async function startWebhookSink(mood: () => Mood, answer = ''): Promise<Sink> {
  const attempts: Attempt[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const now = mood()
      const { headers } = request
      attempts.push({ id: String(headers['webhook-id'] ?? ''), mood: now, at: Date.now(), headers, body: Buffer.concat(chunks).toString() })
      if (now === 'ok') response.writeHead(200).end(answer)
      else if (now === 'refuse') response.writeHead(500).end('not now')
      else if (now === 'lost') request.socket.resetAndDestroy()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    attempts,
    taken: () => takenOf(attempts),
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const MESSAGE_ID = /^Message-ID: <([^@>]+)@/im

/** A real SMTP server that takes mail when it likes. */
export async function startSmtpSink(mood: () => Mood): Promise<Sink> {
  const attempts: Attempt[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const body = Buffer.concat(chunks).toString()
        const now = mood()
        attempts.push({ id: MESSAGE_ID.exec(body)?.[1] ?? '', mood: now, at: Date.now(), body })
        if (now === 'ok') done()
        else if (now === 'refuse') done(Object.assign(new Error('try again later'), { responseCode: 451 }))
        else if (now === 'lost') socketOf(server, session)?.resetAndDestroy()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.server.address() as { port: number }
  return {
    ...{ url: `smtp://127.0.0.1:${port}`, port, attempts, taken: () => takenOf(attempts) },
    close: () => new Promise((done) => server.close(() => done())),
  }
}

/** The library keeps its sockets to itself. */
function socketOf(server: SMTPServer, session: SMTPServerSession): Socket | undefined {
  const { connections } = server as unknown as { connections: Set<{ session: SMTPServerSession; _socket: Socket }> }
  return [...connections].find((one) => one.session === session)?._socket
}
