import { type Broadcast, type BroadcastDraft, type SpeakerState, secondsToRead } from '../../shared/broadcast.ts'
import type { Device } from '../../shared/device.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'

/** What a broadcast is made of, before it has an id. `places`: where the speaker hangs; a drill says so at the beginning (X1). */
export function compose(
  world: World,
  draft: BroadcastDraft,
  speakers: readonly Device[],
  by: string,
  at: Millis,
): Omit<Broadcast, 'id' | 'state' | 'steps'> {
  const status = draft.status ?? 'actual'
  const text = draft.text?.trim()
  const said = text !== undefined && status !== 'actual' && !text.startsWith('演练') ? `演练：${text}` : text
  return {
    ...(said !== undefined && { text: said }),
    ...(draft.clip && { clip: draft.clip }),
    repeat: draft.repeat ?? 1,
    seconds: draft.clip?.seconds ?? secondsToRead(said ?? ''),
    status,
    placeId: draft.placeId ?? world.places.path(speakers[0]!.placeId).at(-1)!.id,
    speakers: speakers.map(({ id }) => ({ deviceId: id, state: 'waiting' as const, at })),
    ...(draft.incidentId !== undefined && { incidentId: draft.incidentId }),
    by,
    at,
    version: 1,
  }
}

/** The loudspeakers of a place; when none hangs in it, those of its grid, else of the whole community. */
export function speakersFor(world: World, placeId: string): Device[] {
  const all = world.devices().filter(({ kind }) => kind === 'speaker')
  const inside = (scope: string | undefined) => (scope === undefined ? [] : all.filter((one) => world.places.within(one.placeId, scope)))
  const own = inside(placeId)
  if (own.length > 0) return own
  const grid = inside(world.places.nearest(placeId, 'grid')?.id)
  return grid.length > 0 ? grid : inside(world.places.nearest(placeId, 'community')?.id)
}

const OVER: readonly SpeakerState[] = ['played', 'failed', 'stopped']

/** One speaker's state; the broadcast has ended when none of them has anything more to say. */
export function withSpeaker(broadcast: Broadcast, deviceId: string, state: SpeakerState, at: Millis, error?: string): Broadcast {
  const speakers = broadcast.speakers.map((one) =>
    one.deviceId === deviceId && !OVER.includes(one.state) ? { deviceId, state, at, ...(error !== undefined && { error }) } : one,
  )
  const isOver = broadcast.state === 'sent' && speakers.every((one) => OVER.includes(one.state))
  const ended = { ...broadcast, speakers, version: broadcast.version + 1 }
  return isOver ? { ...ended, state: 'ended', steps: [...broadcast.steps, { at, act: 'ended', by: 'system' }] } : ended
}

/** ms until the last word, with a breath between repeats */
export const lengthOf = ({ seconds, repeat }: Pick<Broadcast, 'seconds' | 'repeat'>) => (seconds + 2) * repeat * 1000
