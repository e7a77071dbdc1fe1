import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Stage } from '../../server/demo/beats.ts'
import { MINUTE } from '../../server/demo/day.ts'
import { createDirector } from '../../server/demo/director.ts'
import type { Happening } from '../../server/demo/happening.ts'
import { createLife } from '../../server/demo/life.ts'
import { createMutes } from '../../server/demo/mutes.ts'
import { loadStories } from '../../server/demo/story.ts'
import { createTown } from '../../server/demo/town.ts'
import { createWorld } from '../../server/registers/world.ts'
import { pilotRegisters } from '../support/registers.ts'

const world = createWorld(pilotRegisters())
const stories = loadStories(join(import.meta.dirname, '../../fixtures/scenarios'))
const at = (time: string) => Date.parse(`2026-11-24T${time}:00+08:00`)
const FIRST = 20_000

function open(start: number, seed = 7) {
  const town = createTown(world, seed, new Date(start))
  const stage: Stage = { town, mutes: createMutes(), dark: new Set(), seen: new Map(), hazards: new Map(), astray: new Set() }
  const director = createDirector(stories, stage, world, seed, { first: FIRST, gap: 12_000, rest: [3 * MINUTE, 6 * MINUTE] }, 0)
  return { town, stage, director }
}

test('[§9] there are fourteen stories, each with a happy and an unhappy ending', () => {
  expect(stories).toHaveLength(14)
  expect(new Set(stories.map(({ id }) => id)).size).toBe(14)
  expect(new Set(stories.map(({ seed }) => seed)).size).toBe(14)
  for (const { endings, id } of stories) {
    expect(
      endings.some(({ happy }) => happy),
      id,
    ).toBe(true)
    expect(
      endings.some(({ happy }) => !happy),
      id,
    ).toBe(true)
  }
})

test.each(['04:00', '07:30', '10:42', '15:00', '19:00', '23:30'])(
  '[§9] within two minutes of a start at %s something is to be seen',
  (time) => {
    const { director } = open(at(time))
    director.prepare(at(time))
    const seen = []
    for (let second = 0; second <= 110; second++) seen.push(...director.step(at(time) + second * 1000, second * 1000))
    expect(seen.length).toBeGreaterThan(0)
  },
)

test('[§9] stories come at a calm pace and never more than four at once', () => {
  const { director } = open(at('09:00'))
  director.prepare(at('09:00'))
  let begun = 0
  let before = new Set<unknown>()
  for (let second = 0; second < 6 * 3600; second += 5) {
    const now = at('09:00') + second * 1000
    director.step(now, second * 1000)
    const runs = director.runs()
    expect(runs.filter(({ quietUntil, story }) => quietUntil <= now && story.weight > 0).length).toBeLessThanOrEqual(4)
    begun += runs.filter((run) => !before.has(run)).length
    before = new Set(runs)
  }
  expect(begun / 6).toBeGreaterThan(6)
  expect(begun / 6).toBeLessThan(21)
})

test('[§9] the same seed tells the same stories in the same places', () => {
  const told = () => {
    const { director } = open(at('09:00'))
    director.prepare(at('09:00'))
    return Array.from({ length: 3600 }, (_, second) => director.step(at('09:00') + second * 1000, second * 1000)).flat()
  }
  expect(told()).toEqual(told())
})

test('[§9] no two stories are told in one place', () => {
  const { director } = open(at('09:00'))
  for (let second = 0; second < 4 * 3600; second += 5) {
    director.step(at('09:00') + second * 1000, second * 1000)
    const places = director.runs().map(({ target }) => target.placeId)
    expect(new Set(places).size).toBe(places.length)
  }
})

describe('a silent flat', () => {
  test('[I4] fell silent before the start: its history ends hours ago, and its sensors are heard on', () => {
    const start = at('14:00')
    const { town, stage, director } = open(start)
    director.prepare(start)
    const silence = director.runs().find(({ story }) => story.id === 'silent-flat')!
    const flat = silence.target.placeId
    expect(town.careHomes.find((home) => home.flat === flat)).toMatchObject({ flat: 'caihong-b12-u1-302', longKnown: true })
    const life = createLife(town, stage.mutes, world.utcOffset, start)
    const lived = life.history(0).filter(({ home }) => home === flat)
    expect(lived.length).toBeGreaterThan(20)
    expect(Math.max(...lived.map((one) => one.at))).toBeLessThan(start - 2.9 * 60 * MINUTE)
    expect(silence.quietUntil - start).toBeLessThan(2 * MINUTE)
    const sensors = silence.target.devices.map(({ id }) => id)
    const later = Array.from({ length: 60 }, (_, n) => life.step(start + (n + 1) * MINUTE)).flat()
    for (const id of sensors)
      expect(
        later.some(({ deviceId, what }) => deviceId === id && what === 'report'),
        id,
      ).toBe(true)
    expect(later.filter(({ home, what }) => home === flat && what !== 'report')).toEqual([])
  })

  test('stirs again when people have been there', () => {
    const start = at('14:00')
    const { director, stage } = open(start)
    director.prepare(start)
    const run = director.runs().find(({ story }) => story.id === 'silent-flat')!
    director.acted(run.target.placeId, 'arrive', start + 5 * MINUTE)
    const seen = director.step(start + 8 * MINUTE, 10_000).filter(({ deviceId }) => run.target.devices.some(({ id }) => id === deviceId))
    expect(seen.some(({ what }) => what === 'motion')).toBe(true)
    director.acted(run.target.placeId, 'verify', start + 9 * MINUTE)
    director.step(start + 20 * MINUTE, 20_000)
    expect(stage.mutes.isMuted({ at: start + 20 * MINUTE, what: 'report', deviceId: 'x', home: run.target.placeId })).toBe(false)
  })
})

test('[§9] a child that dawdles passes no gate on the way home, and does when found', () => {
  const start = at('19:00')
  const { town, stage, director } = open(start)
  director.prepare(start)
  const run = director.runs().find(({ story }) => story.id === 'child-not-home')!
  const who = run.target.residentId
  const history = createLife(town, stage.mutes, world.utcOffset, start).history(0)
  const ways = history.flatMap((one) => (one.what === 'passage' && one.residentId === who ? [one.direction] : []))
  expect(ways.at(-1)).toBe('out')
  director.acted(run.target.placeId, 'handle', start + 10 * MINUTE)
  const found = director.step(start + 11 * MINUTE, 1000)
  expect(found).toContainEqual(expect.objectContaining({ what: 'passage', direction: 'in', residentId: who }))
})

describe('somebody who does not come back', () => {
  test('goes out as on other days, and is seen at no gate and in no room until the story brings them home', () => {
    const start = at('07:30')
    const { town, stage, director } = open(start)
    director.prepare(start)
    const run = director.runs().find(({ story }) => story.id === 'not-returned')!
    const home = town.careHomes.find(({ flat }) => flat === run.target.placeId)!
    expect(home.longKnown).toBe(true)
    const life = createLife(town, stage.mutes, world.utcOffset, start)
    life.history(0)
    const seen: Happening[] = []
    for (let now = start; director.runs().includes(run); now += MINUTE)
      seen.push(...life.step(now), ...director.step(now, now - start).filter((one) => !stage.mutes.isMuted(one)))
    const ways = seen.flatMap((one) => (one.what === 'passage' && one.residentId === run.target.residentId ? [one] : []))
    const left = ways.findLastIndex(({ direction, at }) => direction === 'out' && at < run.quietUntil)
    const [back] = ways.slice(left + 1)
    expect(back).toMatchObject({ direction: 'in' })
    expect(back!.at).toBeGreaterThan(run.quietUntil)
    const between = seen.filter(({ home, at }) => home === run.target.placeId && at > ways[left]!.at + 5 * MINUTE && at < back!.at)
    expect(between).toEqual([])
  })

  test('is one on a day and no more, and none late in the day', () => {
    const told = (time: string) => {
      const { director } = open(at(time))
      director.prepare(at(time))
      return director.runs().filter(({ story }) => story.id === 'not-returned').length
    }
    expect(['07:30', '19:00'].map(told)).toEqual([1, 0])
  })
})

describe('[A2] a gateway that goes out', () => {
  test('keeps every sensor behind it still, past the two hours after which they are missed, and gives them back', () => {
    const start = at('14:00')
    const { town, stage, director } = open(start)
    director.prepare(start)
    const run = director.runs().find(({ story }) => story.id === 'gateway-out')!
    const behind = new Set(run.target.devices.map(({ id }) => id))
    expect(behind.size).toBeGreaterThanOrEqual(9)
    expect(director.runs().filter(({ target }) => target.placeId.startsWith(`${run.target.placeId}-`))).toEqual([])
    const life = createLife(town, stage.mutes, world.utcOffset, start)
    const words = life.history(0).filter(({ deviceId }) => behind.has(deviceId))
    for (let now = start; director.runs().includes(run); now += MINUTE)
      words.push(...[...life.step(now), ...director.step(now, now - start)].filter(({ deviceId }) => behind.has(deviceId)))
    const gap = words.filter(({ at }) => at >= run.begun && at < run.quietUntil)
    expect(gap).toEqual([])
    for (const id of behind)
      expect(
        words.some(({ deviceId, at }) => deviceId === id && at > run.quietUntil),
        id,
      ).toBe(true)
  })
})

test('[A2] a recorder that fails takes its cameras with it and gives them back', () => {
  const { director, stage } = open(at('02:00'))
  let most = 0
  for (let second = 0; second < 12 * 3600 && (most === 0 || stage.dark.size > 0); second += 5) {
    director.step(at('02:00') + second * 1000, second * 1000)
    most = Math.max(most, stage.dark.size)
  }
  expect([most, stage.dark.size]).toEqual([4, 0])
})

test('[§9] a story to which nobody comes ends all the same: the smoke clears, the child comes home', () => {
  const start = at('19:00')
  const { director, stage } = open(start)
  director.prepare(start)
  const seen = []
  for (let second = 0; second < 3 * 3600; second += 5) seen.push(...director.step(start + second * 1000, second * 1000))
  const alight = new Set<string>()
  for (const one of seen) {
    if (one.what !== 'hazard') continue
    if (one.active) alight.add(one.deviceId)
    else alight.delete(one.deviceId)
  }
  expect(seen.some(({ what }) => what === 'hazard')).toBe(true)
  expect([...alight].length).toBeLessThanOrEqual(director.runs().length)
  expect(stage.astray.size).toBe(0)
  expect(seen.some((one) => one.what === 'passage' && one.direction === 'in')).toBe(true)
})
