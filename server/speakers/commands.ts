import {
  type Broadcast,
  type BroadcastDraft,
  isBroadcastOver,
  SPEAKER_STATES,
  type SpeakerLink,
  type SpeakerState,
} from '../../shared/broadcast.ts'
import type { Device } from '../../shared/device.ts'
import { conflict, notFound, unprocessable } from '../../shared/problem.ts'
import { actorId, checkVersion, fieldWrong, optionalText } from '../command.ts'
import type { BroadcastStore } from '../store/broadcasts.ts'
import type { Command, Work } from '../work.ts'
import { compose, speakersFor, withSpeaker } from './broadcast.ts'

export const LINK_SETTING = 'speakers.link'
/** As it lies in the settings. */
export interface StoredLink {
  link: SpeakerLink
  sealed?: string | undefined
}
export const speakerLinkCommands = (keep: (stored: StoredLink) => void) => ({
  'speakers.link'(work: Work, { body, actor }: Command): StoredLink {
    const stored = body as unknown as StoredLink
    keep(stored)
    work.audit({ by: actorId(actor), act: 'speakers.link', subject: 'speakers', detail: { link: stored.link } })
    return stored
  },
})

type Handler = (work: Work, command: Command) => Broadcast

/** Draft or proposal → sent (confirmed) → ended or stopped. Nothing is heard before `send`. Problems: 404, 409 with `current`, 422 for a field. */
export function broadcastCommands(store: BroadcastStore): Record<string, Handler> {
  const known = ({ target = '' }: Command): Broadcast => {
    const broadcast = store.get(target)
    if (!broadcast) throw notFound(`There is no broadcast ${target}`)
    return broadcast
  }
  const seen = (command: Command, states: readonly Broadcast['state'][]): Broadcast => {
    const broadcast = known(command)
    checkVersion(broadcast, command, broadcast.steps.at(-1)?.act ?? '')
    if (!states.includes(broadcast.state)) throw conflict(`${broadcast.id} is ${broadcast.state}.`, { current: broadcast })
    return broadcast
  }
  const put = (work: Work, command: Command, broadcast: Broadcast, act: string): Broadcast => {
    const by = actorId(command.actor)
    const after = { ...broadcast, steps: [...broadcast.steps, { at: work.now, act, by }] }
    const { id, text, clip, repeat, speakers } = after
    work.audit({
      by,
      act: command.name,
      subject: id,
      detail: { text, clip: clip?.hash, repeat, speakers: speakers.map((one) => one.deviceId) },
    })
    store.put(after)
    return after
  }
  return {
    'broadcast.add'(work, command) {
      const draft = command.body as unknown as BroadcastDraft
      const speakers = meant(work, draft)
      mustSaySomething(draft)
      const made = compose(work.world, draft, speakers, actorId(command.actor), work.now)
      return put(work, command, { ...made, id: work.newId('broadcast'), state: 'draft', steps: [] }, 'drafted')
    },
    /** the confirmation; what it says may be put right in the same step */
    'broadcast.send'(work, command) {
      const before = seen(command, ['draft', 'proposed'])
      const text = optionalText(command, 'text') ?? before.text
      const made = compose(work.world, { ...before, text, speakers: undefined }, devicesOf(work, before), before.by, before.at)
      const sent = { ...before, ...made, state: 'sent' as const, sentAt: work.now, version: before.version + 1 }
      return put(work, command, sent, 'sent')
    },
    'broadcast.stop'(work, command) {
      const before = seen(command, ['sent'])
      const silenced = before.speakers.map((one) =>
        one.state === 'waiting' || one.state === 'playing' ? { ...one, state: 'stopped' as const, at: work.now } : one,
      )
      return put(work, command, { ...before, speakers: silenced, state: 'stopped', version: before.version + 1 }, 'stopped')
    },
    'broadcast.discard'(work, command) {
      const before = seen(command, ['draft', 'proposed'])
      return put(work, command, { ...before, state: 'discarded', version: before.version + 1 }, 'discarded')
    },
    /** what a speaker answered; a word that comes too late changes nothing */
    'broadcast.heard'(work, command) {
      const before = known(command)
      const { deviceId, state, error } = command.body
      if (!SPEAKER_STATES.includes(state as SpeakerState)) throw fieldWrong('state', `one of ${SPEAKER_STATES.join(', ')}`)
      if (isBroadcastOver(before)) return before
      const after = withSpeaker(
        before,
        String(deviceId),
        state as SpeakerState,
        work.now,
        error === undefined ? undefined : String(error).slice(0, 200),
      )
      store.put(after)
      return after
    },
  }
}

function mustSaySomething({ text, clip }: BroadcastDraft) {
  if ((text === undefined || text.trim() === '') && !clip)
    throw unprocessable('There is nothing to say.', {
      errors: [{ field: 'text', detail: 'is missing', fix: 'give a text, or a recording' }],
    })
}

function meant(work: Work, { speakers, placeId }: BroadcastDraft): Device[] {
  if (speakers) return speakers.map((id, n) => speakerOf(work, id) ?? wrongSpeaker(n))
  if (placeId === undefined || !work.world.places.get(placeId)) throw fieldWrong('placeId', 'the id of a place, or speakers')
  const found = speakersFor(work.world, placeId)
  if (found.length === 0) throw fieldWrong('placeId', 'a place with a loudspeaker: the register has none here')
  return found
}

const wrongSpeaker = (n: number): never => {
  throw fieldWrong(`speakers.${n}`, 'the id of a loudspeaker')
}
function speakerOf({ world }: Work, id: string): Device | undefined {
  const device = world.device(id)
  return device?.kind === 'speaker' ? device : undefined
}
const devicesOf = (work: Work, { speakers }: Broadcast): Device[] => {
  const found = speakers.flatMap(({ deviceId }) => speakerOf(work, deviceId) ?? [])
  if (found.length === 0) throw unprocessable('None of its loudspeakers is in the register any more.')
  return found
}
