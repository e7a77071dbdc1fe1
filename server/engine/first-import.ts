import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProblemError } from '../../shared/problem.ts'
import type { Actor } from '../work.ts'
import type { EngineOptions } from './protocol.ts'
import type { Writer } from './writer.ts'

const SYSTEM: Actor = { id: 'system', name: 'system', role: 'admin', scope: '' }

/**
 * An empty store takes the registers of the folder, through the import that users have.
 * @throws ProblemError that names file, row and fix
 */
export function firstImport(writer: Writer, { registers }: EngineOptions): void {
  if (registers === undefined || writer.hasPlaces()) return
  const command = { name: 'registers.import', body: { files: readFolder(registers), encoding: 'base64' }, actor: SYSTEM }
  const { answers } = writer.write([{ kind: 'command', asked: { n: 0, command } }])
  const problem = answers[0]?.problem
  if (problem) throw new ProblemError(problem)
}

const readFolder = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => /\.(csv|geojson)$/.test(name))
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  )
