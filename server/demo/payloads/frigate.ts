import type { Device } from '../../../shared/device.ts'
import { hash32 } from '../../../shared/random.ts'
import type { Happening, HappeningOf } from '../happening.ts'
import type { Message } from './zigbee.ts'

const seconds = (ms: number) => Math.round(ms * 1000) / 1_000_000

/** One tracked object as Frigate 0.14 tells it on `frigate/events`. */
export function frigateEvent(happening: HappeningOf<'sighting'>, device: Device): Message {
  const after = trackedObject(happening, device)
  const before = { ...after, end_time: null, frame_time: seconds(happening.since) }
  return { topic: 'frigate/events', payload: JSON.stringify({ type: happening.phase, before, after }) }
}

function trackedObject(happening: HappeningOf<'sighting'>, device: Device) {
  const { at, since, label, zone, phase, score } = happening
  const hash = hash32(`${device.id} ${since} ${label}`)
  const left = hash % 900
  const top = 120 + (hash % 340)
  return {
    id: `${seconds(since).toFixed(6)}-${hash.toString(36).padStart(6, '0').slice(0, 6)}`,
    camera: device.address,
    frame_time: seconds(at),
    snapshot_time: seconds(since),
    label,
    sub_label: null,
    top_score: Math.round(score * 1e6) / 1e6,
    false_positive: false,
    start_time: seconds(since),
    end_time: phase === 'end' ? seconds(at) : null,
    score: Math.round((score - 0.03) * 1e6) / 1e6,
    box: [left, top, left + 90, top + 220],
    area: 19_800,
    region: [Math.max(0, left - 120), 0, left + 200, 560],
    current_zones: phase === 'end' ? [] : [zone],
    entered_zones: [zone],
    has_snapshot: true,
    has_clip: phase === 'end',
    stationary: false,
    motionless_count: 0,
    position_changes: 2,
  }
}

/** The minute's statistics: how Frigate says which cameras give pictures. */
export function frigateStats(reports: readonly Happening[], addressOf: (deviceId: string) => string, dark: ReadonlySet<string>): Message {
  const at = reports.reduce((latest, report) => Math.max(latest, report.at), 0)
  const cameras = Object.fromEntries(reports.map(({ deviceId }) => [addressOf(deviceId), cameraStats(dark.has(deviceId))]))
  const service = { uptime: 86_400, version: '0.14.1-f4f3cfa', last_updated: Math.floor(at / 1000) }
  return { topic: 'frigate/stats', payload: JSON.stringify({ cameras, detection_fps: 41.2, service }) }
}

const cameraStats = (dark: boolean) => ({
  camera_fps: dark ? 0 : 5.1,
  process_fps: dark ? 0 : 5.1,
  skipped_fps: 0,
  detection_fps: dark ? 0 : 0.6,
  detection_enabled: true,
})
