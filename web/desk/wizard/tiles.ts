import {
  Bell,
  Camera,
  Cctv,
  CloudLightning,
  Code,
  DoorOpen,
  Eye,
  Flame,
  Layers,
  Radio,
  RadioTower,
  Router,
  Satellite,
  ScanEye,
  ScanSearch,
  Webcam,
  Webhook,
} from '@lucide/vue'
import type { Component } from 'vue'
import type { FeedKind } from '../../../shared/feed.ts'

export const GROUPS = ['camera', 'sensor', 'platform'] as const
export type TileId = FeedKind | 'hikvision-access'

/** One thing that an engineer may have in front of them; two of them may be one kind of feed. */
export interface Tile {
  id: TileId
  kind: FeedKind
  group: (typeof GROUPS)[number]
  icon: Component
  /** who calls: the device us, we the device, both a broker, or a panel a port of its own */
  way: 'in' | 'out' | 'mqtt' | 'port'
}

export const TILES: readonly Tile[] = [
  { id: 'hikvision', kind: 'hikvision', group: 'camera', icon: Cctv, way: 'in' },
  { id: 'hikvision-alertstream', kind: 'hikvision-alertstream', group: 'camera', icon: Radio, way: 'out' },
  { id: 'dahua', kind: 'dahua', group: 'camera', icon: Camera, way: 'in' },
  { id: 'dahua-attach', kind: 'dahua-attach', group: 'camera', icon: Webcam, way: 'out' },
  { id: 'onvif-pull', kind: 'onvif-pull', group: 'camera', icon: ScanEye, way: 'out' },
  { id: 'onvif', kind: 'onvif', group: 'camera', icon: Eye, way: 'in' },
  { id: 'hikvision-access', kind: 'hikvision', group: 'sensor', icon: DoorOpen, way: 'in' },
  { id: 'zigbee2mqtt', kind: 'zigbee2mqtt', group: 'sensor', icon: Router, way: 'mqtt' },
  { id: 'sia-dc09', kind: 'sia-dc09', group: 'sensor', icon: Bell, way: 'port' },
  { id: 'ctwing', kind: 'ctwing', group: 'sensor', icon: RadioTower, way: 'in' },
  { id: 'onenet', kind: 'onenet', group: 'sensor', icon: Flame, way: 'in' },
  { id: 'frigate', kind: 'frigate', group: 'platform', icon: ScanSearch, way: 'mqtt' },
  { id: 'hikvision-isc', kind: 'hikvision-isc', group: 'platform', icon: Layers, way: 'in' },
  { id: 'gb28181', kind: 'gb28181', group: 'platform', icon: Satellite, way: 'in' },
  { id: 'cap', kind: 'cap', group: 'platform', icon: CloudLightning, way: 'in' },
  { id: 'json', kind: 'json', group: 'platform', icon: Webhook, way: 'in' },
  { id: 'cloudevents', kind: 'cloudevents', group: 'platform', icon: Code, way: 'in' },
]

export const tileOf = (id: string | undefined) => TILES.find((tile) => tile.id === id)

/** An id that is still free: hikvision, hikvision-2, … */
export function freeId(wish: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wish)) return wish
  let n = 2
  while (taken.has(`${wish}-${n}`)) n++
  return `${wish}-${n}`
}
