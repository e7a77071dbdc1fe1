import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { type Engine, type EngineOptions, startEngine } from '../../server/engine/client.ts'
import type { Actor, Command } from '../../server/work.ts'
import type { Arrival } from '../../shared/arrival.ts'

export const REGISTERS = join(import.meta.dirname, '../../fixtures/registers')
/** A Monday after the last birthday in the registers; 10:00 in China. */
export const START = Date.parse('2026-12-07T10:00:00+08:00')

/** A folder that goes with the test. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'linwang-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

export const options = (dataDir: string, more: Partial<EngineOptions> = {}): EngineOptions => ({
  dataDir,
  mode: 'demo',
  simulate: false,
  clock: { mode: 'manual', start: START },
  registers: REGISTERS,
  ...more,
})

/** The engine thread over the pilot's registers, at ten in the morning by a clock that stands. It ends with the test. */
export async function openEngine(dataDir: string = tempDir(), more: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await startEngine(options(dataDir, more))
  onTestFinished(() => engine.close())
  return engine
}

export const arrivalOf = (events: object | object[]): Arrival => ({
  source: Array.isArray(events) ? 'cloudevents-batch' : 'cloudevents',
  transport: 'http',
  bytes: new TextEncoder().encode(JSON.stringify(events)),
})

export const OFFICER: Actor = { id: 'u-officer', name: 'officer', role: 'officer', scope: 'xinan' }
export const ADMIN: Actor = { id: 'u-admin', name: 'admin', role: 'admin', scope: 'xinan' }
export const advance = (by: number | string): Command => ({ name: 'clock.advance', body: { advance: by }, actor: ADMIN })

/** A look into the store from beside. */
export function lookInto(dataDir: string): Database.Database {
  const db = new Database(join(dataDir, 'linwang.db'))
  onTestFinished(() => void db.close())
  return db
}
