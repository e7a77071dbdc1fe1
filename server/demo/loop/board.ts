import type { Publication } from '../../../shared/publication.ts'
import type { Random } from '../../../shared/random.ts'
import type { Millis } from '../../../shared/status.ts'
import type { World } from '../../../shared/world.ts'
import { DAY, dayOf } from '../day.ts'
import type { Caller, Who } from '../rest.ts'
import { NOTICES, type Notice } from './notices.ts'

const HOUR = 3_600_000

/** Community staff publish what there is to read and to sign up for, once: a board with something on it is left as it is. */
export async function fillBoard(call: (who: Who) => Caller, world: World, community: string, random: Random, now: Millis): Promise<void> {
  const writer = world.onDuty('community-staff', community, now) ?? world.onDuty('officer', community, now)
  const staff = call({ role: 'officer', staffId: writer?.id })
  const known = await staff.get<{ items: Publication[] }>('/api/publications')
  if (!known || known.items.length > 0) return
  for (const [n, notice] of NOTICES.entries()) {
    const { status, body: draft } = await staff.post<Publication>(
      '/api/publications',
      draftOf(notice, world, community, now),
      `demo-board-${n}`,
    )
    if (status >= 300) continue
    await staff.post(`/api/publications/${draft.id}/publish`, { version: draft.version }, `demo-board-${n}-publish`)
    await signUp(call, world, draft, random, notice.signUps ?? 0)
  }
}

function draftOf({ begins, days, signUps: _, ...draft }: Notice, world: World, placeId: string, now: Millis): Record<string, unknown> {
  const { start } = dayOf(now, world.utcOffset)
  const startsAt = begins && start + begins[0] * DAY + begins[1] * HOUR
  const until = days === undefined ? startsAt : now + days * DAY
  return { ...draft, placeId, ...(startsAt !== undefined && { startsAt }), ...(until !== undefined && { until }) }
}

async function signUp(call: (who: Who) => Caller, world: World, { id }: Publication, random: Random, count: number) {
  const grown = world.residents().filter(({ phone }) => phone !== undefined)
  for (let n = 0; n < Math.min(count, grown.length); n++) {
    const residentId = random.pick(grown).id
    await call({ role: 'resident', residentId }).post(`/api/my/publications/${id}/sign-up`, {}, `demo-${id}-${residentId}`)
  }
}
