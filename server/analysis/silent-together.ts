import type { Finding } from '../../shared/finding.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import type { Called, Ear, FeedState } from './ears.ts'

/** So many devices of one feed in one grid that fall silent so soon after each other hang on something that is out: a gateway, a switch. */
const TOGETHER = 5
const WITHIN: Millis = 60 * 60_000

/** One alert for each device that has fallen silent, or one for all of a grid that fall silent together (A4). */
export function tellSilent(feedId: string, feed: FeedState, fallen: readonly Called[], world: World, now: Millis): Finding[] {
  if (fallen.length === 0) return []
  for (const [, ear] of fallen) Object.assign(ear, { silent: true, fell: now })
  const places = Map.groupBy(fallen, ([{ device }]) => gridOf(device.placeId, world))
  return [...places].flatMap(([grid, own]) => tellGrid({ feedId, feed, grid, world, now }, own))
}

interface Grid {
  feedId: string
  feed: FeedState
  grid: string
  world: World
  now: Millis
}

function tellGrid(at: Grid, fallen: readonly Called[]): Finding[] {
  const { feedId, feed, grid, now } = at
  const isOpen = among(feed, grid).length > 0
  // those told of one by one a moment ago are part of it
  const together = isOpen ? fallen : lately(at)
  if (!isOpen && together.length < TOGETHER) return fallen.map((called) => silentDevice(called, now))
  for (const [, ear] of together) ear.among = grid
  const members = among(feed, grid)
  const evidence = { feed: feedId, devices: members.length, since: Math.max(...members.map(([, { at }]) => at)) }
  if (isOpen) return [{ act: 'note', key: keyOf(feedId, grid), at: now, evidence }]
  const placeId = commonPlace(members, at)
  return [{ act: 'raise', key: keyOf(feedId, grid), kind: 'device-silent', priority: 4, status: 'actual', placeId, at: now, evidence }]
}

type Named = readonly [id: string, ear: Ear]
const among = ({ ears }: FeedState, grid: string): Named[] => Object.entries(ears).filter(([, ear]) => ear.among === grid)
const lately = ({ feed, grid, world, now }: Grid): Named[] =>
  Object.entries(feed.ears).filter(([id, { silent, fell = 0 }]) => {
    if (!silent || now - fell > WITHIN) return false
    const device = world.device(id)
    return device !== undefined && gridOf(device.placeId, world) === grid
  })

const gridOf = (placeId: string, { places }: World) => places.nearest(placeId, 'grid')?.id ?? placeId
const keyOf = (feedId: string, grid: string) => `device-silent/${feedId}/${grid}`

/** The building that all of them are in, else the grid. */
function commonPlace(members: readonly Named[], { grid, world }: Grid): string {
  const buildings = new Set(members.map(([id]) => world.places.nearest(world.device(id)?.placeId ?? '', 'building')?.id))
  const [only] = buildings
  return buildings.size === 1 && only !== undefined ? only : grid
}

const silentDevice = ([{ device }, ear]: Called, now: Millis): Finding => ({
  act: 'raise',
  key: `device-silent/${device.id}`,
  kind: 'device-silent',
  priority: 4,
  status: 'actual',
  placeId: device.placeId,
  deviceId: device.id,
  at: now,
  evidence: { device: device.kind, since: ear.at, offline: ear.offline !== undefined },
})

/** Each is over with its own alert, and taken out of that of many; when all are back that is over too. */
export function heardAgain(feedId: string, feed: FeedState, back: readonly Named[], now: Millis): Finding[] {
  const grids = new Set(back.flatMap(([, ear]) => ear.among ?? []))
  const own = back.map(([id, ear]): Finding => {
    delete ear.silent
    delete ear.fell
    delete ear.among
    return { act: 'clear', key: `device-silent/${id}`, at: ear.at }
  })
  return [...own, ...[...grids].map((grid) => fewer(feedId, feed, grid, now))]
}

function fewer(feedId: string, feed: FeedState, grid: string, now: Millis): Finding {
  const devices = among(feed, grid).length
  const key = keyOf(feedId, grid)
  return devices === 0 ? { act: 'clear', key, at: now } : { act: 'note', key, at: now, evidence: { devices } }
}
