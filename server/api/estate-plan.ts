import type { Device } from '../../shared/device.ts'

interface Feature {
  type: 'Feature'
  properties: Record<string, unknown>
  geometry: unknown
}
interface Plan {
  features: Feature[]
  [name: string]: unknown
}

/** What hangs out of doors is drawn where it hangs; what is in the flats is shown with its building. */
const DRAWN: ReadonlySet<string> = new Set(['camera', 'gate', 'speaker'])

/** The imported plan with the devices of the register in the place of those that were drawn into it. */
export function planWithDevices(text: string, devices: readonly Device[]): string {
  const plan = JSON.parse(text) as Plan
  const drawn = plan.features.filter(({ properties }) => properties?.layer !== 'device')
  return JSON.stringify({ ...plan, features: [...drawn, ...devices.filter(({ kind }) => DRAWN.has(kind)).map(featureOf)] })
}

const featureOf = ({ id, kind, placeId, name, height, lon, lat }: Device): Feature => ({
  type: 'Feature',
  properties: { layer: 'device', deviceId: id, kind, placeId, name, ...(height !== undefined && { height }) },
  geometry: { type: 'Point', coordinates: [lon, lat] },
})
