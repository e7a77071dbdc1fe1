import { SOURCES } from '../../server/feeds/sources/index.ts'
import type { Arrival, Decoded, SourceContext } from '../../shared/arrival.ts'
import type { CameraRule, Device, DeviceKind } from '../../shared/device.ts'
import { feedDevice, mqttArrival, NOW } from './intake.ts'

/** A register in which every address is a device of one kind. */
export const contextOf = (kind: DeviceKind, rules: CameraRule[] = [], now = NOW): SourceContext => ({
  now,
  utcOffset: 480,
  device: (feed, address): Device => feedDevice(address, kind, feed, { rules }),
})

export const decode = (arrival: Arrival, context: SourceContext): Decoded => SOURCES[arrival.source]!(arrival, context)

/** What a message on a topic says: type and data of each signal. */
export function told(topic: string, payload: unknown, context: SourceContext, more: Partial<Arrival> = {}) {
  return decode(mqttArrival(topic, payload, more), context).drafts.map(({ type, data }) => [type, data])
}
