import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { CELLS } from './grid.ts'

/** How often a silence ended in each cell, and for how long silences have stayed there (units of 5 min). */
export interface Cells {
  ends: Uint8Array
  stays: Uint16Array
}
/** min */
export const UNIT = 5

export const noCells = (): Cells => ({ ends: new Uint8Array(CELLS), stays: new Uint16Array(CELLS) })

/** For a state that is plain JSON: most cells are empty, and a year of a home takes about 2 kB; '' when all are. */
export function pack({ ends, stays }: Cells): string {
  const bytes = Buffer.alloc(CELLS * 3)
  bytes.set(ends, 0)
  stays.forEach((stay, cell) => void bytes.writeUInt16LE(stay, CELLS + cell * 2))
  return deflateRawSync(bytes).toString('base64')
}

export function unpack(packed: string): Cells {
  const cells = noCells()
  if (packed === '') return cells
  const bytes = inflateRawSync(Buffer.from(packed, 'base64'))
  cells.ends.set(bytes.subarray(0, CELLS))
  for (let cell = 0; cell < CELLS; cell++) cells.stays[cell] = bytes.readUInt16LE(CELLS + cell * 2)
  return cells
}

/** Old days count half from now on. Odd ones are rounded up in every other cell, so that the whole stays half. */
export function halve({ ends, stays }: Cells) {
  for (let cell = 0; cell < CELLS; cell++) {
    ends[cell] = (ends[cell]! + (cell & 1)) >> 1
    stays[cell] = (stays[cell]! + (cell & 1)) >> 1
  }
}
