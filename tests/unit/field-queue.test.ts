import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MyOrder } from '../../shared/my-orders.ts'
import type { Order } from '../../shared/order.ts'
import { domainTime } from '../../web/field/queue/clock.ts'
import { again, bodyOf, canRepeat, chained, type Errand, nextOf, pathOf, verdictOf, type What } from '../../web/field/queue/errand.ts'
import { foreseen } from '../../web/field/queue/foreseen.ts'

const AT = Date.parse('2026-11-23T10:00:00Z')
const ORDER: MyOrder = {
  ...{ id: 'order-1', incidentId: 'incident-1', kind: 'report.leak', priority: 2, status: 'actual', state: 'accepted', placeId: 'b1' },
  ...{ assignee: 's230', dispatchedAt: AT, since: AT, dueAt: AT + 600_000, next: 'arrive', overdue: false, version: 3 },
  ...{ steps: [], place: '1栋', said: [], contacts: [], possible: [], checklist: [{ text: '关阀', done: false }] },
}
const errand = (seq: number, what: What, more: Partial<Errand> = {}): Errand => ({
  ...{
    id: `key-${seq}`,
    seq,
    person: 's230',
    lane: 'order-1',
    what,
    title: '',
    body: {},
    doneAt: AT + seq * 60_000,
    shots: [],
    state: 'waiting',
  },
  ...{ seen: { state: 'accepted', assignee: 's230' } },
  ...more,
})
const current = (more: Partial<Order> = {}): Order => ({ ...(ORDER as Order), version: 9, ...more })

test('[D2] the oldest goes first, and a lane that waits for a decision holds up no other', () => {
  const waiting = [
    errand(3, 'handle'),
    errand(1, 'arrive', { state: 'refused' }),
    errand(4, 'arrive', { lane: 'order-2' }),
    errand(5, 'note', { lane: 'order-2' }),
  ]
  expect(nextOf(waiting, 's230')?.seq).toBe(4)
  expect(nextOf([errand(2, 'arrive'), errand(1, 'note')], 's230')?.seq).toBe(1)
  expect(nextOf([errand(1, 'arrive', { state: 'refused' }), errand(2, 'handle')], 's230')).toBeUndefined()
})

test('[S3] what somebody else did on this phone waits for them', () => {
  expect(nextOf([errand(1, 'arrive')], 's231')).toBeUndefined()
})

test('[D2] in whatever order lanes are refused, each lane is sent oldest first and nothing behind a refusal', () => {
  const acts = fc.array(fc.record({ lane: fc.constantFrom('a', 'b', 'c'), refused: fc.boolean() }), { maxLength: 30 })
  fc.assert(
    fc.property(acts, (given) => {
      let left = given.map(({ lane }, n) => errand(n + 1, 'note', { lane }))
      const sent: Errand[] = []
      for (let next = nextOf(left, 's230'); next; next = nextOf(left, 's230')) {
        const { seq } = next
        if (given[seq - 1]!.refused) left = left.map((one) => (one.seq === seq ? { ...one, state: 'refused' } : one))
        else {
          sent.push(next)
          left = left.filter((one) => one.seq !== seq)
        }
      }
      for (const lane of ['a', 'b', 'c']) {
        const firstRefused = given.findIndex((one) => one.lane === lane && one.refused)
        const wanted = given.flatMap((one, n) => (one.lane === lane && (firstRefused < 0 || n < firstRefused) ? [n + 1] : []))
        expect(sent.filter((one) => one.lane === lane).map(({ seq }) => seq)).toEqual(wanted)
      }
      expect(sent.length + left.length).toBe(given.length)
    }),
  )
})

test('[D2] what overwrites nothing goes without a version, all else with the one it was done upon', () => {
  expect(bodyOf(errand(1, 'arrive', { version: 3, body: { lon: 1, lat: 2 } }))).toEqual({ lon: 1, lat: 2, doneAt: AT + 60_000, version: 3 })
  expect(bodyOf(errand(1, 'note', { version: 3, body: { text: 'x' }, shots: [{ key: 'k', blob: new Blob(), id: 'photo-1' }] }))).toEqual({
    ...{ text: 'x', doneAt: AT + 60_000, photos: ['photo-1'] },
  })
  expect(pathOf(errand(1, 'check'))).toBe('/api/orders/order-1/check')
  const report = errand(1, 'report', { lane: 'key-1', body: { kind: 'leak', text: 'x' } })
  expect([pathOf(report), bodyOf(report)]).toEqual(['/api/reports', { kind: 'leak', text: 'x', at: AT + 60_000 }])
})

test('[D2] the version of an answer is what the next of the lane is done upon', () => {
  const all = [errand(1, 'arrive'), errand(2, 'check', { lane: 'order-2' }), errand(3, 'handle')]
  expect(chained(all, all[0]!, 4)).toMatchObject({ seq: 3, version: 4 })
  expect(chained(all, all[2]!, 5)).toBeUndefined()
})

test.each([0, 200, 302, 408, 425, 429, 500, 502, 503, 504])('[§5] %i is no answer of the order’s: later', (status) => {
  expect(verdictOf(errand(1, 'arrive'), { status })).toEqual({ is: 'later' })
})
test('[S3] a session that is over asks for its owner and loses nothing', () => {
  expect(verdictOf(errand(1, 'arrive'), { status: 401 })).toEqual({ is: 'sign-in' })
})
test.each([400, 403, 404, 409, 410, 413, 415, 422])('[D2] %i is for the person to decide', (status) => {
  const errors = [{ field: 'doneAt', detail: 'd', fix: 'f' }]
  expect(verdictOf(errand(1, 'arrive'), { status, detail: 'no', errors })).toEqual({
    is: 'refused',
    refusal: { status, detail: 'no', errors },
  })
})

test('[D2] a note of somebody else meanwhile is no conflict; another state, another owner or the same version is', () => {
  const arrive = errand(1, 'arrive', { version: 3 })
  expect(verdictOf(arrive, { status: 409, current: current() })).toEqual({ is: 'again', version: 9 })
  for (const now of [current({ state: 'arrived' }), current({ assignee: 's231' }), current({ version: 3 }), current({ id: 'order-2' })])
    expect(verdictOf(arrive, { status: 409, current: now }).is).toBe('refused')
})

test('[D2] doing it again is another command: a new key upon what the server says, without what it would not have', () => {
  const refusal = { status: 409, detail: '', errors: [], current: current({ state: 'arrived' }) }
  const shots = [
    { key: 'a', blob: new Blob(), bad: true },
    { key: 'b', blob: new Blob() },
  ]
  const anew = again(errand(1, 'handle', { state: 'refused', refusal, shots, version: 3 }), 'new', 9)
  expect(anew).toMatchObject({ id: 'new', state: 'waiting', version: 9, seen: { state: 'arrived' } })
  expect(anew.shots.map(({ key }) => key)).toEqual(['b'])
  expect(anew.refusal).toBeUndefined()
  const late = { status: 422, detail: '', errors: [{ field: 'doneAt', detail: '', fix: '' }] }
  expect(bodyOf(again(errand(1, 'arrive', { state: 'refused', refusal: late }), 'new', 3))).toEqual({ version: 3 })
})

test('[D2] it can be done again when the table allows it in the state that the server has', () => {
  const refused = (status: number) => errand(1, 'arrive', { state: 'refused', refusal: { status, detail: '', errors: [] } })
  expect(canRepeat(refused(409), current({ state: 'accepted' }))).toBe(true)
  expect(canRepeat(refused(409), current({ state: 'handled' }))).toBe(false)
  expect(canRepeat(refused(403), current())).toBe(false)
})

test('[D1] an order is shown as it will stand, by the server’s own table', () => {
  const done = [
    errand(1, 'arrive'),
    errand(2, 'check', { body: { index: 0, done: true } }),
    errand(3, 'note', { body: { text: '换了垫圈' }, shots: [{ key: 'k', blob: new Blob() }] }),
    errand(4, 'handle', { body: { note: '好了' } }),
  ]
  const shown = foreseen(ORDER, done)
  expect(shown).toMatchObject({
    state: 'handled',
    waiting: 4,
    arrivedAt: AT + 60_000,
    handledAt: AT + 240_000,
    handledBy: 's230',
    dueAt: null,
  })
  expect(shown.checklist).toEqual([{ text: '关阀', done: true, at: AT + 120_000, by: 's230' }])
  expect(shown.notes?.map(({ text, photos }) => [text, photos])).toEqual([
    ['换了垫圈', ['local:k']],
    ['好了', undefined],
  ])
  expect(shown.steps.map(({ act }) => act)).toEqual(['arrived', 'checked', 'noted', 'handled'])
  expect(shown.possible).not.toContain('arrive')
  expect(ORDER.state).toBe('accepted')
})

test('[D2] what was refused, and all after it, has not happened', () => {
  const shown = foreseen(ORDER, [
    errand(1, 'note', { body: { text: 'x' } }),
    errand(2, 'arrive', { state: 'refused' }),
    errand(3, 'handle'),
  ])
  expect(shown).toMatchObject({ state: 'accepted', waiting: 3, refused: { seq: 2 } })
  expect(shown.notes).toHaveLength(1)
})

test('[D1] an act that does not fit leaves the order as it is', () => {
  expect(foreseen(ORDER, [errand(1, 'handle')])).toMatchObject({ state: 'accepted', steps: [] })
})

test('[§5] a phone whose clock is wrong by an hour says the time of the server, at whatever speed that runs', () => {
  const phone = AT - 3_600_000
  expect(domainTime({ now: AT, rate: 1, mode: 'real', heard: phone }, phone + 90_000)).toBe(AT + 90_000)
  expect(domainTime({ now: AT, rate: 60, mode: 'real', heard: phone }, phone + 1_000)).toBe(AT + 60_000)
  expect(domainTime({ now: AT, rate: 1, mode: 'manual', heard: phone }, phone + 1_000)).toBe(AT)
  expect(domainTime(undefined, phone)).toBe(phone)
})
