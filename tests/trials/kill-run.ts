import { rmSync } from 'node:fs'
import type { Alert } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { seededRandom } from '../../shared/random.ts'
import { openScreen } from '../support/live.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { eventMaker, type Fleet, sendBatches, sendPosts, sendPublishes } from './senders.ts'

export interface KillOptions {
  kills: number
  seed: number
  /** ms under load before the kill, at least and at most */
  load?: [number, number]
  tell?(line: string): void
}

export interface KillResult {
  seed: number
  kills: number
  sent: number
  acknowledged: number
  /** acknowledged, and not there after a restart */
  lost: number
  /** (source, id) that is there more than once */
  doubled: number
  /** there, and never sent */
  strange: number
  stored: number
  alerts: number
  /** sentences about what does not fit together */
  faults: string[]
  restartMs: { most: number; mean: number }
}

/** `kill -9` at seeded moments under WebSocket batches, posts and QoS 1 publishes, against one DATA_DIR; after each, what was acknowledged is looked for. */
export async function killRun({ kills, seed, load = [150, 1_500], tell = () => {} }: KillOptions): Promise<KillResult> {
  const random = seededRandom(seed)
  const faults: string[] = []
  const restarts: number[] = []
  const all = createLedger()
  let server = await startServer()
  try {
    const fleet = await fleetOf(server)
    for (let n = 1; n <= kills; n++) {
      const round = createLedger()
      const shown = await underLoad(server, eventMaker(fleet, random.int(1, 2 ** 31)), both(round, all), random.int(...load))
      const begin = performance.now()
      server = await server.restart()
      restarts.push(performance.now() - begin)
      faults.push(...(await lookAfter(server, round, shown)).map((fault) => `kill ${n}: ${fault}`))
      tell(`kill ${n}: ${JSON.stringify(round.counts())}, ready after ${Math.round(restarts.at(-1)!)} ms, faults ${faults.length}`)
    }
    return { seed, kills, ...(await account(server, all)), faults, restartMs: spread(restarts) }
  } finally {
    await server.kill()
    rmSync(server.dataDir, { recursive: true, force: true })
  }
}

const spread = (times: readonly number[]) => ({
  most: Math.round(Math.max(...times)),
  mean: Math.round(times.reduce((sum, time) => sum + time, 0) / times.length),
})

const both = (a: Ledger, b: Ledger): Ledger => ({
  ...b,
  sent: (id, text) => [a, b].forEach((ledger) => void ledger.sent(id, text)),
  acknowledged: (id) => [a, b].forEach((ledger) => void ledger.acknowledged(id)),
  refused: (ids) => [a, b].forEach((ledger) => void ledger.refused(ids)),
})

export async function fleetOf(server: RunningServer): Promise<Fleet> {
  const session = await signIn(server, 'engineer')
  const kinds = ['motion', 'gate', 'door-contact', 'help-button', 'smoke', 'camera']
  const lists = await Promise.all(kinds.map((kind) => session.all<{ id: string }>(`/api/devices?kind=${kind}`)))
  return Object.fromEntries(kinds.map((kind, n) => [kind, lists[n]!.map(({ id }) => id)]))
}

/** What a screen had been shown when the server died: nothing of it may be forgotten. */
interface Shown {
  revision: number
  alerts: string[]
}

async function underLoad(server: RunningServer, make: ReturnType<typeof eventMaker>, ledger: Ledger, forMs: number): Promise<Shown> {
  const screen = openScreen(server.url, undefined)
  const loads = await Promise.all([sendBatches, sendPosts, sendPublishes].map((start) => start(server, make, ledger)))
  await eventually(() => screen.snapshots.length > 0)
  await new Promise((wake) => setTimeout(wake, forMs))
  await server.kill()
  for (const load of loads) load.stop()
  await new Promise((wake) => setTimeout(wake, 50))
  const { revision, alerts } = screen.state()
  screen.close()
  return { revision, alerts: alerts.map(({ id }) => id) }
}

async function lookAfter(server: RunningServer, round: Ledger, shown: Shown): Promise<string[]> {
  const officer = await signIn(server, 'supervisor')
  const faults: string[] = []
  const known = await resend(server, round.texts('acknowledged'))
  if (known.accepted > 0) faults.push(`${known.accepted} acknowledged signals were not there`)
  const open = round.texts('unacknowledged')
  await resend(server, open)
  const again = await resend(server, open)
  if (again.accepted > 0) faults.push(`${again.accepted} signals were stored twice by a resend`)
  const { revision } = await officer.get<{ revision: number }>('/api/wall')
  if (revision < shown.revision) faults.push(`the revision went back from ${shown.revision} to ${revision}`)
  const alerts = await officer.all<Alert>('/api/alerts')
  const ids = new Set(alerts.map(({ id }) => id))
  for (const id of shown.alerts) if (!ids.has(id)) faults.push(`${id} was on a screen and is gone`)
  return [...faults, ...(await inconsistencies(officer, alerts))]
}

async function resend(server: RunningServer, texts: readonly string[]): Promise<{ accepted: number; duplicates: number }> {
  const sum = { accepted: 0, duplicates: 0 }
  for (let at = 0; at < texts.length; at += 500) {
    const response = await fetch(`${server.url}/feeds/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.feedKey}`, 'content-type': 'application/cloudevents-batch+json' },
      body: `[${texts.slice(at, at + 500).join(',')}]`,
    })
    const answer = (await response.json()) as { accepted: number; duplicates: number }
    if (response.status !== 202) throw new Error(`a resend was answered ${response.status}: ${JSON.stringify(answer)}`)
    sum.accepted += answer.accepted
    sum.duplicates += answer.duplicates
  }
  return sum
}

/** A3: alerts, incidents and orders were committed together, so they fit together. */
async function inconsistencies(officer: Session, alerts: readonly Alert[]): Promise<string[]> {
  const incidents = new Map((await officer.all<Incident>('/api/incidents')).map((incident) => [incident.id, incident]))
  const orders = new Map((await officer.all<Order>('/api/orders')).map((order) => [order.id, order]))
  const faults: string[] = []
  for (const alert of alerts) {
    if (alert.priority > 2 || alert.status !== 'actual') continue
    const incident = incidents.get(alert.incidentId ?? '')
    if (!incident?.alerts.includes(alert.id)) faults.push(`${alert.id} of priority ${alert.priority} has no incident that knows it`)
  }
  for (const incident of incidents.values()) {
    if (incident.orders.length === 0) faults.push(`${incident.id} has no order`)
    for (const id of incident.orders) if (orders.get(id)?.incidentId !== incident.id) faults.push(`${id} does not belong to ${incident.id}`)
  }
  return faults
}

/** Reads every stored signal of the trial, and holds it against what was sent. */
async function account(server: RunningServer, ledger: Ledger) {
  const engineer = await signIn(server, 'supervisor')
  const times = new Map<string, number>()
  let revisionsFall = 0
  let last = Number.POSITIVE_INFINITY
  for (const signal of await engineer.all<{ id: string; revision: number }>('/api/signals?feed=trial')) {
    times.set(signal.id, (times.get(signal.id) ?? 0) + 1)
    if (signal.revision > last) revisionsFall++
    last = signal.revision
  }
  if (revisionsFall > 0) throw new Error(`the revision of ${revisionsFall} signals is lower than that of one stored before`)
  const sent = ledger.ids('all')
  const acknowledged = ledger.ids('acknowledged')
  return {
    sent: sent.size,
    acknowledged: acknowledged.size,
    lost: [...sent].filter((id) => !times.has(id)).length,
    doubled: [...times.values()].filter((count) => count > 1).length,
    strange: [...times.keys()].filter((id) => !sent.has(id)).length,
    stored: times.size,
    alerts: (await engineer.all('/api/alerts')).length,
  }
}
