import { afterEach, expect, test } from 'vitest'
import type { LiveOptions } from '../../server/push/options.ts'
import type { Op } from '../../shared/patch.ts'
import { project } from '../../shared/project.ts'
import type { World } from '../../shared/world.ts'
import { openScreen, pause, type Screen, serveLive, until } from '../support/live.ts'
import { busyCommunity, someAlert, type TestCenter, testCenter } from '../support/push.ts'
import { testWorld } from '../support/world.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const tiny = testWorld({
  residents: [
    {
      ...{ id: 'r1', placeId: 'caihong-b01-u1-101', name: '郑伯安', sex: 'm', birthDate: '1944-03-03', phone: '13812345678' },
      ...{ relation: 'head', categories: ['living-alone'] },
    },
  ],
})

async function start(center: TestCenter = testCenter(tiny), more: Partial<LiveOptions> = {}, world: World | (() => World) = tiny) {
  const served = await serveLive(center, world, more)
  closing.push(served.close)
  const open = (token: string | undefined, watch?: Parameters<typeof openScreen>[2]): Screen => {
    const screen = openScreen(served.url, token, watch)
    closing.push(screen.close)
    return screen
  }
  return { ...served, center, open }
}
const press = (center: TestCenter, id: string, more = {}) => {
  center.put('alerts', someAlert(id, { residentId: 'r1', ...more }))
  center.commit()
}
/** As it comes over the wire. */
const json = (value: unknown) => JSON.parse(JSON.stringify(value))

test('[P2] a screen gets the state as its role and place may see it, and a beat', async () => {
  const { center, open } = await start()
  press(center, 'alert-1')
  const screen = open('wall')
  await until(() => screen.beats.length > 0)
  expect(screen.snapshots).toMatchObject([{ revision: 1, at: center.work.now }])
  expect(screen.state()).toEqual(json(project(center.engine.state(), { role: 'wall', scope: 'xinan' }, tiny)))
  expect(screen.beats[0]).toMatchObject({ revision: 1, at: center.work.now, rate: 0 })
})

test('[P3] the first change leaves at once', async () => {
  const { center, open } = await start()
  center.commit(true)
  const screen = open('wall')
  await until(() => screen.snapshots.length > 0)
  await pause(60)
  const waits: number[] = []
  for (let i = 0; i < 20; i++) {
    const seen = screen.patches.length
    const pressed = performance.now()
    press(center, `alert-${i}`)
    await until(() => screen.patches.length > seen)
    waits.push(screen.patches[seen]!.heard - pressed)
    await pause(60)
  }
  expect(waits.sort((a, b) => a - b)[10]).toBeLessThan(15)
})

test('[P3] a thousand changes a second are at most twenty patches a second, and the fold is the server’s state', async () => {
  const { center, open } = await start(busyCommunity(tiny, 21))
  const { step } = center as ReturnType<typeof busyCommunity>
  const screen = open('officer')
  await until(() => screen.snapshots.length > 0)
  const end = performance.now() + 2_500
  while (performance.now() < end) {
    for (let i = 0; i < 5; i++) step()
    await pause(4)
  }
  await until(() => screen.state().revision === center.engine.state().revision)
  const times = screen.patches.map(({ heard }) => heard)
  // what one moment's delay brings close together stays within two
  for (const from of times) expect(times.filter((time) => time >= from && time < from + 1_000).length).toBeLessThanOrEqual(22)
  expect(times.length).toBeGreaterThan(30)
  expect(screen.state()).toEqual(json(project(center.engine.state(), { role: 'officer', scope: 'xinan' }, tiny)))
})

test('[P4] a beat comes every second with the revision and the time, also when nothing happens', async () => {
  const { center, open } = await start()
  const screen = open('wall')
  await until(() => screen.beats.length > 0)
  center.commit()
  center.work.now += 5_000
  await until(() => screen.beats.length > 3, 5_000)
  const [, second, third, fourth] = screen.beats
  expect(fourth!.heard - third!.heard).toBeGreaterThan(800)
  expect(fourth!.heard - second!.heard).toBeLessThan(2_600)
  expect(fourth).toMatchObject({ revision: 1, at: center.work.now })
  expect(screen.state().revision).toBe(1)
})

test('[P5] two roles are shown different things of the same commit', async () => {
  const { center, open, live } = await start()
  center.commit(true)
  const [wall, officer, visitor] = [open('wall'), open('officer'), open('visitor')]
  await until(() => [wall, officer, visitor].every(({ snapshots }) => snapshots.length > 0))
  press(center, 'alert-1')
  await until(() => [wall, officer, visitor].every(({ patches }) => patches.length > 0))
  expect(wall.state().alerts[0]?.person).toEqual({ name: '郑*安', age: 81, sex: 'm', categories: ['living-alone'] })
  expect(officer.state().alerts[0]?.person).toMatchObject({ name: '郑*安', phone: '138****5678' })
  expect(visitor.state().alerts[0]).not.toHaveProperty('person')
  expect(JSON.stringify([wall.patches, officer.patches, visitor.patches])).not.toContain('郑伯安')
  expect(live.stats()).toMatchObject({ watchers: 3, channels: 3 })
})

test('[S3] a place is watched within the own one', async () => {
  const { center, open } = await start()
  press(center, 'alert-1')
  const grid = open('field@caihong-g2')
  const building = open('officer', { scope: 'caihong-b01' })
  await until(() => grid.snapshots.length > 0 && building.snapshots.length > 0)
  expect([grid.state().alerts.length, building.state().alerts.length]).toEqual([0, 1])
})

test('[S3] watching another place is refused with a problem, and the connection ends', async () => {
  const { open } = await start()
  const screen = open('field@caihong-g2', { scope: 'caihong-g1' })
  await until(() => screen.problems.length > 0 && !screen.socket.connected)
  expect(screen.problems[0]).toMatchObject({ status: 403, errors: [{ field: 'scope' }] })
  expect(screen.snapshots).toEqual([])
})

test('[S3] nobody watches without a session', async () => {
  const { open, live } = await start()
  const screen = open(undefined)
  let refused: { data?: { status?: number } } = {}
  screen.socket.on('connect_error', (error) => {
    refused = error as typeof refused
  })
  await until(() => refused.data)
  expect(refused.data).toMatchObject({ status: 401 })
  expect(live.stats().watchers).toBe(0)
})

test('[S1] a session that ends takes its screens along', async () => {
  const { open, live } = await start()
  const [kept, ended] = [open('wall'), open('officer')]
  await until(() => kept.snapshots.length > 0 && ended.snapshots.length > 0)
  live.drop(({ role }) => role === 'officer')
  await until(() => !ended.socket.connected)
  expect(ended.problems[0]).toMatchObject({ status: 401 })
  expect(kept.socket.connected).toBe(true)
})

test('[S1] a session is looked at again while its screen watches', async () => {
  let now = 0
  let role = 'officer'
  const authenticate: LiveOptions['authenticate'] = ({ auth }) =>
    ({ id: 'u1', name: 'u1', role: auth.token === 'kept' ? 'wall' : role, scope: 'xinan' }) as never
  const { open } = await start(testCenter(tiny), { authenticate, monotonic: () => now })
  const [kept, changed] = [open('kept'), open('officer')]
  await until(() => kept.snapshots.length > 0 && changed.snapshots.length > 0)
  role = 'visitor'
  now += 31_000
  await until(() => !changed.socket.connected)
  expect([changed.problems[0]?.status, kept.socket.connected]).toEqual([401, true])
})

/** Connects, is away while `missed` happens, and comes back with what it knew. */
async function comeBack(missed: (center: TestCenter) => void, more: Partial<LiveOptions> = {}) {
  const started = await start(testCenter(tiny), more)
  const { center, open } = started
  press(center, 'alert-1')
  const stays = open('wall')
  const leaves = open('wall')
  await until(() => stays.snapshots.length > 0 && leaves.snapshots.length > 0)
  const { basis, state } = leaves.snapshots[0]!
  leaves.close()
  missed(center)
  await until(() => stays.state().revision === center.engine.state().revision)
  const back = open('wall', { revision: state.revision, basis })
  await until(() => back.beats.length > 0)
  return { ...started, back, stays, revision: state.revision }
}

test('[P2] after a short break a screen gets what it missed, and no snapshot', async () => {
  const { back, revision, center } = await comeBack((center) => {
    press(center, 'alert-2', { raisedAt: 5 })
    press(center, 'alert-1', { state: 'normal' })
  })
  expect(back.snapshots).toEqual([])
  expect(back.patches).toMatchObject([{ from: revision, to: center.engine.state().revision }])
  const ops = back.patches[0]!.ops
  expect(ops).toContainEqual({ op: 'drop', list: 'alerts', id: 'alert-1' })
  expect(ops.find((op) => op.op === 'put' && op.list === 'alerts')).toMatchObject({ item: { id: 'alert-2', person: { name: '郑*安' } } })
})

test('[P2] nothing missed, nothing sent but the beat', async () => {
  const { back } = await comeBack(() => {})
  expect([back.snapshots.length, back.patches.length]).toEqual([0, 0])
})

test('[P2] after an hour the journal helps when it reaches back, else there is a snapshot', async () => {
  let now = 0
  const hour = (center: TestCenter) => {
    for (let minute = 0; minute < 60; minute++) {
      now += 60_000
      press(center, `alert-x${minute}`)
    }
  }
  const monotonic = () => now
  const plain = await comeBack(hour, { monotonic })
  expect(plain.back.snapshots.length).toBe(1)
  const ops: Op[] = [{ op: 'put', list: 'alerts', item: { id: 'alert-x7' } }]
  const kept = await comeBack(hour, { monotonic, patchesSince: (revision) => [{ from: revision, to: 61, at: 0, ops }] })
  expect(kept.back.snapshots).toEqual([])
  expect(kept.back.patches[0]!.ops).toContainEqual(
    expect.objectContaining({ op: 'put', item: expect.objectContaining({ id: 'alert-x7', place: '1栋 1单元 101' }) }),
  )
})

test('[P2] a revision of another server, role or place gets a snapshot', async () => {
  const { center, open } = await start()
  press(center, 'alert-1')
  const [other, ahead] = [open('wall', { revision: 1, basis: 'of another' }), open('wall', { revision: 900 })]
  await until(() => other.beats.length > 0 && ahead.beats.length > 0)
  expect([other.snapshots.length, ahead.snapshots.length]).toEqual([1, 1])
})

test('[P2] an import of the registers starts every screen over', async () => {
  let world = tiny
  const { center, open } = await start(testCenter(tiny), {}, () => world)
  press(center, 'alert-1')
  const screen = open('officer')
  await until(() => screen.snapshots.length > 0)
  world = testWorld({ residents: [{ ...tiny.resident('r1')!, name: '王桂香' }] })
  center.commit(false, world)
  await until(() => screen.snapshots.length > 1)
  expect(screen.snapshots[1]?.basis).not.toBe(screen.snapshots[0]?.basis)
  expect(screen.state().alerts[0]?.person?.name).toBe('王*香')
})
