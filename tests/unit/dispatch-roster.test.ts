import { expect, test } from 'vitest'
import { everyRung, findOwner, ladderOf, rungAbove } from '../../server/dispatch/ladder.ts'
import { createWorld } from '../../server/registers/world.ts'
import { pilotRegisters } from '../support/registers.ts'
import { MONDAY_TEN } from '../support/work.ts'

const HOUR = 3_600_000
const world = createWorld(pilotRegisters())
const week = Array.from({ length: 7 * 24 }, (_, n) => MONDAY_TEN + n * HOUR)
const posts = world.places.all().filter(({ kind }) => kind === 'building' || kind === 'spot')
const inGrid = (id: string) => world.places.nearest(id, 'grid') !== undefined

test('[D1] in the pilot community somebody on duty has the order for every building and spot at every hour: of a grid, its grid worker', () => {
  expect(posts.filter(({ id }) => inGrid(id)).length).toBeGreaterThanOrEqual(45)
  for (const at of week) {
    for (const { id } of posts) {
      const role = world.staff(findOwner(world, 'help', id, at).staffId)?.role
      if (inGrid(id)) expect(role).toBe('grid-worker')
      else expect(['grid-worker', 'community-staff']).toContain(role)
    }
  }
})

test('[D1] at every hour every rung of its ladder has somebody, and each owner somebody above', () => {
  const flat = world.places.all().find(({ kind }) => kind === 'flat')!.id
  for (const at of week) {
    const rungs = everyRung(world, flat, at)
    expect(rungs.map(({ rung }) => rung)).toEqual(ladderOf(world, flat).map(({ name }) => name))
    for (const [n, { staffId }] of rungs.slice(0, -1).entries()) {
      expect(rungAbove(world, flat, staffId, at)?.rung).toBe(rungs[n + 1]!.rung)
    }
  }
})
