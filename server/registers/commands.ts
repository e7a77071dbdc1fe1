import { badRequest, unprocessable } from '../../shared/problem.ts'
import type { Registers, RowError } from '../../shared/registers.ts'
import { dateAt } from '../../shared/time.ts'
import type { Command, Work } from '../work.ts'
import { parseRegisters } from './import.ts'

export interface ImportCounts {
  places: number
  households: number
  residents: number
  devices: number
  staff: number
  shifts: number
  teams: number
  holidays: number
  thresholds: number
  matterKinds?: number
  /** people whose plan the files tell */
  carePlans: number
  /** of them those whose plan somebody has changed at the desk since: it stays */
  carePlansKept?: number
}

/**
 * `registers.import` with the body `{files: {name: text or base64}, encoding?: 'base64', check?: true}`; `check` counts and writes
 * nothing. The engine gives `write` (store, in its transaction) and builds its World anew after the commit.
 */
export const registerCommands = (write: (registers: Registers, work: Work) => Pick<ImportCounts, 'carePlansKept'>) => ({
  'registers.import'(work: Work, command: Command): ImportCounts {
    // birthdays are held against the day at the community
    const registers = read(command, dateAt(work.now, work.world.utcOffset))
    const told = count(registers)
    if (command.body.check === true) return told
    const counts = { ...told, ...write(registers, work) }
    work.audit({ by: command.actor.staffId ?? command.actor.id, act: 'registers.import', subject: 'registers', detail: { ...counts } })
    return counts
  },
})

function read(command: Command, today: string): Registers {
  const { files, encoding } = command.body as { files?: Record<string, unknown>; encoding?: string }
  const entries = files && typeof files === 'object' ? Object.entries(files) : []
  if (entries.length === 0 || entries.some(([, text]) => typeof text !== 'string'))
    throw badRequest('files is missing.', {
      errors: [{ field: 'files', detail: 'is missing', fix: 'give an object of file name → content' }],
    })
  const bytes = entries.map(([name, text]) => [
    name,
    new Uint8Array(Buffer.from(text as string, encoding === 'base64' ? 'base64' : 'utf8')),
  ])
  const parsed = parseRegisters(Object.fromEntries(bytes), today)
  if ('errors' in parsed) throw refused(parsed.errors)
  return parsed.ok
}

export function refused(errors: readonly RowError[]) {
  const told = errors.map(({ file, row, column, value, problem, fix }) => ({
    field: `${file}:${row}${column ? `:${column}` : ''}`,
    detail: `${value === '' ? '(empty)' : JSON.stringify(value)} ${problem}`,
    fix,
  }))
  return unprocessable(`Nothing was imported: ${errors.length} errors, the first in ${errors[0]?.file} row ${errors[0]?.row}.`, {
    errors: told,
    rows: errors,
  })
}

const count = ({
  places,
  households,
  residents,
  devices,
  staff,
  shifts,
  teams = [],
  holidays = [],
  thresholds,
  carePlans = [],
  matterKinds = [],
}: Registers): ImportCounts => ({
  places: places.length,
  households: households.length,
  residents: residents.length,
  devices: devices.length,
  staff: staff.length,
  shifts: shifts.length,
  teams: teams.length,
  holidays: holidays.length,
  thresholds: thresholds.length,
  ...(matterKinds.length > 0 && { matterKinds: matterKinds.length }),
  carePlans: new Set(carePlans.map(({ residentId }) => residentId)).size,
})
