import type { Reject } from '../../shared/arrival.ts'
import type { Device } from '../../shared/device.ts'
import { hasNoDevice, type Signal, type SignalDraft } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { dataFlaw, isKnownType } from './check-data.ts'
import { mayHoldImage, withoutImages } from './images.ts'
import { isClockUnset, isTime, isTooOld, type Keep } from './times.ts'

/** A signal that may be stored (its seq is not given yet), with its data as text. */
export interface Accepted {
  signal: Signal
  json: string
}
export interface JudgeMoment {
  now: Millis
  receivedAt?: Millis
  replayBefore?: Millis
}

/** Data of one signal as text, at most. */
const LONGEST_DATA = 64 * 1024

export type Judge = ReturnType<typeof createJudge>

/** Draft → signal, or the reason why it is none: its type, its device, its data, its age; in that order. */
export function createJudge({ world, keep, mayBeFeed }: { world: () => World; keep: Keep; mayBeFeed: (feed: string) => boolean }) {
  /** `ownKey`: the sender came with a feed's own key, and speaks of that feed's devices alone */
  return (draft: SignalDraft, moment: JudgeMoment, ownKey: boolean): Accepted | Reject => {
    const because = (reason: Reject['reason'], detail: string, where?: string): Reject => ({
      reason,
      detail,
      feed: draft.feed,
      address: draft.address ?? draft.deviceId,
      id: draft.id,
      ...(where !== undefined && { where }),
    })
    if (!isKnownType(draft.type)) return because('unknown-type', `no signal is of type ${String(draft.type).slice(0, 120)}`, '/type')
    if (!mayBeFeed(draft.feed)) return because('unknown-feed', `${draft.feed} is no feed, and there are too many to add another`, '/source')
    const device = subjectOf(world(), draft)
    if (!device) return because('unknown-device', unknownDetail(draft))
    if (ownKey && device.feed !== draft.feed)
      return because('wrong-feed', `${device.id} is a device of ${device.feed}, not of ${draft.feed}`, '/subject')
    const flaw = dataFlaw(draft.type, draft.type === 'linwang.help' ? (draft.data ?? {}) : draft.data)
    if (flaw) return because('invalid-data', `${flaw.where.slice(1)} ${flaw.detail}`, flaw.where)
    if (!isTime(draft.time)) return because('invalid-data', `${draft.time} is no time`, '/time')
    if (isTooOld(draft, moment.now, keep))
      return because('too-old', `${new Date(draft.time).toISOString()} is longer ago than signals are kept`, '/time')
    return (
      accept(draft, device, moment) ??
      because('invalid-data', `the data has more than ${LONGEST_DATA} characters or nests too deep`, '/data')
    )
  }
}

/** What a signal is about: a device of the register, or the community itself for a public warning. */
type Subject = Pick<Device, 'id' | 'placeId' | 'feed'>

function subjectOf(world: World, draft: SignalDraft): Subject | undefined {
  if (hasNoDevice(draft.type)) return { id: `/feeds/${draft.feed}`, placeId: communityOf(world), feed: draft.feed }
  return deviceOf(world, draft) ?? ofAliases(world, draft)
}

function deviceOf(world: World, { deviceId, address, feed }: SignalDraft): Device | undefined {
  if (address !== undefined) return world.deviceByAddress(feed, address)
  return world.device(deviceId!) ?? world.deviceByAddress(feed, deviceId!)
}

function ofAliases(world: World, { feed, aliases = [] }: SignalDraft): Device | undefined {
  for (const alias of aliases) {
    const device = world.deviceByAddress(feed, alias)
    if (device) return device
  }
  return undefined
}

const communities = new WeakMap<World, string>()

/** The community, or whatever the tree begins with. */
function communityOf(world: World): string {
  const known = communities.get(world)
  if (known !== undefined) return known
  const places = world.places.all()
  const found = places.find(({ kind }) => kind === 'community') ?? places.find(({ parentId }) => parentId === null)
  communities.set(world, found?.id ?? '')
  return found?.id ?? ''
}

const unknownDetail = ({ feed, address, deviceId }: SignalDraft) =>
  `${feed} speaks of ${address ?? deviceId}, which is in no register of devices`

function accept(draft: SignalDraft, device: Subject, moment: JudgeMoment): Accepted | undefined {
  const data = draft.data ?? {}
  const text = jsonOf(data)
  if (text === undefined) return undefined
  const pictures = mayHoldImage(text)
  const kept = pictures ? withoutImages(data) : data
  const json = pictures ? JSON.stringify(kept) : text
  if (json.length > LONGEST_DATA) return undefined
  const receivedAt = moment.receivedAt ?? moment.now
  const timeAssumed = draft.timeAssumed === true || isClockUnset(draft.time)
  const at = timeAssumed ? receivedAt : Math.min(draft.time, receivedAt)
  const replay = draft.replay === true || (moment.replayBefore !== undefined && at < moment.replayBefore)
  const { feed, id, type, time, offset, status } = draft
  const signal = {
    seq: 0,
    feed,
    id,
    type,
    deviceId: device.id,
    placeId: device.placeId,
    time,
    offset,
    receivedAt,
    at,
    status,
    data: kept,
  } as Signal
  if (replay) signal.replay = true
  if (timeAssumed) signal.timeAssumed = true
  if (draft.backlog) signal.backlog = true
  if (draft.repeat) signal.repeat = true
  return { signal, json }
}

function jsonOf(data: unknown): string | undefined {
  try {
    return JSON.stringify(data)
  } catch {
    return undefined
  }
}
