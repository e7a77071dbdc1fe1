/** Heights in rem: between them a line of 18 px text stands well. */
const [LEAST, MOST] = [0.225, 0.32]

/** Rows of one column: all that are needed when they fit, else as many as stand whole. */
export function rowsIn(room: number, needed: number): { rows: number; height: number } {
  if (room <= 0 || needed === 0) return { rows: Math.max(1, needed), height: MOST }
  const even = room / needed
  if (even >= LEAST) return { rows: needed, height: Math.min(MOST, even) }
  // too many for the room: then they need not be tight either
  const rows = Math.max(1, Math.floor(room / 0.28))
  return { rows, height: room / rows }
}
