import type { Device } from '../../shared/device.ts'
import type { Millis } from '../../shared/status.ts'
import type { Happening } from './happening.ts'
import type { Mutes } from './mutes.ts'
import type { Beat } from './story.ts'
import type { Target } from './targets.ts'
import type { Town } from './town.ts'

export interface Stage {
  town: Town
  mutes: Mutes
  dark: Set<string>
  /** since when a camera of a story has something in view, by device */
  seen: Map<string, Millis>
}

/** What one beat of a story makes the devices notice. */
export function play(beat: Beat, at: Millis, target: Target, stage: Stage): Happening[] {
  const device = beat.by === 'building' ? buildingCamera(stage.town, target) : target.devices[0]
  switch (beat.do) {
    case 'press':
      return device ? [{ at, what: 'press', deviceId: device.id }] : []
    case 'hazard':
      return device ? [{ at, what: 'hazard', hazard: beat.hazard ?? 'smoke', active: beat.active ?? true, deviceId: device.id }] : []
    case 'see':
      return device ? see(beat, at, device, target, stage) : []
    case 'gone':
      return device ? gone(beat, at, device, target, stage) : []
    case 'stir':
      return stir(at, target)
    case 'door':
      return door(at, target)
    case 'unmute':
      return unmute(target, stage)
    case 'home':
      return comeHome(at, target, stage)
    case 'dark':
      for (const { id } of target.devices) stage.dark.add(id)
      return []
    case 'light':
      for (const { id } of target.devices) stage.dark.delete(id)
      return []
  }
}

const buildingCamera = (town: Town, { placeId }: Target): Device | undefined =>
  town.cameras.find((camera) => placeId.startsWith(`${camera.placeId}-`))

const labelOf = (beat: Beat, { rule }: Target) => beat.label ?? rule?.label ?? 'person'
const zoneOf = (beat: Beat, { rule }: Target) => beat.zone ?? rule?.zone ?? 'view'

function see(beat: Beat, at: Millis, device: Device, target: Target, { seen }: Stage): Happening[] {
  const known = seen.get(device.id)
  const since = known ?? at
  seen.set(device.id, since)
  const phase = known === undefined ? 'new' : 'update'
  return [
    { at, what: 'sighting', phase, since, label: labelOf(beat, target), zone: zoneOf(beat, target), score: 0.91, deviceId: device.id },
  ]
}

function gone(beat: Beat, at: Millis, device: Device, target: Target, { seen }: Stage): Happening[] {
  const since = seen.get(device.id)
  if (since === undefined) return []
  seen.delete(device.id)
  return [
    {
      at,
      what: 'sighting',
      phase: 'end',
      since,
      label: labelOf(beat, target),
      zone: zoneOf(beat, target),
      score: 0.91,
      deviceId: device.id,
    },
  ]
}

function stir(at: Millis, { devices }: Target): Happening[] {
  const motion = devices.find(({ kind }) => kind === 'motion')
  if (!motion) return []
  return [
    { at, what: 'motion', occupied: true, deviceId: motion.id },
    { at: at + 90_000, what: 'motion', occupied: false, deviceId: motion.id },
  ]
}

function door(at: Millis, { devices }: Target): Happening[] {
  const contact = devices.find(({ kind }) => kind === 'door-contact')
  if (!contact) return []
  return [
    { at, what: 'contact', open: true, deviceId: contact.id },
    { at: at + 8_000, what: 'contact', open: false, deviceId: contact.id },
  ]
}

function unmute({ placeId, residentId }: Target, { mutes }: Stage): Happening[] {
  mutes.lift(placeId)
  if (residentId) mutes.lift(residentId)
  return []
}

function comeHome(at: Millis, target: Target, stage: Stage): Happening[] {
  const person = stage.town.people.find(({ id }) => id === target.residentId)
  unmute(target, stage)
  if (!person?.unitGate) return []
  return [person.estateGate, person.unitGate].map((deviceId, i) => ({
    at: at + i * 120_000,
    what: 'passage',
    direction: 'in',
    credential: 'face',
    residentId: person.id,
    deviceId,
  }))
}
