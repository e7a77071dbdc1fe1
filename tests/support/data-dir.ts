import { join } from 'node:path'
import type { EngineOptions } from '../../server/engine/client.ts'
import type { Arrival } from '../../shared/arrival.ts'

/** What an engine of the tests is started with; also used by processes that are not under the test runner. */
export const REGISTERS = join(import.meta.dirname, '../../fixtures/registers')
/** A Monday after the last birthday in the registers; 10:00 in China. */
export const START = Date.parse('2026-12-07T10:00:00+08:00')

export const options = (dataDir: string, more: Partial<EngineOptions> = {}): EngineOptions => ({
  dataDir,
  mode: 'demo',
  simulate: false,
  clock: { mode: 'manual', start: START },
  registers: REGISTERS,
  ...more,
})

export const arrivalOf = (events: object | object[]): Arrival => ({
  source: Array.isArray(events) ? 'cloudevents-batch' : 'cloudevents',
  transport: 'http',
  bytes: new TextEncoder().encode(JSON.stringify(events)),
})
