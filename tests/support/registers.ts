import { join } from 'node:path'
import { filesOfDirectory, parseRegisters } from '../../server/registers/import.ts'
import type { Registers } from '../../shared/registers.ts'

export const REGISTERS = join(import.meta.dirname, '../../fixtures/registers')
export const SCENARIOS = join(import.meta.dirname, '../../fixtures/scenarios')

export const pilotFiles = () => filesOfDirectory(REGISTERS)

/** The registers of the pilot community, through the import that a user has. */
export function pilotRegisters(): Registers {
  const parsed = parseRegisters(pilotFiles(), '2026-11-23')
  if ('errors' in parsed) throw new Error(`The fixtures are not in order: ${JSON.stringify(parsed.errors[0])}`)
  return parsed.ok
}
