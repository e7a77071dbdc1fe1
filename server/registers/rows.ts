import { CsvError, parse } from 'csv-parse/sync'
import { Compile } from 'typebox/compile'
import { parseRules } from '../../shared/camera-rules.ts'
import type { RowError } from '../../shared/registers.ts'
import { type Column, fileOf, TABLES, type Table, type TableName } from './tables.ts'

/** A row as read, with its place in the file for whatever is found wrong with it later. */
export interface Read {
  row: number
  cells: Readonly<Record<string, string>>
  value: Record<string, unknown>
}

const validators = new Map<TableName, ReturnType<typeof Compile>>()
const validatorOf = (name: TableName) => {
  const known = validators.get(name)
  if (known) return known
  const made = Compile(TABLES[name].row)
  validators.set(name, made)
  return made
}

/** Text of a spreadsheet: UTF-8 with or without a byte order mark, else GB18030, as Excel in China saves it. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/** Reads and judges one file row by row. What is wrong goes to `tell`; only good rows come back. */
export function readTable(name: TableName, bytes: Uint8Array, tell: (error: RowError) => void): Read[] {
  const file = fileOf(name)
  const records = split(decodeText(bytes), file, tell)
  const header = records[0]
  if (!header) return []
  const columns = readHeader(header, TABLES[name], file, tell)
  if (!columns) return []
  const filled = records
    .map((cells, i) => ({ cells, row: i + 1 }))
    .slice(1)
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  return filled.flatMap(({ cells, row }) => {
    const read = readRow(columns, cells, row)
    const wrong = judge(name, read)
    if (cells.length > header.length)
      wrong.push({
        column: '',
        problem: `has ${cells.length} cells, the header ${header.length}`,
        fix: 'put quotes round a cell that holds a comma',
      })
    for (const { column, problem, fix } of wrong) tell({ file, row, column, value: read.cells[column] ?? '', problem, fix })
    return wrong.length === 0 ? [read] : []
  })
}

function split(text: string, file: string, tell: (error: RowError) => void): string[][] {
  try {
    return parse(text, { bom: true, relax_column_count: true, skip_empty_lines: false })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    tell({
      file,
      row: Number(error.lines) || 1,
      column: '',
      value: '',
      problem: `is not CSV from here on (${error.code})`,
      fix: 'close the quotes; write a quote inside a cell twice',
    })
    return []
  }
}

function readHeader(
  header: readonly string[],
  table: Table,
  file: string,
  tell: (error: RowError) => void,
): (Column | undefined)[] | undefined {
  const columns = header.map((text) =>
    table.columns.find(({ key, alias }) => key.toLowerCase() === text.trim().toLowerCase() || alias === text.trim()),
  )
  const names = table.columns.map(({ key, alias }) => `${key} (${alias})`).join(', ')
  let fine = true
  const complain = (value: string, problem: string, fix: string) => {
    fine = false
    tell({ file, row: 1, column: value, value, problem, fix })
  }
  header.forEach((text, i) => {
    if (!columns[i]) complain(text, 'is no column of this file', `remove it, or name it one of ${names}`)
    else if (columns.indexOf(columns[i]) < i) complain(text, 'is there twice', 'remove one of the two columns')
  })
  const required = (table.row as { required?: string[] }).required ?? []
  for (const column of table.columns)
    if (required.includes(column.key) && !columns.includes(column))
      complain(column.key, 'is missing', `add the column ${column.key} (${column.alias}): ${column.fix}`)
  return fine ? columns : undefined
}

function readRow(columns: readonly (Column | undefined)[], texts: readonly string[], row: number): Read {
  const cells: Record<string, string> = {}
  const value: Record<string, unknown> = {}
  columns.forEach((column, i) => {
    if (!column) return
    const text = (texts[i] ?? '').trim()
    cells[column.key] = text
    const made = convert(column, text)
    if (made !== undefined) value[column.key] = made
  })
  return { row, cells, value }
}

function convert(column: Column, text: string): unknown {
  const code = (word: string) => column.words?.[word] ?? word
  if (column.as === 'list')
    return text
      .split(/[|、;；]/)
      .map((word) => code(word.trim()))
      .filter(Boolean)
  if (column.as === 'lines') return parts(text)
  if (column.as === 'codes') return parts(text).map(readCode)
  if (text === '') return column.nullable ? null : undefined
  if (column.as === 'yes') return YES.has(text.toLowerCase()) ? true : NO.has(text.toLowerCase()) ? undefined : text
  if (column.as === 'number') return /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  if (column.as === 'weekdays') return [...text].map((digit) => (/\d/.test(digit) ? Number(digit) : digit))
  if (column.as !== 'rules') return code(text)
  const parsed = parseRules(text)
  return 'rules' in parsed ? parsed.rules : parsed.unreadable
}

const YES = new Set(['yes', 'true', '1', '是'])
const NO = new Set(['no', 'false', '0', '否'])

const parts = (text: string): string[] =>
  text
    .split('|')
    .map((part) => part.trim())
    .filter(Boolean)

/** GB/T 47678.5:2026:管理事项:06010:暴露垃圾; what is no code stays text, for the schema to refuse */
function readCode(text: string): unknown {
  const [book, version, kind, code, name] = text.split(':').map((part) => part.trim())
  return book && version && kind && code && name ? { book, version, kind, code, name } : text
}

type Wrong = { column: string; problem: string; fix: string }

function judge(name: TableName, { value, cells }: Read): Wrong[] {
  const validator = validatorOf(name)
  if (validator.Check(value)) return []
  const wrong = new Set(validator.Errors(value).flatMap((error) => columnsOf(error)))
  return [...wrong].map((key) => {
    const column = TABLES[name].columns.find((one) => one.key === key)
    const problem = cells[key] ? 'is not possible here' : 'is empty'
    return { column: key, problem, fix: `give ${column?.fix ?? 'a value'}` }
  })
}

/** An error of the whole row names the missing keys; any other stands under its own key. */
function columnsOf(error: { instancePath: string; params?: unknown }): string[] {
  const own = error.instancePath.split('/')[1]
  return own ? [own] : ((error.params as { requiredProperties?: string[] }).requiredProperties ?? [])
}
