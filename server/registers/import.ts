import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Registers, RowError } from '../../shared/registers.ts'
import { checkReferences, type Tables } from './references.ts'
import { readTable } from './rows.ts'
import { fileOf, TABLES, type TableName } from './tables.ts'

const NAMES = Object.keys(TABLES) as TableName[]
export const ESTATE_FILE = 'estate.geojson'
export const REGISTER_FILES = [...NAMES.map(fileOf), ESTATE_FILE]
/** A spreadsheet with one wrong column would fill pages: the first hundred tell enough. */
export const MOST_ERRORS = 100

/**
 * The registers of a set of files, all or nothing. `today` (YYYY-MM-DD) is what birthdays are held against.
 * Every error names file, row, column, value and fix; the first 100 are told.
 */
export function parseRegisters(
  files: Readonly<Record<string, Uint8Array>>,
  today = '9999-12-31',
): { ok: Registers } | { errors: RowError[] } {
  const errors: RowError[] = []
  const tell = (error: RowError) => void (errors.length < MOST_ERRORS && errors.push(error))
  for (const name of Object.keys(files).filter((file) => !REGISTER_FILES.includes(file)))
    tell(wholeFile(name, 'is no register file', `name it one of ${REGISTER_FILES.join(', ')}`))
  const tables = Object.fromEntries(NAMES.map((name) => [name, readFile(files, name, tell)])) as Tables
  const estate = readEstateFile(files[ESTATE_FILE], tell)
  if (errors.length === 0) checkReferences(tables, today, tell)
  if (errors.length > 0) return { errors }
  const rows = Object.fromEntries(NAMES.map((name) => [name, tables[name].map(({ value }) => value)]))
  return { ok: { ...(rows as unknown as Registers), ...(estate === undefined ? {} : { estate }) } }
}

function readFile(files: Readonly<Record<string, Uint8Array>>, name: TableName, tell: (error: RowError) => void) {
  const bytes = files[fileOf(name)]
  if (bytes && bytes.length > 0) return readTable(name, bytes, tell)
  if (TABLES[name].required) tell(wholeFile(fileOf(name), bytes ? 'is empty' : 'is missing', 'add the file with its header row'))
  return []
}

function readEstateFile(bytes: Uint8Array | undefined, tell: (error: RowError) => void): unknown {
  if (!bytes) return undefined
  try {
    const plan = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as { type?: string; features?: unknown }
    if (plan?.type === 'FeatureCollection' && Array.isArray(plan.features)) return plan
  } catch {
    // told below: whatever was wrong with it, the fix is the same
  }
  tell(wholeFile(ESTATE_FILE, 'is no GeoJSON FeatureCollection', 'export the plan as GeoJSON (RFC 7946), UTF-8'))
  return undefined
}

const wholeFile = (file: string, problem: string, fix: string): RowError => ({ file, row: 1, column: '', value: '', problem, fix })

/** What lies in a folder, ready for `parseRegisters`. */
export const filesOfDirectory = (directory: string): Record<string, Uint8Array> =>
  Object.fromEntries(
    REGISTER_FILES.filter((file) => existsSync(join(directory, file))).map((file) => [
      file,
      new Uint8Array(readFileSync(join(directory, file))),
    ]),
  )

export const registersFromDirectory = (directory: string, today?: string) => parseRegisters(filesOfDirectory(directory), today)
