import type { Arrival, Receipt } from '../../shared/arrival.ts'
import type { Random } from '../../shared/random.ts'
import { corpus } from './corpus.ts'
import { cloudEvent } from './intake.ts'
import { BOMBS, mutated, randomBytes } from './mutate.ts'

/** Good messages of each source, the ones that its fuzzer starts from. */
export function seedsBySource(): Map<string, Arrival[]> {
  const seeds = Map.groupBy([...corpus().map(({ arrival }) => arrival), ...EVENTS], ({ source }) => source)
  return seeds
}

const event = (source: string, value: unknown): Arrival => ({ source, transport: 'http', bytes: Buffer.from(JSON.stringify(value)) })
const EVENTS: readonly Arrival[] = [
  event('cloudevents', cloudEvent()),
  event('cloudevents-batch', [cloudEvent(), cloudEvent({ id: 'e2', data: { direction: 'out', granted: false } })]),
  {
    ...event('cloudevents-binary', { direction: 'in', granted: true }),
    headers: {
      'ce-specversion': '1.0',
      'ce-id': 'b1',
      'ce-source': '/feeds/gates',
      'ce-type': 'linwang.passage',
      'ce-subject': 'gate-east',
      'content-type': 'application/json',
    },
  },
]

/** Seven of ten are broken, two are random bytes, one has a header or a topic that lies. */
export function fuzzed(seeds: readonly Arrival[], random: Random): Arrival {
  const seed = random.pick(seeds)
  const other = random.pick(seeds)
  const bytes = random.chance(0.2) ? randomBytes(random) : mutated(seed.bytes, other.bytes, random)
  const arrival: Arrival = { ...seed, bytes, ...(seed.ref !== undefined && { ref: `${random.int(0, 1e9)}` }) }
  if (!random.chance(0.1)) return arrival
  if (arrival.topic !== undefined) arrival.topic = random.pick([`${arrival.topic}/x`, 'zigbee2mqtt/', 'frigate/events/', '', '#'])
  if (arrival.headers)
    arrival.headers = {
      ...arrival.headers,
      'content-type': random.pick(['multipart/form-data', 'multipart/mixed; boundary=', '', 'text/xml']),
    }
  return arrival
}

export const bombs = (seeds: readonly Arrival[]): [name: string, arrival: Arrival][] =>
  Object.entries(BOMBS).map(([name, make]) => [name, { ...seeds[0]!, bytes: make() }])

export interface Outcome {
  inputs: number
  accepted: number
  duplicates: number
  quarantined: number
  refused: number
  /** understood and nothing to us */
  silent: number
}
export const newOutcome = (): Outcome => ({ inputs: 0, accepted: 0, duplicates: 0, quarantined: 0, refused: 0, silent: 0 })

export function count(outcome: Outcome, receipts: readonly Receipt[]): void {
  for (const receipt of receipts) {
    outcome.inputs++
    if ('problem' in receipt) outcome.refused++
    else {
      outcome.accepted += receipt.accepted
      outcome.duplicates += receipt.duplicates
      outcome.quarantined += receipt.quarantined
      if (receipt.accepted + receipt.duplicates + receipt.quarantined === 0) outcome.silent++
    }
  }
}
