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
  seen: Map<string, { since: Millis; label: string; zone: string }>
  /** what detectors of stories say is there, by device */
  hazards: Map<string, 'smoke' | 'gas' | 'leak'>
  /** children who have not come home yet */
  astray: Set<string>
}

/** What one beat of a story makes the devices notice. */
export function play(beat: Beat, at: Millis, target: Target, stage: Stage): Happening[] {
  const device = beat.by === 'building' ? buildingCamera(stage.town, target) : target.devices[0]
  switch (beat.do) {
    case 'press':
      return device ? [{ at, what: 'press', deviceId: device.id }] : []
    case 'hazard':
      return device ? detect(beat, at, device, stage) : []
    case 'see':
      return device ? see(beat, at, device, target, stage) : []
    case 'gone':
      return device ? gone(at, device, stage) : []
    case 'stir':
      return stir(at, target)
    case 'door':
      return door(at, target)
    case 'unmute':
      return unmute(target, stage)
    case 'home':
      return comeHome(at, target, stage)
    case 'online':
      return online(at, target, stage)
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

function detect(beat: Beat, at: Millis, { id }: Device, { hazards }: Stage): Happening[] {
  const hazard = beat.hazard ?? 'smoke'
  const active = beat.active ?? true
  if (active) hazards.set(id, hazard)
  else hazards.delete(id)
  return [{ at, what: 'hazard', hazard, active, deviceId: id }]
}

function see(beat: Beat, at: Millis, device: Device, target: Target, { seen }: Stage): Happening[] {
  const known = seen.get(device.id)
  const now = known ?? { since: at, label: labelOf(beat, target), zone: zoneOf(beat, target) }
  seen.set(device.id, now)
  return [{ at, what: 'sighting', phase: known ? 'update' : 'new', ...now, score: 0.91, deviceId: device.id }]
}

function gone(at: Millis, device: Device, { seen }: Stage): Happening[] {
  const known = seen.get(device.id)
  seen.delete(device.id)
  return known ? [{ at, what: 'sighting', phase: 'end', ...known, score: 0.91, deviceId: device.id }] : []
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

function unmute({ placeId, residentId, devices }: Target, { mutes }: Stage): Happening[] {
  for (const { id } of devices) mutes.lift(id)
  mutes.lift(placeId)
  if (residentId) mutes.lift(residentId)
  return []
}

/** The gateway is back: one sensor after the other joins it again and says so. */
function online(at: Millis, target: Target, stage: Stage): Happening[] {
  unmute(target, stage)
  return target.devices.map(({ id }, n) => ({ at: at + n * 4_000, what: 'report', deviceId: id }))
}

function comeHome(at: Millis, target: Target, stage: Stage): Happening[] {
  const person = stage.town.people.find(({ id }) => id === target.residentId)
  unmute(target, stage)
  if (!person?.unitGate || !stage.astray.delete(person.id)) return []
  return [person.estateGate, person.unitGate].map((deviceId, i) => ({
    at: at + i * 120_000,
    what: 'passage',
    direction: 'in',
    credential: 'face',
    residentId: person.id,
    deviceId,
  }))
}

/** The end of a story that people did not bring about in time: smoke clears, a child comes home, whatever was off is on again. */
export function curtain(at: Millis, target: Target, stage: Stage): Happening[] {
  const devices = [...target.devices, buildingCamera(stage.town, target)].filter((device) => device !== undefined)
  const clear = devices.flatMap((device) => {
    const hazard = stage.hazards.get(device.id)
    return hazard ? detect({ after: 0, do: 'hazard', hazard, active: false }, at, device, stage) : []
  })
  for (const { id } of target.devices) stage.dark.delete(id)
  return [...clear, ...devices.flatMap((device) => gone(at, device, stage)), ...comeHome(at, target, stage)]
}
