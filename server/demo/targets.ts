import type { CameraRule, Device } from '../../shared/device.ts'
import type { Random } from '../../shared/random.ts'
import type { World } from '../../shared/world.ts'
import type { Story } from './story.ts'
import type { Town } from './town.ts'

/** Where a story is told: the place that its alert and its order will name, and whoever and whatever takes part. */
export interface Target {
  placeId: string
  devices: Device[]
  residentId?: string
  rule?: CameraRule
}

/** A place for the story that no other story has just now, the wanted one before others; undefined when there is none. `minute` is local. */
export function findTarget(
  story: Story,
  town: Town,
  world: World,
  random: Random,
  taken: ReadonlySet<string>,
  minute: number,
  wanted?: string,
): Target | undefined {
  const free = candidates(story, town, world, minute).filter(({ placeId }) => !taken.has(placeId))
  if (free.length === 0) return undefined
  return free.find(({ placeId }) => placeId === wanted) ?? random.pick(free)
}

function candidates(story: Story, town: Town, world: World, minute: number): Target[] {
  const { target } = story
  if ('device' in target) return byDevice(town, world, target.device, target.category)
  if ('camera' in target) return byCamera(town, target.camera, minute)
  if ('cameras' in target) return cameraGroups(town, world, target.cameras)
  if ('home' in target || 'outing' in target) return town.careHomes.map((home) => careTarget(world, home.flat, home.who.id))
  if ('gateway' in target) return gateways(town, world)
  return town.people
    .filter(({ leftBehind, age }) => leftBehind && age >= 6)
    .map(({ flat, id }) => ({ placeId: flat, residentId: id, devices: [] }))
}

const careTarget = (world: World, flat: string, residentId: string): Target => ({
  placeId: flat,
  residentId,
  devices: world.devicesAt(flat).filter(({ kind }) => kind === 'motion' || kind === 'door-contact'),
})

/** From so many homes of people living alone in one building on, a gateway of its own listens to their sensors. */
const HOMES_OF_A_GATEWAY = 3

function gateways(town: Town, world: World): Target[] {
  const buildings = Map.groupBy(town.careHomes, ({ flat }) => world.places.nearest(flat, 'building')?.id ?? flat)
  return [...buildings]
    .filter(([, homes]) => homes.length >= HOMES_OF_A_GATEWAY)
    .map(([placeId, homes]) => ({ placeId, devices: homes.flatMap(({ flat, who }) => careTarget(world, flat, who.id).devices) }))
}

function byDevice(town: Town, world: World, kind: string, category: string | undefined): Target[] {
  return town.devices.flatMap((device) => {
    if (device.kind !== kind) return []
    const people = world.residentsAt(device.placeId)
    const who = category ? people.find(({ categories }) => categories.includes(category as never)) : people[0]
    return category && !who ? [] : [{ placeId: device.placeId, devices: [device], residentId: who?.id }]
  })
}

function byCamera(town: Town, event: string, minute: number): Target[] {
  return town.cameras.flatMap((device) => {
    const rule = device.rules?.find((one) => one.event === event && inHours(one, minute))
    return rule ? [{ placeId: device.placeId, devices: [device], rule }] : []
  })
}

/** Neighbouring cameras hang on one recorder and go dark together. */
function cameraGroups(town: Town, world: World, size: number): Target[] {
  const grids = Map.groupBy(
    town.cameras.filter(({ placeId }) => world.places.nearest(placeId, 'grid') && world.places.get(placeId)?.kind === 'spot'),
    ({ placeId }) => world.places.nearest(placeId, 'grid')!.id,
  )
  return [...grids.values()]
    .filter((group) => group.length >= size)
    .map((group) => ({ placeId: group[0]!.placeId, devices: group.slice(0, size) }))
}

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

export function inHours({ from, to }: { from?: string; to?: string }, minute: number): boolean {
  if (!from || !to) return true
  const [start, end] = [minutesOf(from), minutesOf(to)]
  return start <= end ? minute >= start && minute < end : minute >= start || minute < end
}
