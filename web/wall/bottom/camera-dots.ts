import type { DeviceView } from '../../../shared/wall.ts'

export type Dot = Pick<DeviceView, 'id' | 'state'> | undefined

/** One dot a camera; the state lists only those that are not heard. A camera numbered in its id keeps its place, others fill from the end. */
export function cameraDots(total: number, devices: readonly DeviceView[]): Dot[] {
  const dots: Dot[] = Array.from({ length: total }, () => undefined)
  for (const device of devices) {
    if (device.kind !== 'camera' || device.state === 'low-battery') continue
    const at = slot(device.id, dots)
    if (at >= 0) dots[at] = device
  }
  return dots
}

function slot(id: string, dots: Dot[]) {
  const n = Number(/(\d+)$/.exec(id)?.[1] ?? 0) - 1
  return n >= 0 && n < dots.length && dots[n] === undefined ? n : dots.lastIndexOf(undefined)
}
