import type { Device } from '../../../shared/device.ts'
import { hash32 } from '../../../shared/random.ts'
import { isoWithOffset } from '../../../shared/time.ts'
import type { Happening } from '../happening.ts'
import { waterReading } from '../water.ts'

const CHINA = 480

/** What a gate, a meter or a speaker posts. Its id is made of device and time: the same thing told twice is one signal. */
export function cloudEvent(happening: Happening, device: Device): Record<string, unknown> {
  const { type, data } = bodyOf(happening, device)
  return {
    specversion: '1.0',
    id: `${device.id}-${happening.at.toString(36)}-${type.slice('linwang.'.length)}${personMark(happening)}`,
    source: `/feeds/${device.feed}`,
    subject: device.id,
    type,
    time: isoWithOffset(happening.at, CHINA),
    datacontenttype: 'application/json',
    data,
  }
}

/** Two people may pass one gate in the same instant; the mark tells them apart and names nobody. */
const personMark = ({ who }: Happening) => (who ? `-${hash32(who).toString(36)}` : '')

function bodyOf(happening: Happening, device: Device): { type: string; data: Record<string, unknown> } {
  switch (happening.what) {
    case 'passage': {
      const { direction, credential, residentId } = happening
      return {
        type: 'linwang.passage',
        data: { direction, ...(credential && { credential }), ...(residentId && { residentId }), granted: true },
      }
    }
    case 'water':
      return { type: 'linwang.meter', data: { quantity: 'water', reading: happening.reading, unit: 'm3' } }
    case 'contact':
      return { type: 'linwang.contact', data: { open: happening.open } }
    case 'motion':
      return { type: 'linwang.motion', data: { occupied: happening.occupied } }
    case 'press':
      return { type: 'linwang.help', data: {} }
    case 'hazard':
      return { type: 'linwang.hazard', data: { hazard: happening.hazard, active: happening.active } }
    case 'sighting':
      return {
        type: 'linwang.camera',
        data: cameraData(happening.label, happening.zone, device, happening.score, happening.phase !== 'end'),
      }
    case 'report':
      return device.kind === 'water-meter'
        ? { type: 'linwang.meter', data: { quantity: 'water', reading: waterReading(device.id, happening.at), unit: 'm3' } }
        : { type: 'linwang.heartbeat', data: { online: true } }
  }
}

/** For a house without a broker: what Frigate's messages would have come to. */
function cameraData(label: string, zone: string, device: Device, confidence: number, active: boolean) {
  const rule = device.rules?.find((one) => one.label === label && (one.zone === undefined || one.zone === zone))
  return { event: rule?.event ?? 'other', label, confidence, active }
}
