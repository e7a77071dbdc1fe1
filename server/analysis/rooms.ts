import type { Device } from '../../shared/device.ts'

export const ROOMS = ['bathroom', 'kitchen', 'bedroom', 'living', 'study', 'hall', 'balcony'] as const
export type Room = (typeof ROOMS)[number]

/** What the last part of a device's id or address calls a room … */
const PARTS: Readonly<Record<string, Room>> = {
  ...Object.fromEntries(ROOMS.map((room) => [room, room])),
  bath: 'bathroom',
  toilet: 'bathroom',
  wc: 'bathroom',
  restroom: 'bathroom',
  washroom: 'bathroom',
  bed: 'bedroom',
  livingroom: 'living',
  sitting: 'living',
  hallway: 'hall',
  entrance: 'hall',
}
/** … and what its name says. */
const NAMES: readonly (readonly [RegExp, Room])[] = [
  [/卫生间|洗手间|浴室|厕所|盥洗/, 'bathroom'],
  [/厨房/, 'kitchen'],
  [/卧室|卧房|主卧|次卧/, 'bedroom'],
  [/客厅|起居/, 'living'],
  [/书房/, 'study'],
  [/玄关|门厅|过道|走廊/, 'hall'],
  [/阳台/, 'balcony'],
]

/** In which room a sensor hangs: motion-b12-u1-302-bathroom, motion-302-bathroom-2, or 12栋1单元302卫生间人体; undefined: not known. */
export function roomOf({ id, address, name }: Pick<Device, 'id' | 'address' | 'name'>): Room | undefined {
  return byPart(id) ?? byPart(address) ?? NAMES.find(([words]) => words.test(name))?.[1]
}

function byPart(text: string): Room | undefined {
  const parts = text.toLowerCase().split(/[-_/. ]/)
  const last = /^\d+$/.test(parts.at(-1)!) ? parts.at(-2) : parts.at(-1)
  return last !== undefined && Object.hasOwn(PARTS, last) ? PARTS[last] : undefined
}
