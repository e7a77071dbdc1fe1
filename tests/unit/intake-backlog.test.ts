import { expect, test } from 'vitest'
import { SOURCES } from '../../server/feeds/sources/index.ts'
import { createDrift } from '../../server/intake/drift.ts'
import type { Signal } from '../../shared/signal.ts'

const NOW = Date.parse('2026-11-24T10:00:00Z')
const HOUR = 3_600_000
const event = {
  specversion: '1.0',
  id: '1',
  source: '/feeds/gates',
  subject: 'gate-east',
  type: 'linwang.heartbeat',
  time: new Date(NOW - HOUR).toISOString(),
  data: { online: true },
}
const read = (value: object) =>
  SOURCES.cloudevents!(
    { source: 'cloudevents', transport: 'http', bytes: new TextEncoder().encode(JSON.stringify(value)) },
    { now: NOW, utcOffset: 480, device: () => undefined },
  ).drafts[0]!
const signal = (value: object) => ({ ...read(value), receivedAt: NOW }) as unknown as Signal

test('[I4] an old message says that a clock is behind, unless its sender says that it was kept', () => {
  const drift = createDrift()
  drift.note(signal({ ...event, backlog: true }))
  expect(drift.of('gates', NOW)).toBeNull()
  drift.note(signal(event))
  expect(drift.of('gates', NOW)).toBe(-3600)
})

test.each([false, 'no', 1, null])('[I4] backlog %j is none', (backlog) => {
  expect(read({ ...event, backlog }).backlog).toBeUndefined()
})
