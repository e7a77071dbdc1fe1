import { SOURCES } from '../../server/feeds/sources/index.ts'
import type { Arrival, Decoded, SourceContext } from '../../shared/arrival.ts'
import type { CameraRule, DeviceKind } from '../../shared/device.ts'
import type { Feed } from '../../shared/feed.ts'
import { feedDevice, NOW } from './intake.ts'

/** What the register knows while a vendor's message is read. */
export interface Ground {
  now?: number
  /** what people set of the feed */
  feed?: Partial<Feed>
  /** addresses that are in the register, and as what */
  known?: Record<string, DeviceKind>
  rules?: CameraRule[]
}

export const groundOf = ({ now = NOW, feed, known = {}, rules = [] }: Ground): SourceContext => ({
  now,
  utcOffset: 480,
  device: (id, address) => (known[address] ? feedDevice(address, known[address], id, { rules }) : undefined),
  feed: (id) => (feed ? ({ id, kind: 'dahua', state: 'active', version: 1, firstAt: 0, name: id, ...feed } as Feed) : undefined),
})

/** A message of a device as it comes in: over our own connection unless `transport` is http. */
export function read(source: string, body: string | Uint8Array, ground: Ground = {}, more: Partial<Arrival> = {}): Decoded {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const arrival: Arrival = { source, transport: 'attach', feed: 'yard', bytes, ...more }
  return SOURCES[source]!(arrival, groundOf(ground))
}
export const uploaded = { transport: 'http', remote: '10.0.0.9' } as const

/** type and data of each signal */
export const toldOf = ({ drafts }: Decoded) => drafts.map(({ type, data }) => [type, data])
