import { afterEach, expect, test } from 'vitest'
import { type EffectScope, effectScope, ref } from 'vue'
import type { LiveOptions } from '../../server/push/options.ts'
import { emptyState } from '../../shared/patch.ts'
import { project } from '../../shared/project.ts'
import { seededRandom } from '../../shared/random.ts'
import { type LiveWall, useLive } from '../../web/live/useLive.ts'
import { openNetwork, pause, scriptLive, serveLive, until } from '../support/live.ts'
import { busyCommunity, someAlert, testCenter } from '../support/push.ts'
import { testWorld } from '../support/world.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const world = testWorld()
const json = (value: unknown) => JSON.parse(JSON.stringify(value))

async function start<C extends ReturnType<typeof testCenter>>(center: C, more: Partial<LiveOptions> = {}) {
  const served = await serveLive(center, world, more)
  const network = await openNetwork(served.url)
  const scope: EffectScope = effectScope()
  closing.push(served.close, network.close, () => scope.stop())
  const wall = (options: Parameters<typeof useLive>[0] = {}): LiveWall =>
    scope.run(() => useLive({ url: network.url, token: 'wall', ...options }))!
  const isEqual = (live: LiveWall) => live.state.value?.revision === center.engine.state().revision
  const seenBy = (role: 'wall', place = 'xinan') => json(project(center.engine.state(), { role, scope: place }, world))
  return { ...served, network, center, wall, isEqual, seenBy, scope }
}

test('[P4] off until the first word, live while beats come, stale within three seconds of silence', async () => {
  const { center, wall, network } = await start(testCenter(world))
  center.commit(true)
  const live = wall()
  expect(live.link.value).toBe('off')
  await until(() => live.link.value === 'live')
  await pause(1_500)
  network.become('silent')
  const silent = performance.now()
  await until(() => live.link.value === 'stale')
  expect(performance.now() - silent).toBeLessThan(3_050)
  expect(live.state.value?.revision).toBe(1)
  expect(live.lastHeard.value).toBe(center.work.now)
})

test('[P2] a silent socket is given up after three seconds and the wall is back within a second of the network', async () => {
  const { center, wall, network, isEqual, seenBy, live: server } = await start(testCenter(world))
  center.commit(true)
  const live = wall()
  await until(() => live.link.value === 'live')
  network.become('silent')
  await pause(4_200)
  center.put('alerts', someAlert('alert-1'))
  center.commit()
  network.become('open')
  const back = performance.now()
  await until(() => isEqual(live) && live.link.value === 'live')
  expect(performance.now() - back).toBeLessThan(1_100)
  expect(live.state.value).toEqual(seenBy('wall'))
  expect(server.stats()).toMatchObject({ snapshots: 1, resumes: 1 })
})

test('[P2] it tries again within half a second, for ever, and leaves no sockets behind', async () => {
  const { center, wall, network, isEqual } = await start(testCenter(world))
  const live = wall()
  await until(() => live.link.value === 'live')
  for (let i = 0; i < 4; i++) {
    network.become('cut')
    await pause(700)
    center.commit(true)
    network.become('open')
    const back = performance.now()
    await until(() => isEqual(live))
    expect(performance.now() - back).toBeLessThan(600)
  }
  expect(live.link.value).toBe('live')
  expect(network.connections()).toBe(1)
})

test('[P2] a break of a few hundred milliseconds is not even seen', async () => {
  const { center, wall, network } = await start(testCenter(world))
  center.commit(true)
  const live = wall()
  await until(() => live.link.value === 'live')
  network.become('cut')
  network.become('open')
  const seen = new Set<string>()
  for (let i = 0; i < 100; i++) {
    seen.add(live.link.value)
    await pause(5)
  }
  expect([...seen]).toEqual(['live'])
})

test('[P2] another scope is asked for on the same connection and starts from nothing', async () => {
  const { center, wall, seenBy, network } = await start(testCenter(world))
  center.put('alerts', someAlert('alert-1'))
  center.commit(true)
  const place = ref('caihong-g1')
  const live = wall({ scope: place })
  await until(() => live.state.value?.alerts.length === 1)
  place.value = 'caihong-g2'
  expect(live.state.value).toBeUndefined()
  await until(() => live.state.value)
  expect(live.state.value).toEqual(seenBy('wall', 'caihong-g2'))
  expect(network.connections()).toBe(1)
})

test('[A1] the clock of the server runs on between beats at its rate, and stands when it is stepped by hand', async () => {
  const center = testCenter(world)
  let [clock, real] = [{ now: 1_000_000, rate: 60, mode: 'real' }, 5_000]
  const { wall } = await start({ ...center, engine: { ...center.engine, clock: () => clock } })
  const live = wall({ now: () => real })
  await until(() => live.lastBeat.value)
  real += 500
  expect(live.serverNow()).toBe(1_000_000 + 30_000)
  clock = { ...clock, mode: 'manual' }
  const before = live.lastBeat.value
  await until(() => live.lastBeat.value !== before)
  real += 500
  expect(live.serverNow()).toBe(1_000_000)
})

test('[S3] a screen that is not let in is told why, and goes on asking', async () => {
  const { wall } = await start(testCenter(world))
  const live = wall({ token: undefined })
  await until(() => live.problem.value)
  expect([live.problem.value?.status, live.link.value]).toEqual([401, 'off'])
})

test('[P2] leaving the scope closes the socket', async () => {
  const { wall, network, scope, live: server } = await start(testCenter(world))
  const live = wall()
  await until(() => live.link.value === 'live')
  scope.stop()
  await until(() => network.connections() === 0 && server.stats().watchers === 0)
  await pause(700)
  expect(network.connections()).toBe(0)
})

test('[P2] a patch that does not follow, or a beat that is ahead, makes it ask again with what it knows', async () => {
  const server = await scriptLive()
  const scope = effectScope()
  closing.push(server.close, () => scope.stop())
  const live = scope.run(() => useLive({ url: server.url, scope: 'xinan' }))!
  await until(() => server.asked.length === 1)
  server.say.emit('snapshot', { revision: 5, at: 0, basis: 'b', state: { ...emptyState(), revision: 5 } })
  server.say.emit('patch', { from: 7, to: 8, at: 0, ops: [] })
  await until(() => server.asked.length === 2, 500)
  expect(live.revision.value).toBe(5)
  server.say.emit('patch', { from: 5, to: 8, at: 0, ops: [] })
  server.say.emit('beat', { revision: 8, at: 0, sent: 0 })
  server.say.emit('beat', { revision: 9, at: 0, sent: 0 })
  await until(() => server.asked.length === 3, 500)
  expect(server.asked).toEqual([
    { scope: 'xinan' },
    { scope: 'xinan', revision: 5, basis: 'b' },
    { scope: 'xinan', revision: 8, basis: 'b' },
  ])
})

/** A seed that once failed stays here. */
test.each([1, 2, 3, Date.now() % 100_000])('[P1] whatever the network does, the wall ends equal to the server: seed %i', async (seed) => {
  const { center, wall, network, isEqual, seenBy } = await start(busyCommunity(world, seed))
  const random = seededRandom(seed)
  const live = wall()
  for (let i = 0; i < 300; i++) {
    for (let n = random.int(0, 3); n > 0; n--) center.step()
    if (random.chance(0.03)) network.become('cut')
    if (random.chance(0.06)) network.become('open')
    await pause(random.int(0, 12))
  }
  network.become('open')
  await until(() => isEqual(live))
  expect(live.state.value).toEqual(seenBy('wall'))
})
