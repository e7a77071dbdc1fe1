import type { Commander } from '../access/commander.ts'
import type { EndpointRow } from '../store/out-records.ts'
import type { OutboxReader, Settled, StoredMessage } from '../store/outbox.ts'
import { FIRST_RETRY, GIVE_UP_AFTER, retryIn } from './backoff.ts'
import { readCityAnswer } from './city-answer.ts'
import type { Deliver } from './deliver.ts'
import { FORMATS } from './formats/index.ts'
import { createLane, type Lane, type LaneLimits } from './lane.ts'
import { createLedger, SENDER } from './ledger.ts'
import type { Outcome } from './outcome.ts'
import type { OutRecords } from './records.ts'

export interface SenderOptions {
  engine: Pick<Commander, 'command'>
  outbox: Pick<OutboxReader, 'lanes' | 'due' | 'nextAfter'>
  records: Pick<OutRecords, 'endpoints'>
  deliver: Deliver
  /** real time, ms */
  now(): number
  /** 0 … 1 */
  random(): number
  log: { warn(about: object, message: string): void }
  /** real ms of the first retry; the later ones double */
  firstRetry?: number | undefined
}
export interface Sender {
  /** something new may be due */
  hurry(): void
  stats(): { underway: number; lanes: number; faults: number }
  close(): Promise<void>
}

/** Connections of all lanes together; one lane has a few of them at most. */
const MOST_AT_ONCE = 256
const LIMITS: Record<'mail' | 'push', LaneLimits> = { mail: { concurrency: 4 }, push: { concurrency: 8 } }
const ENDPOINT = 'endpoint:'
/** Real ms after which the clock is looked at again, whatever was worked out. */
const LONGEST_NAP = 60_000
/** Real ms that attempts have to end when the process does. */
const PATIENCE = 2_000

/** Sends what is due, lane by lane: whoever hangs holds up nobody but itself. */
export function startSender(options: SenderOptions): Sender {
  const { engine, outbox, records, deliver, now, random, log, firstRetry = FIRST_RETRY } = options
  const stopping = new AbortController()
  const ledger = createLedger({ engine, now }, stopping.signal)
  const lanes = new Map<string, Lane>()
  const underway = new Map<string, Promise<void>>()
  let endpoints = new Map<string, EndpointRow>()
  let timer: NodeJS.Timeout | undefined
  // nothing is sent before what the last process left half sent is known
  let planned = true

  const laneOf = (name: string, failures = 0): Lane => {
    const known = lanes.get(name) ?? createLane(failures, firstRetry)
    lanes.set(name, known)
    return known
  }

  function pump(): void {
    planned = false
    if (stopping.signal.aborted) return
    const at = now()
    let wake = Math.min(outbox.nextAfter(at) ?? Number.POSITIVE_INFINITY, at + LONGEST_NAP)
    endpoints = new Map(records.endpoints().map((row) => [`${ENDPOINT}${row.id}`, row]))
    for (const name of outbox.lanes()) {
      const endpoint = endpoints.get(name)
      if (name.startsWith(ENDPOINT) && endpoint?.state !== 'active') continue
      const lane = laneOf(name, endpoint?.health.failures)
      const limits = limitsOf(name, endpoint)
      wake = Math.min(wake, lane.opensAt(limits, at) ?? Number.POSITIVE_INFINITY)
      for (const message of dueIn(name, Math.min(lane.room(limits, at), MOST_AT_ONCE - underway.size), at)) launch(message, lane)
    }
    clearTimeout(timer)
    timer = setTimeout(pump, Math.max(1, wake - at))
    timer.unref()
  }

  function dueIn(name: string, room: number, at: number): StoredMessage[] {
    if (room <= 0) return []
    // those whose beginning is not committed yet are still waiting in the table
    return outbox
      .due(name, at, room + underway.size)
      .filter(({ id }) => !underway.has(id))
      .slice(0, room)
  }

  function launch(message: StoredMessage, lane: Lane): void {
    lane.began(now())
    const sending = send(message, lane).finally(() => {
      underway.delete(message.id)
      hurry()
    })
    underway.set(message.id, sending)
  }

  async function send(message: StoredMessage, lane: Lane): Promise<void> {
    if (!(await ledger.begin(message.id))) {
      lane.ended()
      return
    }
    const outcome = await deliver(message, stopping.signal)
    if (outcome.outcome === 'sent') await hearCity(message, outcome.reply)
    learn(lane, outcome)
    await ledger.settle(settledOf(message, outcome))
  }

  function learn(lane: Lane, outcome: Outcome): void {
    if (outcome.outcome === 'sent') lane.worked()
    else if (outcome.outcome !== 'retry' || outcome.reason === 'throttled' || stopping.signal.aborted) lane.ended()
    else lane.failed(now(), random())
    if (outcome.outcome === 'retry' && outcome.wait !== undefined) lane.wait(now() + outcome.wait)
  }

  function settledOf(message: StoredMessage, outcome: Outcome): Settled {
    const at = now()
    const base = { id: message.id, at }
    if (outcome.outcome === 'sent') return { ...base, outcome: 'sent' }
    if (outcome.outcome !== 'retry') return { ...base, ...outcome }
    const { error, wait, reason } = outcome
    if (stopping.signal.aborted) return { ...base, outcome: 'retry', error: 'the server stopped meanwhile' }
    if (at - (message.firstAt ?? at) >= GIVE_UP_AFTER) return { ...base, outcome: 'failed', error, reason: 'expired' }
    const nextAt = at + Math.max(wait ?? 0, retryIn(message.attempts + 1, random(), firstRetry))
    return { ...base, outcome: 'retry', error, nextAt, reason }
  }

  /** Before the message counts as sent, so that a crash asks the platform again rather than losing its answer. */
  async function hearCity(message: StoredMessage, reply: unknown): Promise<void> {
    if (typeof reply !== 'string' || message.incidentId === null || endpoints.get(message.lane)?.format !== 'city') return
    for (const { incidentId = message.incidentId, ...said } of readCityAnswer(reply)) {
      const body = { endpointId: message.recipient, ...said }
      await engine
        .command({ name: 'city.state', target: incidentId, body, actor: SENDER })
        .catch((error: Error) =>
          log.warn({ endpoint: message.recipient, incidentId, reason: error.message }, 'an answer of the city was not noted'),
        )
    }
  }

  function hurry(): void {
    if (planned || stopping.signal.aborted) return
    planned = true
    setImmediate(pump)
  }

  const recovered = engine.command({ name: 'outbox.recover', body: {}, actor: SENDER })
  void recovered.then(pump, pump)
  return {
    hurry,
    stats: () => ({
      underway: underway.size,
      lanes: lanes.size,
      faults: [...lanes.values()].filter(({ failures }) => failures >= 5).length,
    }),
    async close() {
      stopping.abort(new Error('the server stops'))
      clearTimeout(timer)
      const patience = new Promise((done) => setTimeout(done, PATIENCE).unref())
      await Promise.race([Promise.allSettled(underway.values()), patience])
    },
  }
}

function limitsOf(name: string, endpoint: EndpointRow | undefined): LaneLimits {
  if (!endpoint) return name.startsWith('push:') ? LIMITS.push : LIMITS.mail
  const { concurrency, perMinute } = FORMATS[endpoint.format]
  return { concurrency, perMinute: endpoint.perMinute ?? perMinute }
}
