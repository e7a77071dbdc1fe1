import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { type Engine, type EngineOptions, startEngine } from '../../server/engine/client.ts'
import type { Actor, Command } from '../../server/work.ts'
import { options } from './data-dir.ts'

export { arrivalOf, START } from './data-dir.ts'

/** A folder that goes with the test. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'linwang-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

let imported: Promise<string> | undefined
/** A folder with the pilot's registers in it and nothing else; imported once a test file. */
export async function registersDir(): Promise<string> {
  imported ??= importOnce()
  const dir = tempDir()
  cpSync(await imported, dir, { recursive: true })
  return dir
}
async function importOnce(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'linwang-registers-'))
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  await (await startEngine(options(dir))).close()
  return dir
}

/** The engine thread over the pilot's registers, at ten in the morning by a clock that stands. It ends with the test. */
export async function openEngine(dataDir: string, more: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await startEngine(options(dataDir, more))
  onTestFinished(() => engine.close())
  return engine
}

export const OFFICER: Actor = { id: 'u-officer', name: 'officer', role: 'officer', scope: 'xinan' }
export const ADMIN: Actor = { id: 'u-admin', name: 'admin', role: 'admin', scope: 'xinan' }
export const advance = (by: number | string): Command => ({ name: 'clock.advance', body: { advance: by }, actor: ADMIN })

/** A look into the store from beside. */
export function lookInto(dataDir: string): Database.Database {
  const db = new Database(join(dataDir, 'linwang.db'))
  onTestFinished(() => void db.close())
  return db
}
