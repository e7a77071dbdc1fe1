import { expect, test } from 'vitest'
import { rowOf, rowsOfDocs, tabled } from '../support/feeds-table.ts'

const nameIn = (row: string) => row.split('`')[1]!

test('[I3] the table in docs/feeds.md says what becomes of every sample that lies on this machine', () => {
  const told = new Map(rowsOfDocs().map((row) => [nameIn(row), row]))
  const found = tabled().map((sample) => [sample.name, rowOf(sample)] as const)
  expect(found.length).toBeGreaterThan(20)
  for (const [name, row] of found) expect(told.get(name), `${name}: run node tests/support/feeds-table.ts`).toBe(row)
})
