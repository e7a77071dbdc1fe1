import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Arrival, SourceContext } from '../../shared/arrival.ts'
import { PRESETS } from '../../shared/field-map.ts'

/** One message of a real device as its transport hands it over. */
export interface Sample {
  /** hikvision/fielddetection_human.xml, zigbee2mqtt/messages.jsonl:3 */
  name: string
  protocol: string
  arrival: Arrival
}

/** a hotline is read by the map that comes with the house */
const MAPPED = { id: 'try-json', kind: 'json', name: 'try-json', state: 'active', version: 1, firstAt: 0, map: PRESETS[0]!.map } as const

/** Where the samples are read: no sample is younger, no device is known, the hotline has its map. */
export const SAMPLE_CONTEXT: SourceContext = {
  now: Date.parse('2026-11-23T12:00:00+08:00'),
  utcOffset: 480,
  device: () => undefined,
  feed: (id) => (id === MAPPED.id ? MAPPED : undefined),
}

const root = join(import.meta.dirname, '..', '..')
const FIXTURES = join(root, 'fixtures', 'feeds')
/** Messages whose licence does not let them into the project are read in place. */
const OUTSIDE = join(root, '..', 'shared', 'data', 'feeds')

type Head = Omit<Arrival, 'bytes'>
const http = (source: string, type: string): Head => ({
  source,
  transport: 'http',
  feed: `try-${source}`,
  headers: { 'content-type': type },
})
const mqtt = (source: string, topic: string): Head => ({ source, transport: 'mqtt', topic, ref: 'sample' })

const XML = 'application/xml'
const JSON_TYPE = 'application/json'

/** How the files of each folder reach the house; undefined: the file is no message. */
const HEADS: Readonly<Record<string, (file: string) => Head | undefined>> = {
  cap: () => http('cap', XML),
  dahua: (file) => http('dahua', file.endsWith('.body') ? 'multipart/x-mixed-replace; boundary=myboundary' : 'text/plain'),
  frigate: (file) => (file.endsWith('.json') ? mqtt('frigate', `frigate/${file.startsWith('reviews') ? 'reviews' : 'events'}`) : undefined),
  gb28181: (file) => http('gb28181', file.endsWith('.sip') ? 'application/octet-stream' : XML),
  hikvision: (file) => http('hikvision', file.endsWith('.json') ? JSON_TYPE : file.endsWith('.body') ? multipartOf(file) : XML),
  'hikvision-isc': () => http('hikvision-isc', JSON_TYPE),
  hotline: (file) => (file.includes('response') ? undefined : http('json', JSON_TYPE)),
  nbiot: (file) => http(file.startsWith('onenet') ? 'onenet' : 'ctwing', JSON_TYPE),
  onvif: () => http('onvif', 'application/soap+xml'),
  'sia-dc09': () => ({ source: 'sia-dc09', transport: 'tcp', feed: 'sia' }),
  zigbee2mqtt: (file) => (file.endsWith('.jsonl') ? mqtt('zigbee2mqtt', '') : undefined),
}

const multipartOf = (file: string) =>
  file.startsWith('post') ? 'multipart/form-data; boundary=boundary' : 'multipart/mixed; boundary=boundary'

/** Every sample there is on this machine, the project's own and those beside it, each once. */
export function corpus(): Sample[] {
  const found = new Map<string, Sample>()
  for (const folder of [OUTSIDE, FIXTURES].filter(existsSync))
    for (const path of globSync('**/*.{xml,json,jsonl,body,txt,sip}', { cwd: folder }).sort())
      for (const sample of samplesOf(folder, path)) if (!found.has(sample.name)) found.set(sample.name, sample)
  return [...found.values()]
}

function samplesOf(folder: string, path: string): Sample[] {
  const [protocol = '', ...rest] = path.split('/')
  const file = rest.filter((part) => part !== 'accepted' && part !== 'rejected').join('/')
  const bytes = readFileSync(join(folder, path))
  const head = file === 'SOURCE.txt' ? undefined : HEADS[protocol]?.(file)
  if (!head) return []
  const name = `${protocol}/${file}`
  if (!file.endsWith('.jsonl')) return [{ name, protocol, arrival: { ...head, bytes } }]
  return linesOf(bytes).flatMap((line, n) => lineSample(`${name}:${n + 1}`, protocol, head, line))
}

type Line = Record<string, unknown>
const linesOf = (bytes: Buffer) =>
  bytes
    .toString('utf8')
    .split('\n')
    .filter((text) => text.trim() !== '')
    .map((text) => JSON.parse(text) as Line)

function lineSample(name: string, protocol: string, head: Head, line: Line): Sample[] {
  if (typeof line.frame === 'string') return [{ name, protocol, arrival: { ...head, bytes: Buffer.from(line.frame, 'latin1') } }]
  const payload = typeof line.payload === 'string' ? line.payload : JSON.stringify(line.payload ?? '')
  const topic = typeof line.topic === 'string' ? line.topic : 'zigbee2mqtt/sample'
  return [{ name, protocol, arrival: { ...head, topic, bytes: Buffer.from(payload) } }]
}
