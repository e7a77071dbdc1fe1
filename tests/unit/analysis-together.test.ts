import { expect, test } from 'vitest'
import type { Device } from '../../shared/device.ts'
import { analysisWorld, HOUR, MINUTE, testAnalysis } from '../support/analysis.ts'

const sensors = (flat: string, count: number): Device[] =>
  Array.from({ length: count }, (_, n) => ({
    ...analysisWorld().device('motion-living')!,
    id: `${flat}/${n}`,
    address: `${flat}/${n}`,
    placeId: flat,
  }))
const BEHIND = [...sensors('caihong-b01-u1-101', 3), ...sensors('caihong-b02-u1-101', 3)]
const SAME_BUILDING = sensors('caihong-b01-u1-102', 6)
const REST = sensors('caihong-b03-u1-101', 14)
const ids = (devices: readonly Device[]) => devices.map(({ id }) => id)

function estate(devices: readonly Device[]) {
  const one = testAnalysis({ world: analysisWorld({ devices: [...devices, ...REST] }) })
  const beat = (heard: readonly Device[]) => heard.flatMap(({ id }) => one.send('linwang.heartbeat', id, { online: true }))
  const hours = (count: number, heard: readonly Device[]) =>
    Array.from({ length: count * 6 }, () => [...beat(heard), ...one.pass(10 * MINUTE)]).flat()
  beat([...devices, ...REST])
  return { ...one, beat, hours }
}

test('[A4] sensors of one grid that fall silent together are one matter, with their number', () => {
  const found = estate(BEHIND).hours(3, REST)
  expect(found).toMatchObject([
    {
      act: 'raise',
      kind: 'device-silent',
      priority: 4,
      key: 'device-silent/zigbee2mqtt/caihong-g1',
      placeId: 'caihong-g1',
      evidence: { devices: 6 },
    },
  ])
  expect(found[0]).not.toHaveProperty('deviceId')
})

test('[A4] all in one building: the matter is the building’s', () => {
  expect(estate(SAME_BUILDING).hours(3, REST)).toMatchObject([{ placeId: 'caihong-b01', evidence: { devices: 6 } }])
})

test('[A4] each is silent for itself, is taken out when it is heard, and with the last one it is over', () => {
  const { hours, beat, pass, analysis, now } = estate(BEHIND)
  hours(3, REST)
  expect(analysis.devices(now()).unwell.map(({ id }) => id)).toEqual(ids(BEHIND))
  const [first, ...others] = BEHIND
  const group = (list: readonly { key: string }[]) => list.filter(({ key }) => key === 'device-silent/zigbee2mqtt/caihong-g1')
  beat([first!])
  expect(group(pass(MINUTE))).toMatchObject([{ act: 'note', evidence: { devices: 5 } }])
  beat([first!, ...others])
  expect(group(pass(MINUTE))).toMatchObject([{ act: 'clear' }])
})

test('[A4] one after the other within the hour: the fifth makes it one matter, and later ones join it', () => {
  const { beat, pass, hours } = estate(BEHIND)
  for (let n = 1; n <= BEHIND.length; n++) {
    beat([...BEHIND.slice(n), ...REST])
    pass(8 * MINUTE)
  }
  const found = hours(3, REST)
  expect(found.map(({ act, key }) => [act, key])).toEqual([
    ...ids(BEHIND.slice(0, 4)).map((id) => ['raise', `device-silent/${id}`]),
    ['raise', 'device-silent/zigbee2mqtt/caihong-g1'],
    ['note', 'device-silent/zigbee2mqtt/caihong-g1'],
  ])
  expect(found.slice(4)).toMatchObject([{ evidence: { devices: 5 } }, { evidence: { devices: 6 } }])
})

test('[A4] hours apart they are matters of their own', () => {
  const { beat, pass, hours } = estate(BEHIND)
  for (let n = 1; n <= BEHIND.length; n++)
    for (let step = 0; step < 2; step++) {
      beat([...BEHIND.slice(n), ...REST])
      pass(HOUR / 2)
    }
  const found = hours(3, REST)
  expect(found.every(({ act, key }) => act === 'raise' && !key.endsWith('caihong-g1'))).toBe(true)
})
