import { beforeAll, expect, test } from 'vitest'
import { createAnalysis } from '../../server/analysis/analysis.ts'
import { inactivity } from '../../server/analysis/inactivity.ts'
import type { Stage } from '../../server/demo/beats.ts'
import { MINUTE } from '../../server/demo/day.ts'
import { createDirector, type Run } from '../../server/demo/director.ts'
import type { Happening } from '../../server/demo/happening.ts'
import { earlierDays } from '../../server/demo/history.ts'
import { createLife } from '../../server/demo/life.ts'
import { createMutes } from '../../server/demo/mutes.ts'
import { loadStories } from '../../server/demo/story.ts'
import { createTown } from '../../server/demo/town.ts'
import { createWorld } from '../../server/registers/world.ts'
import type { Finding } from '../../shared/finding.ts'
import { translator } from '../support/demo-days.ts'
import { pilotRegisters, SCENARIOS } from '../support/registers.ts'

/** A morning of the demo from its first start on, as the detector of silences hears it; nobody takes a step. */
const registers = pilotRegisters()
const residents = registers.residents.filter(({ categories }) => categories.includes('living-alone'))
const world = createWorld({ ...registers, residents })
const START = Date.parse('2026-11-24T07:30:00+08:00')
const HOURS = 10
const town = createTown(world, 7, new Date(START))
const stage: Stage = { town, mutes: createMutes(), dark: new Set(), seen: new Map(), hazards: new Map(), astray: new Set() }
const director = createDirector(loadStories(SCENARIOS), stage, world, 7, { first: 0, gap: 12_000, rest: [180_000, 360_000] }, 0)
const raised: Extract<Finding, { act: 'raise' }>[] = []
const cleared: string[] = []
let history = 0
let out: Run

beforeAll(() => {
  director.prepare(START)
  out = director.runs().find(({ story }) => story.id === 'gateway-out')!
  const life = createLife(town, stage.mutes, world.utcOffset, START)
  const analysis = createAnalysis({ world, detectors: [inactivity] })
  const translate = translator(world)
  const take = (found: readonly Finding[]) => {
    for (const one of found)
      if (one.act === 'raise') raised.push(one)
      else if (one.act === 'clear') cleared.push(one.key)
  }
  const hear = (happenings: readonly Happening[], receivedAt?: number) => {
    for (const one of happenings) {
      const signal = translate(one, receivedAt)
      if (signal) take(analysis.onSignal(signal))
    }
  }
  for (const day of earlierDays(town, START, world.utcOffset)) {
    hear(day, START)
    history += day.length
  }
  hear(life.history(0), START)
  expect(raised, 'I4: history raises nothing').toEqual([])
  for (let now = START + MINUTE; now <= START + HOURS * 60 * MINUTE; now += MINUTE) {
    const fresh = [...life.step(now), ...director.step(now, now - START)]
    hear(fresh.filter((one) => !stage.mutes.isMuted(one)).sort((a, b) => a.at - b.at))
    take(analysis.onTick(now))
  }
}, 120_000)

const aboutPeople = () => raised.filter(({ residentId }) => residentId !== undefined)

test('[§9] the history of the first start is short', () => {
  expect(history).toBeLessThan(85_000)
})

test('[§9] the silent flats are called by lines of their own, and one person is missed who went out; nobody else', () => {
  const told = aboutPeople().map(({ kind }) => kind)
  expect(told.filter((kind) => kind === 'not-returned')).toHaveLength(1)
  expect(told.filter((kind) => kind === 'inactivity').length).toBeGreaterThanOrEqual(1)
  expect(new Set(told)).toEqual(new Set(['inactivity', 'not-returned']))
  for (const { evidence, placeId } of aboutPeople()) {
    expect(evidence.learned, placeId).toBe(true)
    expect(evidence.confidence, placeId).toBeGreaterThanOrEqual(0.5)
  }
  expect(aboutPeople().some(({ placeId }) => placeId === 'caihong-b12-u1-302')).toBe(true)
})

test('[§9] who was out longer than usual comes home, and that is over', () => {
  const [missed] = raised.filter(({ kind }) => kind === 'not-returned')
  expect(cleared).toContain(missed!.key)
})

test('[A2] the homes behind the gateway that is out are called by nobody', () => {
  expect(out.quietUntil).toBeLessThan(START + HOURS * 60 * MINUTE)
  expect(aboutPeople().filter(({ placeId }) => placeId.startsWith(`${out.target.placeId}-`))).toEqual([])
})
