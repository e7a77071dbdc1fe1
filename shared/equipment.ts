/** Matters of the equipment, not of people: the engineer's. */
export const EQUIPMENT_KINDS: ReadonlySet<string> = new Set([
  'device-silent',
  'feed-silent',
  'device-battery',
  'camera.video-loss',
  'camera.tamper',
  'hazard.power-loss',
  'hazard.low-battery',
  'hazard.comm-trouble',
  'hazard.trouble',
  'button-test',
])
