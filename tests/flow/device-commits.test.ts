import { expect, test } from 'vitest'
import type { Committed } from '../../server/engine/client.ts'
import type { Device } from '../../shared/device.ts'
import { ADMIN, arrivalOf, lookInto, openEngine, registersDir, START } from '../support/engine.ts'
import { cloudEvent } from '../support/events.ts'

const spoken = (id: string) =>
  arrivalOf(
    cloudEvent({
      id,
      source: '/feeds/north',
      subject: 'x9',
      type: 'linwang.camera',
      time: new Date(START).toISOString(),
      data: { event: 'fall' },
    }),
  )
const BODY = { feed: 'north', address: 'x9', kind: 'camera', placeId: 'caihong-b01' }
const bind = { name: 'device.bind', body: BODY, actor: ADMIN }

test('[A3] a bind whose commit fails leaves the old world, and can be sent again', async () => {
  const dir = await registersDir()
  const engine = await openEngine(dir)
  await engine.receive(spoken('a'))
  const foreign = lookInto(dir)
  foreign.exec('BEGIN IMMEDIATE')
  await expect(engine.command(bind, 'k')).rejects.toMatchObject({ problem: { status: 503 } })
  foreign.exec('ROLLBACK')
  expect(await engine.receive(spoken('b'))).toMatchObject({ accepted: 0, quarantined: 1 })
  const before = engine.state().totals.cameras
  expect(await engine.command(bind, 'k')).toMatchObject({ id: 'camera-1' })
  expect(await engine.receive(spoken('c'))).toMatchObject({ accepted: 1, quarantined: 0 })
  expect(engine.state().totals.cameras).toBe(before + 1)
})

test('[A3] a bind, a refused bind and messages of the device in one commit: the device speaks from the next one on', async () => {
  const engine = await openEngine(await registersDir())
  await engine.receive(spoken('a'))
  const told: Committed[] = []
  engine.onCommit((committed) => told.push(committed))
  const [bound, refused, receipt] = await Promise.allSettled([
    engine.command<Device>(bind),
    engine.command({ ...bind, body: { ...BODY, kind: 'gate' } }),
    engine.receive(spoken('b')),
  ])
  expect([bound.status, refused.status, receipt.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(told.filter(({ devices }) => devices)).toHaveLength(1)
  expect(told.some(({ registers }) => registers)).toBe(false)
  const replayed = await engine.command({ name: 'quarantine.replay', body: { feed: 'north', address: 'x9' }, actor: ADMIN })
  const { quarantined } = (receipt as PromiseFulfilledResult<{ quarantined: number }>).value
  expect(replayed).toMatchObject({ accepted: 1 + quarantined, held: 0 })
  expect(engine.state().alerts.filter(({ deviceId }) => deviceId === 'camera-1')).toMatchObject([{ kind: 'camera.fall', count: 2 }])
})

test('[A1] after a restart the world, its totals and its silence are those of the bound device', async () => {
  const dir = await registersDir()
  const first = await openEngine(dir)
  await first.receive(spoken('a'))
  await first.command(bind)
  await first.receive(spoken('b'))
  const { totals } = first.state()
  await first.close()
  const second = await openEngine(dir)
  expect(second.state().totals).toEqual(totals)
  const health = await second.command<{ items: object[] }>({ name: 'feed.devices', target: 'north', body: {}, actor: ADMIN })
  expect(health.items).toMatchObject([{ id: 'camera-1', accepted: 1, state: 'heard' }])
})
