import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CameraRule } from '../../shared/device.ts'

const ROOT = join(import.meta.dirname, '../..')
/** The collection beside the project, when it is there; else the part of it that may be kept in the project. */
const FOLDERS = [join(ROOT, '../shared/data/feeds'), join(ROOT, 'fixtures/feeds')]

function read(...names: string[]): string | undefined {
  const file = FOLDERS.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync)
  return file && readFileSync(file, 'utf8')
}

/** China's wall clock with its zone, as zigbee2mqtt writes `last_seen` */
const local = (ms: number) => `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`

/** What a help button (TS0215A) of a Chinese household said (Koenkk/zigbee2mqtt#31727), at another time. */
export function helpPress(at: number): string {
  const lines = (read('zigbee2mqtt/messages.jsonl') ?? '').split('\n').filter(Boolean)
  const sample = lines.map((line) => JSON.parse(line)).find(({ id }) => id === 'sos-emergency-tuya-cn')
  const payload = sample ? JSON.parse(sample.payload) : { action: 'emergency', battery: 100, linkquality: 18 }
  return JSON.stringify({ ...payload, last_seen: local(at) })
}
/** The same button when it only announces itself: no press. */
export const announcement = (at: number) => JSON.stringify({ ...JSON.parse(helpPress(at)), action: null })

/** The states of a door contact as zigbee-herdsman-converters makes them. */
export function doorStates(): string[] {
  const lines = (read('zigbee2mqtt/generated-by-zhc.jsonl', 'zigbee2mqtt/accepted/generated-by-zhc.jsonl') ?? '')
    .split('\n')
    .filter(Boolean)
  return lines
    .map((line) => JSON.parse(line).payload)
    .filter(({ contact }) => contact !== undefined)
    .map((payload) => JSON.stringify(payload))
}

/** The event of Frigate's documentation (MIT), seen now by a camera of ours that watches for it. */
export function frigateEvent(camera: string, { label, zone }: Pick<CameraRule, 'label' | 'zone'>, at: number): string {
  const event = JSON.parse(read('frigate/events-update-doc.json', 'frigate/accepted/events-update-doc.json')!)
  const shift = at / 1000 - event.after.frame_time
  for (const part of [event.before, event.after]) {
    for (const time of ['frame_time', 'snapshot_time', 'start_time']) part[time] += shift
    Object.assign(part, { camera, label, id: `${part.start_time.toFixed(6)}-mxklsc` })
    if (zone) Object.assign(part, { current_zones: [zone], entered_zones: [zone] })
  }
  return JSON.stringify(event)
}
