import type { Broadcast } from '../../../shared/broadcast.ts'
import { hash32, seededRandom } from '../../../shared/random.ts'
import type { Millis } from '../../../shared/status.ts'
import type { Caller } from '../rest.ts'
import { type Span, within } from '../span.ts'
import type { MayTry } from './tries.ts'

/** Seconds until the officer has read what the system would say over the loudspeakers, and confirms it. */
const READS: Span = [8, 22]

/** Confirms what was proposed for a fire or a warning; drafts of guests are theirs to send. */
export function createMicrophone(officer: (now: Millis) => Caller, mayTry: MayTry, seed: number): (now: Millis) => Promise<void> {
  return async (now) => {
    const page = await officer(now).get<{ items: Broadcast[] }>('/api/broadcasts?limit=10')
    for (const { id, state, version, at } of page?.items ?? []) {
      const wait = within(seededRandom(hash32(id, seed)), READS)
      if (state !== 'proposed' || now < at + wait || !mayTry(`${id} ${version}`, now)) continue
      await officer(now).post(`/api/broadcasts/${id}/send`, { version }, `demo-${id}-${version}`)
    }
  }
}
