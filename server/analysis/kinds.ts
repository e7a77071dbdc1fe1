import type { Priority } from '../../shared/status.ts'

/** How one kind of event is treated. */
export interface Kind {
  priority: Priority
  /** stays until its incident is closed, whatever the device says later */
  latched?: boolean
  /** kinds of one family in one place are one matter (A4); absent: the kind itself */
  family?: string
  /** whose matter it is, when not the officer's */
  for?: 'engineer'
}

/** The register of hazards. A code that is not in it is treated as `OTHER_HAZARD`: an unknown danger is a danger. */
export const HAZARDS: Readonly<Record<string, Kind>> = {
  fire: { priority: 1, family: 'fire' },
  smoke: { priority: 1, family: 'fire' },
  gas: { priority: 1 },
  leak: { priority: 2 },
  duress: { priority: 1 },
  panic: { priority: 1 },
  intrusion: { priority: 2 },
  tamper: { priority: 2 },
  alarm: { priority: 2 },
  heat: { priority: 1, family: 'fire' },
  'no-report': { priority: 2 },
  temperature: { priority: 3 },
  fall: { priority: 1 },
  'water-pressure': { priority: 3 },
  vibration: { priority: 4 },
  'door-forced': { priority: 2 },
  'door-held-open': { priority: 3 },
  'power-loss': { priority: 3, for: 'engineer' },
  'low-battery': { priority: 4, for: 'engineer' },
  'comm-trouble': { priority: 3, for: 'engineer' },
  trouble: { priority: 3, for: 'engineer' },
}
export const OTHER_HAZARD: Kind = { priority: 2 }

/** The register of camera events. `other`, and a code that is not in it, is recorded and alerts nobody. */
export const CAMERA_EVENTS: Readonly<Record<string, Kind>> = {
  fire: { priority: 1, latched: true, family: 'fire' },
  smoke: { priority: 1, latched: true, family: 'fire' },
  fall: { priority: 1, latched: true },
  'thrown-object': { priority: 2, latched: true },
  intrusion: { priority: 2 },
  overheat: { priority: 2 },
  crowd: { priority: 3 },
  'fire-lane-blocked': { priority: 3 },
  loitering: { priority: 3 },
  'illegal-parking': { priority: 4 },
  'waste-overflow': { priority: 4 },
  'left-object': { priority: 4 },
  'removed-object': { priority: 4 },
  'video-loss': { priority: 3, for: 'engineer' },
  tamper: { priority: 3, for: 'engineer' },
}

const own = (register: Readonly<Record<string, Kind>>, code: string) => (Object.hasOwn(register, code) ? register[code] : undefined)
export const hazardKind = (code: string): Kind => own(HAZARDS, code) ?? OTHER_HAZARD
export const cameraKind = (code: string): Kind | undefined => own(CAMERA_EVENTS, code)
/** The camera itself is not well, rather than what it sees. */
export const isCameraFault = (code: string): boolean => cameraKind(code)?.for === 'engineer'
