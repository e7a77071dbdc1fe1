import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** One home's recorded days: signs of life and known absences, s of its own local clock. */
export interface HomeData {
  name: string
  at: Float64Array
  /** the sign was the door */
  door: Uint8Array
  away: readonly (readonly [from: number, to: number])[]
  /** the silent gap that each sign lies in, where not every sign ends one: only the first alarm of a gap counts */
  gap?: Int32Array
  /** the sensor was mute for a while in the silence before that sign: it teaches nothing */
  unheard?: Uint8Array
}

const OUTSIDE = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'living-alone')
/** Real homes that may be read in place and not be copied. */
export const outside = (file: string) => join(process.env.LIVING_ALONE ?? OUTSIDE, file)
export const isThere = (file: string) => existsSync(outside(file))

const rowsOf = (path: string): string[][] => {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(','))
}

export function readHome(path: string, away?: string): HomeData {
  const rows = rowsOf(path)
    .map(([at, kind]) => ({ at: Number(at), door: kind === 'door' ? 1 : 0 }))
    .sort((a, b) => a.at - b.at)
  return {
    name: basename(path).replace(/\.csv(\.gz)?$/, ''),
    at: Float64Array.from(rows, ({ at }) => at),
    door: Uint8Array.from(rows, ({ door }) => door),
    away: away === undefined ? [] : rowsOf(away).map(([from, to]) => [Number(from), Number(to)] as const),
  }
}

/** One water meter: readings, l. */
export interface MeterData {
  name: string
  people: number
  readings: { at: number; litres: number }[]
}

export function readMeters(path: string): MeterData[] {
  const meters = new Map<string, MeterData>()
  for (const [name, people, at, litres] of rowsOf(path)) {
    const meter = meters.get(name!) ?? { name: name!, people: Number(people), readings: [] }
    meters.set(name!, meter)
    meter.readings.push({ at: Number(at), litres: Number(litres) })
  }
  return [...meters.values()]
}
