import type { Device } from '../../shared/device.ts'
import type { DeviceHealth } from '../../shared/device-health.ts'
import type { Analysis } from '../analysis/analysis.ts'
import type { Intake } from '../intake/intake.ts'
import type { Command, Work } from '../work.ts'

/** Devices of one answer: ten thousand would hold the engine for a while. */
const MOST = 1000

/**
 * `feed.devices` with the feed as target and `{after?, limit?}`: how each of its devices is heard, by id. It changes nothing and leaves no
 * audit row; it is a command because only the engine knows.
 */
export const feedDevices =
  (intake: Pick<Intake, 'ofDevice'>, analysis: Pick<Analysis, 'hearing'>) =>
  (work: Work, { target = '', body }: Command): { items: DeviceHealth[]; next: string | null } => {
    const after = typeof body.after === 'string' ? body.after : ''
    const limit = Math.min(typeof body.limit === 'number' ? body.limit : MOST, MOST)
    const rest = work.world
      .devices()
      .filter(({ feed, id }) => feed === target && id > after)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
    const items = rest.slice(0, limit).flatMap((device) => healthOf(device, work.now, intake, analysis))
    return { items, next: rest.length > limit ? items.at(-1)!.id : null }
  }

function healthOf(device: Device, now: number, intake: Pick<Intake, 'ofDevice'>, analysis: Pick<Analysis, 'hearing'>): DeviceHealth[] {
  const { id, kind, name, placeId, address, feed } = device
  const hearing = analysis.hearing(id, now)
  return hearing ? [{ id, kind, name, placeId, address, ...hearing, ...intake.ofDevice(feed, id, now) }] : []
}
