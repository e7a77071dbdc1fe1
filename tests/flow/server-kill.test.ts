import { expect, test } from 'vitest'
import { killRun } from '../trials/kill-run.ts'

test('[I1] three kill -9 under load lose nothing that was acknowledged, double nothing, and leave alerts, incidents and orders that fit', async () => {
  const result = await killRun({ kills: 3, seed: 20_261_123, load: [150, 600] })
  expect(result).toMatchObject({ kills: 3, lost: 0, doubled: 0, strange: 0, faults: [] })
  expect(result.acknowledged).toBeGreaterThan(100)
  expect(result.stored).toBe(result.sent)
}, 90_000)
