import { rmSync } from 'node:fs'
import type { Message } from '../../shared/message.ts'
import { seededRandom } from '../../shared/random.ts'
import { clockOf } from '../support/domain-time.ts'
import { help, post } from '../support/events.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'
import { type Attempt, halfFailing, type Sink, startSmtpSink, startWebhookSink } from '../support/sinks.ts'

export interface OutboxOptions {
  /** help presses, each a matter of priority 1 that six people are told of */
  matters: number
  kills: number
  seed: number
  /** real ms; together they set how long it takes */
  retry?: number
  patience?: number
  tell?(line: string): void
}
export interface OutboxResult {
  seed: number
  kills: number
  matters: number
  /** by channel: rows of the outbox, those that never arrived, those that arrived more than once */
  email: Arrivals
  webhook: Arrivals
  /** ids that came and are in no outbox */
  strange: number
  /** sentences about what does not fit together */
  faults: string[]
  /** an endpoint beside one that never answers: ms from the press to the arrival */
  beside: { median: number; most: number; hung: number }
  seconds: number
}
export interface Arrivals {
  rows: number
  missing: number
  attempts: number
  failed: number
  twice: number
  /** arrived again though nothing had left it open */
  unexplained: number
}

/** Two receivers that fail half of the time and one that never answers, under matters and `kill -9`; then everything is looked for. */
export async function outboxRun({
  matters,
  kills,
  seed,
  retry = 40,
  patience = 2_500,
  tell = () => {},
}: OutboxOptions): Promise<OutboxResult> {
  const random = seededRandom(seed)
  const began = performance.now()
  const flaky = await startWebhookSink(halfFailing(random))
  const mail = await startSmtpSink(halfFailing(random))
  const good = await startWebhookSink(() => 'ok')
  const hung = await startWebhookSink(() => 'hang')
  let server = await startServer({ mqttPort: 0, env: { NOTIFY_RETRY_MS: `${retry}`, NOTIFY_PATIENCE_MS: `${patience}` } })
  const killedAt: number[] = []
  let upSince = 0
  try {
    const admin = await signIn(server, 'admin')
    await setUp(admin, { flaky, mail, good, hung })
    const buttons = await admin.all<{ id: string }>('/api/devices?kind=help-button')
    for (let n = 0; n < matters; n++) {
      await post(server.url, server.feedKey, help(buttons[n % buttons.length]!.id, { source: '/feeds/zigbee2mqtt' }))
      if (n < matters * 0.8 && killedAt.length < Math.floor(((n + 1) * kills) / (matters * 0.8))) {
        await new Promise((wake) => setTimeout(wake, random.int(20, 300)))
        await server.kill()
        killedAt.push(Date.now())
        server = await server.restart()
        upSince = Date.now()
        tell(`kill ${killedAt.length}: ${flaky.attempts.length} posts and ${mail.attempts.length} mails so far`)
      }
    }
    await settled(server)
    const last = await signIn(server, 'admin')
    const rows = await last.all<Message>('/api/outbox')
    // domain time does not go back after a kill, so it may be ahead of the machine's
    const ahead = (await clockOf(last)) - Date.now()
    const known = new Set(rows.map(({ id }) => id))
    const heard = [...flaky.taken(), ...mail.taken(), ...good.taken()]
    const email = account(rows, 'email', () => true, mail, killedAt)
    const webhook = account(rows, 'webhook', ({ recipient }) => recipient === 'flaky', flaky, killedAt)
    const toGood = account(rows, 'webhook', ({ recipient }) => recipient === 'good', good, killedAt)
    const faults = [...email.faults, ...webhook.faults, ...toGood.faults, ...bodiesDiffer([...flaky.attempts, ...mail.attempts])]
    return {
      ...{ seed, kills: killedAt.length, matters },
      ...{ email: email.arrivals, webhook: webhook.arrivals, strange: heard.filter((id) => !known.has(id)).length, faults },
      beside: beside(good, hung, rows, { upSince, ahead }),
      seconds: Math.round((performance.now() - began) / 1000),
    }
  } finally {
    await server.kill()
    rmSync(server.dataDir, { recursive: true, force: true })
    await Promise.all([flaky, mail, good, hung].map((sink) => sink.close()))
  }
}

/** Everybody on the staff has a mailbox, and three endpoints hear of everything. */
async function setUp(admin: Session, { flaky, mail, good, hung }: Record<'flaky' | 'mail' | 'good' | 'hung', Sink>): Promise<void> {
  const smtp = { host: '127.0.0.1', port: mail.port, security: 'none', user: null, from: 'linwang@example.org', verify: true, version: 0 }
  await asked(admin, 'PUT', '/api/notify/smtp', smtp)
  for (const [id, { url }] of Object.entries({ flaky, good, hung })) {
    await asked(admin, 'POST', '/api/endpoints', { id, url, format: 'json', filter: { events: ['incident.opened', 'order.new'] } })
  }
  const settings = { channels: ['page', 'email'], email: 'somebody@example.org' }
  const orders = await staffOf(admin)
  for (const id of orders) await asked(admin, 'PATCH', `/api/recipients/${id}`, settings)
}

async function asked(session: Session, method: string, path: string, body: unknown): Promise<void> {
  const { status, body: answer } = await session.ask(method, path, body)
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`)
}

/** Those who are on the ladder of the pilot's grids; who has no mailbox is told on the page alone. */
async function staffOf(admin: Session): Promise<string[]> {
  const { grids } = await admin.get<{ grids: { workerId?: string | null }[] }>('/api/wall')
  const officer = await admin.get<{ user: { id: string } }>('/api/session')
  return [...new Set([...grids.flatMap(({ workerId }) => workerId ?? []), officer.user.id])]
}

/** ms: an attempt that hangs takes its whole patience, and a third of the failing half does */
const SETTLED_WITHIN = 600_000

/** Only what goes to the one that never answers is left. */
async function settled(server: RunningServer): Promise<void> {
  const admin = await signIn(server, 'admin')
  const { version } = await admin.get<{ version: number }>('/api/endpoints/hung')
  const left = async () => (await admin.all<Message>('/api/outbox?state=waiting,sending')).filter(({ recipient }) => recipient !== 'hung')
  await eventually(async () => (await left()).length === 0, SETTLED_WITHIN, 'everything is sent')
  await admin.ask('POST', '/api/endpoints/hung/pause', { version })
}

function account(rows: readonly Message[], channel: string, mine: (row: Message) => boolean, sink: Sink, kills: readonly number[]) {
  const own = rows.filter((row) => row.channel === channel && mine(row))
  const byId = Map.groupBy(sink.attempts, ({ id }) => id)
  const took = (id: string) => (byId.get(id) ?? []).filter(({ mood }) => mood === 'ok' || mood === 'lost')
  const unexplained = own.filter(({ id }) => tooOften(took(id), kills))
  const notSent = own.filter(({ state }) => state !== 'sent')
  const arrivals: Arrivals = {
    rows: own.length,
    missing: own.filter(({ id }) => took(id).length === 0).length,
    attempts: sink.attempts.length,
    failed: sink.attempts.filter(({ mood }) => mood !== 'ok').length,
    twice: own.filter(({ id }) => took(id).length > 1).length,
    unexplained: unexplained.length,
  }
  const faults = notSent.map(({ id, state, lastError }) => `${channel} ${id} is ${state}: ${lastError}`)
  return { arrivals, faults: [...faults, ...unexplained.map(({ id }) => `${channel} ${id} came again for no reason`)] }
}

/** After a good answer it comes again only if the process was killed before it could note that. */
function tooOften(taken: readonly Attempt[], kills: readonly number[]): boolean {
  return taken.some(({ mood, at }, n) => {
    const next = taken[n + 1]
    return mood === 'ok' && next !== undefined && !kills.some((kill) => kill >= at && kill <= next.at)
  })
}

/** One id is one message: what it says stays the same. */
function bodiesDiffer(attempts: readonly Attempt[]): string[] {
  const said = Map.groupBy(attempts, ({ id }) => id)
  return [...said].flatMap(([id, all]) => (new Set(all.map(({ body }) => textOf(body))).size > 1 ? [`${id} said two things`] : []))
}
const textOf = (body: string) => body.replace(/^Date: .*$/im, '')

/** Of what was made while the server was up: the time that it was down says nothing of its neighbour. */
function beside(good: Sink, hung: Sink, rows: readonly Message[], { upSince, ahead }: { upSince: number; ahead: number }) {
  const made = new Map(rows.map(({ id, createdAt }) => [id, createdAt - ahead] as const).filter(([, at]) => at >= upSince))
  const waits = good.attempts.flatMap(({ id, at }) => (made.has(id) ? [at - made.get(id)!] : [])).sort((a, b) => a - b)
  return { median: waits[Math.floor(waits.length / 2)] ?? -1, most: waits.at(-1) ?? -1, hung: hung.attempts.length }
}
