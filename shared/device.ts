import { type Static, Type } from 'typebox'

export const DEVICE_KINDS = [
  'camera',
  'gate',
  'door-contact',
  'motion',
  'help-button',
  'smoke',
  'gas',
  'leak',
  'water-meter',
  'power-meter',
  'speaker',
  'alarm-panel',
] as const
export type DeviceKind = (typeof DEVICE_KINDS)[number]

/** Which label, zone and hours of a camera make which event (data of that camera; the first rule that fits wins, none fits: no event). */
export const CameraRule = Type.Object({
  label: Type.String(),
  zone: Type.Optional(Type.String()),
  /** local 'HH:MM' to 'HH:MM'; may cross midnight; absent: any hour */
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
  event: Type.String(),
})
export type CameraRule = Static<typeof CameraRule>

export const Device = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...DEVICE_KINDS]),
  placeId: Type.String(),
  /** id of the feed it speaks through */
  feed: Type.String(),
  /** what the feed calls it (zigbee2mqtt friendly name, Frigate camera name, meter number); unique within its feed */
  address: Type.String(),
  name: Type.String(),
  lon: Type.Number(),
  lat: Type.Number(),
  /** metres above ground */
  height: Type.Optional(Type.Number()),
  /** seconds without a message after which it counts as not heard; absent: the kind's default */
  silentAfter: Type.Optional(Type.Number()),
  rules: Type.Optional(Type.Array(CameraRule)),
})
export type Device = Static<typeof Device>
