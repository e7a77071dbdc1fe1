import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { claimers, targetFor } from '../../server/demo/loop/desk.ts'
import { draw, MOTIFS } from '../../server/demo/loop/drawing.ts'
import { MATTERS, type Matter, OPENING } from '../../server/demo/loop/matters.ts'
import { type Act, nextAct } from '../../server/demo/loop/next-act.ts'
import { NOTICES } from '../../server/demo/loop/notices.ts'
import { createRhythm } from '../../server/demo/loop/rhythm.ts'
import { chooseSaying, type Saying } from '../../server/demo/loop/saying.ts'
import { type Script, scriptOf } from '../../server/demo/loop/script.ts'
import { createSpeakers, PREFIX } from '../../server/demo/loop/speakers.ts'
import { createWorld } from '../../server/registers/world.ts'
import type { Order } from '../../shared/order.ts'
import { seededRandom } from '../../shared/random.ts'
import type { Suggestion } from '../../shared/suggestion.ts'
import { pilotRegisters } from '../support/registers.ts'

const world = createWorld(pilotRegisters())
const at = (time: string) => Date.parse(`2026-11-24T${time}:00+08:00`)
const MINUTE = 60_000
const DAYTIME = at('10:00')
const nobody: ReadonlySet<string> = new Set()

describe('what is reported', () => {
  test('every matter is of the register, at places that are there, and some of them are asked of volunteers and party members', () => {
    for (const { kind, where, teams = [] } of MATTERS) {
      expect(world.matterKind(kind), kind).toBeDefined()
      for (const id of Array.isArray(where) ? (where as string[]) : []) expect(world.places.get(id), id).toBeDefined()
      for (const id of teams) expect(world.team(id), id).toBeDefined()
    }
    expect(new Set(MATTERS.map(({ pool }) => pool))).toEqual(new Set([undefined, 'party', 'volunteers']))
    for (const kind of OPENING) expect(MATTERS.map((one) => one.kind)).toContain(kind)
  })

  const many = (seed: number, now = DAYTIME) => {
    const random = seededRandom(seed)
    return Array.from({ length: 200 }, () => chooseSaying(MATTERS, { world, random, now, recent: nobody, taken: nobody })).filter(
      (one): one is Saying => one !== undefined,
    )
  }

  test('comes from a grown resident, a shop of that grid, or whoever is on duty there', () => {
    const found = many(1)
    expect(found.length).toBeGreaterThan(190)
    for (const { way, who, placeId, caller } of found) {
      expect(world.places.get(placeId)).toBeDefined()
      if (way === 'resident') expect(world.resident(who.residentId!)?.phone).toBeDefined()
      if (way === 'caller') expect(caller!.phone).toMatch(/^1\d{10}$/)
      if (way === 'shop' || way === 'worker') expect(world.places.within(placeId, world.staff(who.staffId!)!.placeId)).toBe(true)
      if (way === 'worker') expect(world.isOnDuty(who.staffId!, DAYTIME)).toBe(true)
    }
    expect(new Set(found.map(({ way }) => way)).size).toBe(5)
    expect(found.some(({ picture }) => picture)).toBe(true)
  })

  test('a neighbour is of another household and sees the same place, or the next staircase', () => {
    const twice = many(2).filter(({ neighbour }) => neighbour)
    expect(twice.length).toBeGreaterThan(10)
    for (const { matter, who, placeId, neighbour } of twice) {
      if (who.residentId) expect(world.resident(neighbour!.residentId)!.placeId).not.toBe(world.resident(who.residentId)!.placeId)
      const reach = matter.alsoNextDoor ? 'building' : 'unit'
      const same = world.places.nearest(placeId, reach)?.id ?? placeId
      expect(world.places.within(neighbour!.placeId, same)).toBe(true)
    }
  })

  test('keeps to its hours, and says nothing of a place where something is open', () => {
    expect(many(3, at('03:00')).map(({ matter }) => matter.kind)).not.toContain('street-stall')
    const random = seededRandom(4)
    const taken = new Set(['caihong-park'])
    const gear = Array.from({ length: 20 }, () =>
      chooseSaying(MATTERS, { world, random, now: DAYTIME, recent: nobody, taken }, 'fitness-gear'),
    )
    expect(gear.every((one) => one === undefined)).toBe(true)
  })

  test('is the same with the same seed', () => expect(many(9)).toEqual(many(9)))
})

describe('when it is reported', () => {
  const times = (from: number, hours: number) => {
    const rhythm = createRhythm(seededRandom(3), { first: 35_000, gap: 12_000 }, 480, 0)
    const found: number[] = []
    for (let ms = 0; ms < hours * 60 * MINUTE; ms += 2000) if (rhythm.due(from + ms, ms) !== undefined) found.push(ms)
    return found
  }
  test('three come within four minutes, the first before one is over; then one every four to eight minutes by day', () => {
    const found = times(at('09:00'), 4)
    expect(found[0]).toBeLessThan(MINUTE)
    expect(found[2]).toBeLessThan(4 * MINUTE)
    const gaps = found.slice(3).map((ms, n) => ms - found[n + 2]!)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4 * MINUTE)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(8 * MINUTE + 2000)
  })
  test('seldom by night', () => expect(times(at('00:30'), 5).length).toBeLessThanOrEqual(3 + 15))
  test('however fast the clock runs, real time lies between two', () => {
    const rhythm = createRhythm(seededRandom(3), { first: 0, gap: 12_000 }, 480, 0)
    let count = 0
    for (let real = 0; real < 60_000; real += 1000) if (rhythm.due(at('09:00') + real * 120, real) !== undefined) count++
    expect(count).toBeLessThanOrEqual(5)
  })
})

const SCRIPT: Script = {
  ...{ accept: 30_000, arrive: 60_000, handle: 100_000, verify: 50_000 },
  ...{ pauses: false, helps: false, photo: false, misses: false, refuses: false },
}
const order = (more: Partial<Order> = {}): Order => ({
  ...{ id: 'order-1', incidentId: 'incident-1', kind: 'report.noise', priority: 4, status: 'actual', state: 'dispatched' },
  ...{ placeId: 'caihong-b01', assignee: 's001', dispatchedAt: 0, since: 0, dueAt: 5 * MINUTE, next: 'accept', overdue: false },
  ...{ steps: [{ at: 0, act: 'dispatched', by: 's001' }], version: 1 },
  ...more,
})

describe('how an order is gone about', () => {
  const scripts = (priority: Order['priority']) =>
    Array.from({ length: 400 }, (_, n) => ({ dueAt: 5 * MINUTE, ...scriptOf(order({ id: `order-${n}`, priority }), 7) }))
  test('[D1] of the urgent ones some are late so that the ladder is seen, of the most urgent none is', () => {
    const late = (priority: Order['priority']) => scripts(priority).filter(({ accept, dueAt }) => accept > dueAt).length
    expect(late(1)).toBe(0)
    expect(late(2)).toBeGreaterThan(40)
    expect(late(2)).toBeLessThan(130)
  })
  test('what comes back is neither refused nor late again, and the same order goes the same way', () => {
    const again = Array.from({ length: 200 }, (_, n) => scriptOf(order({ id: `order-${n}`, priority: 2, replaces: 'order-0' }), 7))
    expect(again.some(({ refuses }) => refuses)).toBe(false)
    expect(Math.max(...again.map(({ accept }) => accept))).toBeLessThan(5 * MINUTE)
    expect(scripts(2)).toEqual(scripts(2))
  })
  test('from a call to a rating it takes ten minutes or so', () => {
    const lengths = scripts(3).map(({ accept, arrive, handle, verify }) => accept + arrive + handle + verify)
    expect(lengths.toSorted((a, b) => a - b)[200]!).toBeLessThan(9 * MINUTE)
  })
})

describe('what is done next', () => {
  const about = (script: Partial<Script> = {}, more: { matter?: Matter; byGuest?: boolean; mediated?: boolean } = {}) => ({
    script: { ...SCRIPT, ...script },
    matter: MATTERS.find(({ kind }) => kind === 'noise'),
    ...more,
  })
  test('out of a pool it is claimed, when it is time; one that is held waits', () => {
    expect(nextAct(order({ pool: 'party' }), about(), 29_000)).toBeUndefined()
    expect(nextAct(order({ pool: 'party' }), about(), 31_000)?.name).toBe('claim')
    expect(nextAct(order(), about(), 31_000)?.name).toBe('accept')
    expect(nextAct(order({ heldBy: 'order-0' }), about(), 3_600_000)).toBeUndefined()
  })
  test('what a guest has begun is left to the guest for four minutes', () => {
    const begun = order({ state: 'accepted', since: 0 })
    expect(nextAct(begun, about({}, { byGuest: true }), 3.9 * MINUTE)).toBeUndefined()
    expect(nextAct(begun, about({}, { byGuest: true }), 4.1 * MINUTE)?.name).toBe('arrive')
  })
  test('on the spot it is looked at, ticked off one by one, and finished with the whole list done', () => {
    const list = ['a', 'b', 'c'].map((text) => ({ text, done: false }))
    let here = order({ state: 'arrived', arrivedAt: 0, checklist: list })
    const done: string[] = []
    for (let now = 0; now <= 130_000 && done.at(-1) !== 'handle'; now += 2000) {
      const act = nextAct(here, about({ photo: true }), now)
      if (!act) continue
      done.push(act.name)
      here = after(here, act, now)
      if (act.name === 'handle') expect(act).toMatchObject({ body: { checklist: [true, true, true] }, picture: 'done' })
    }
    expect(done).toEqual(['note', 'check', 'check', 'check', 'handle'])
  })
  const after = (one: Order, { name, body }: Act, now: number): Order => ({
    ...one,
    steps: [...one.steps, { at: now, act: name === 'note' ? 'noted' : name, by: 's001' }],
    ...(one.checklist && { checklist: one.checklist.map((item, n) => (n === body.index ? { ...item, done: true } : item)) }),
  })
  test('a dispute is written into the ledger before it is finished', () => {
    const matter = MATTERS.find(({ parties }) => parties)!
    const here = order({ state: 'arrived', arrivedAt: 0 })
    expect(nextAct(here, about({}, { matter }), 200_000)).toMatchObject({ name: 'mediate', body: { outcome: 'settled' } })
    expect(nextAct(here, about({}, { matter, mediated: true }), 200_000)?.name).toBe('handle')
  })
  test('a call that reached nobody is made again; work that was not good enough is refused with what is wanting', () => {
    const handled = order({ state: 'handled', since: 0 })
    expect(nextAct(handled, about({ misses: true }), 60_000)?.body).toMatchObject({ how: 'phone', outcome: 'no-answer' })
    const rung = { ...handled, steps: [...handled.steps, { at: 60_000, act: 'rung', by: 's002' }] }
    expect(nextAct(rung, about({ misses: true }), 90_000)).toBeUndefined()
    expect(nextAct(rung, about({ misses: true }), 121_000)?.body).toMatchObject({ outcome: 'confirmed' })
    expect(nextAct(handled, about({ refuses: true }), 60_000)?.body).toMatchObject({
      outcome: 'refused',
      note: expect.stringContaining('劝导'),
    })
  })
  test('without a picture nobody verifies by picture', () => {
    const handled = order({ state: 'handled', since: 0 })
    expect(nextAct(handled, about(), 60_000)?.body.how).toBe('phone')
    expect(nextAct({ ...handled, priority: 2 }, about(), 60_000)?.body.how).toBe('on-spot')
    expect(nextAct({ ...handled, photos: ['photo-1'] }, about(), 60_000)?.body.how).toBe('photo')
  })
})

describe('whom the officer sends', () => {
  const suggestion = (more: Partial<Suggestion>): Suggestion => ({ name: '', score: 50, why: [], ...more })
  const items = [
    suggestion({ teamId: 'police', form: 'outside' }),
    suggestion({ pool: 'volunteers', form: 'pool' }),
    suggestion({ teamId: 'property-repair', form: 'team' }),
  ]
  const matter = (pool?: Matter['pool']) => ({ ...MATTERS[0]!, ...(pool && { pool }) })
  test('the pool that such a matter is asked of, where somebody of it may claim it', () => {
    expect(targetFor(world, { placeId: 'caihong-b01' }, items, matter('party'))).toEqual({ pool: 'party' })
    expect(targetFor(world, { placeId: 'caihong-gate-east' }, items, matter('party'))).toEqual({ teamId: 'property-repair' })
    for (const grid of ['caihong-g1', 'caihong-g2', 'caihong-g3', 'caihong-g4', 'caihong-g5'])
      expect(claimers(world, 'party', grid).length).toBeGreaterThan(0)
  })
  test('else the best suggestion that goes there; nobody when there is none', () => {
    expect(targetFor(world, { placeId: 'caihong-b01' }, items, undefined)).toEqual({ pool: 'volunteers' })
    expect(targetFor(world, { placeId: 'caihong-b01' }, [], undefined)).toBeUndefined()
  })
})

describe('the loudspeakers', () => {
  const play = (id: string, text = '请注意防火防盗', repeat = 2) => JSON.stringify({ id, text, repeat })
  const topic = (address: string, act: string) => `${PREFIX}/${address}/${act}`
  const states = (said: { payload: string }[]) => said.map(({ payload }) => (JSON.parse(payload) as { state: string }).state)
  test('say that they play, and that they have played when the words are over', () => {
    const speakers = createSpeakers(new Set(['speaker-1']))
    expect(states(speakers.hear(topic('speaker-1', 'play'), play('broadcast-1'), 0))).toEqual(['playing'])
    // 7 characters are 2 s, with 2 s of breath, twice
    expect(states(speakers.step(7_900))).toEqual([])
    expect(speakers.step(8_000)).toEqual([
      { topic: 'linwang/speakers/speaker-1/state', payload: JSON.stringify({ id: 'broadcast-1', state: 'played' }) },
    ])
    expect(speakers.step(20_000)).toEqual([])
  })
  test('fall silent when they are stopped, and not by the stop of other words', () => {
    const speakers = createSpeakers(new Set(['speaker-1']))
    speakers.hear(topic('speaker-1', 'play'), play('broadcast-1'), 0)
    speakers.hear(topic('speaker-1', 'stop'), JSON.stringify({ id: 'broadcast-9' }), 1000)
    expect(states(speakers.step(60_000))).toEqual(['played'])
    speakers.hear(topic('speaker-1', 'play'), play('broadcast-2'), 70_000)
    speakers.hear(topic('speaker-1', 'stop'), JSON.stringify({ id: 'broadcast-2' }), 71_000)
    expect(speakers.step(99_000)).toEqual([])
  })
  test('leave alone what is not for them or not to be read', () => {
    const speakers = createSpeakers(new Set(['speaker-1']))
    expect(speakers.hear(topic('speaker-9', 'play'), play('broadcast-1'), 0)).toEqual([])
    expect(speakers.hear(topic('speaker-1', 'play'), '{', 0)).toEqual([])
    expect(speakers.hear(topic('speaker-1', 'state'), play('broadcast-1'), 0)).toEqual([])
  })
})

test('pictures are drawings without words, each of its own', async () => {
  const random = seededRandom(1)
  for (const motif of MOTIFS) {
    const [one, other] = [draw(motif, random), draw(motif, random)]
    expect(one).not.toBe(other)
    expect(one).not.toContain('<text')
    const { width, height } = await sharp(Buffer.from(one)).metadata()
    expect([width, height]).toEqual([800, 600])
  }
})

test('the board has two notices, two policies, a service, two activities with places and a call for volunteers', () => {
  const kinds = NOTICES.map(({ kind }) => kind)
  expect(kinds).toEqual(['notice', 'notice', 'policy', 'policy', 'service', 'activity', 'activity', 'volunteer'])
  for (const { kind, places, begins } of NOTICES)
    if (kind === 'activity' || kind === 'volunteer') expect([places, begins]).not.toContain(undefined)
})
