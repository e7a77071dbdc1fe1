import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { overloaded } from '../../shared/problem.ts'
import { outboxReader } from '../store/outbox.ts'
import type { Api, App } from './context.ts'

/** For the one who runs it: is it alive, does it take work, how is it doing. No names in here. */
export function healthRoutes(app: App, api: Api): void {
  const registry = metrics(api)
  app.get('/healthz', { schema: { tags: ['health'] } }, async () => ({ status: 'ok' }))
  app.get('/readyz', { schema: { tags: ['health'] } }, async () => {
    if (api.ready && !api.ready()) throw overloaded('Starting or stopping: ask again in a moment', { retryAfter: 1 })
    const { revision } = api.state()
    return { status: 'ready', revision, mode: api.config.mode }
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}

function metrics({ engine, read, state, gauges = {} }: Api): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const health = () => engine.health()
  const add = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `linwang_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  add('signals_accepted_total', 'signals stored since the start', () => health().accepted)
  add('signals_duplicate_total', 'signals that were there already, since the start', () => health().duplicates)
  add('signals_quarantined_total', 'messages not understood, since the start', () => health().quarantined)
  add('commits_total', 'commits since the start', () => health().commits)
  add('commits_failed_total', 'commits rolled back since the start', () => health().failed)
  add('commit_slowest_ms', 'slowest commit of the last second', () => health().slowest)
  add('commit_busy_ms', 'time in commits in the last second', () => health().busy)
  add('wal_bytes', 'size of the write-ahead log', () => health().wal)
  add('engine_heap_bytes', 'heap of the engine thread', () => health().heap)
  add('engine_ready_ms', 'from the start of the engine to its readiness', () => health().readyIn)
  add('queue_pressure', '0 nothing waits for a commit, 1 full', () => engine.pressure)
  add('revision', 'revision of the public state', () => state().revision)
  add('alerts_open', 'open alerts', () => state().alertTotals.open)
  add('incidents_open', 'open incidents', () => state().incidentTotals.open)
  const outbox = outboxReader(read)
  const age = () => engine.clock().now - (outbox.oldestWaiting() ?? engine.clock().now)
  add('outbox_waiting', 'messages that wait to be sent', () => outbox.waiting())
  add('outbox_failed', 'messages that were given up, of the last 30 days', () => outbox.failed())
  add('outbox_oldest_waiting_seconds', 'age of the oldest message that may leave, by the domain clock', () => Math.max(0, age()) / 1000)
  faults(registry, () => health().faults)
  for (const [name, { help, read }] of Object.entries(gauges)) add(name, help, read)
  return registry
}

function faults(registry: Registry, read: () => Record<string, { count: number }>): void {
  new Gauge({
    name: 'linwang_detector_faults_total',
    help: 'how often a detector threw since the start',
    labelNames: ['detector'],
    registers: [registry],
    collect() {
      for (const [detector, { count }] of Object.entries(read())) this.set({ detector }, count)
    },
  })
}
