import { PATCHES_PER_SECOND, type Patch } from '../../shared/live.ts'
import { diffStates, everyField, type Op } from '../../shared/patch.ts'
import type { Projector } from '../../shared/project.ts'
import type { FieldName, ListName, WallState } from '../../shared/wall.ts'
import { encodeEvent, type Frame } from './frame.ts'
import { createPacer } from './pacer.ts'

export const NAMESPACE = '/live'

export interface Member {
  /** writes the frame, or not when too much waits for it already */
  send(frame: Frame, revision?: number): void
}

/** Everybody who is shown the same: projected once, encoded once, sent to all (P3). */
export interface Channel {
  readonly members: Set<Member>
  /** what its revisions count */
  readonly basis: string
  /** the revision that its members know */
  revision(): number
  /** something was committed */
  poke(): void
  /** brings its members to the present when that is allowed now */
  settle(): void
  beat(clock: ClockNow): void
  beatFrame(clock: ClockNow): Frame
  snapshot(): Frame
  /** the present value of what was touched, for a member at that revision */
  catchUp(revision: number, keys: ReadonlySet<string>): Frame
  close(): void
}

export interface ClockNow {
  /** domain time, ms */
  at: number
  /** real time, ms */
  sent: number
  rate: number
}

export interface ChannelOptions {
  basis: string
  projector: Projector
  state(): WallState
  monotonic(): number
  onPatch(members: number): void
}

export function createChannel({ basis, projector, state, monotonic, onPatch }: ChannelOptions): Channel {
  const members = new Set<Member>()
  let sent = projector(state())
  let snapshot: { of: WallState; frame: Frame } | undefined

  const sendAll = (frame: Frame, revision?: number) => {
    for (const member of members) member.send(frame, revision)
  }
  /** Sends what changed in this channel's eyes; nothing when nothing did, unless the revision itself is to be told (`full`). */
  const flush = (full: boolean) => {
    if (state().revision === sent.revision) return false
    const next = projector(state())
    const ops = diffStates(sent, next)
    if (ops.length === 0 && !full) return false
    const patch: Patch = { from: sent.revision, to: next.revision, at: next.at, ops }
    sent = next
    sendAll(encodeEvent(NAMESPACE, 'patch', patch), next.revision)
    onPatch(members.size)
    return true
  }
  const pacer = createPacer(1_000 / PATCHES_PER_SECOND, monotonic, flush)

  const beatFrame = (clock: ClockNow) => encodeEvent(NAMESPACE, 'beat', { revision: sent.revision, ...clock })

  return {
    members,
    basis,
    revision: () => sent.revision,
    poke: pacer.poke,
    settle: pacer.settle,
    beatFrame,
    beat(clock) {
      pacer.settle()
      sendAll(beatFrame(clock))
    },
    snapshot() {
      if (snapshot?.of === sent) return snapshot.frame
      const { revision, at } = sent
      snapshot = { of: sent, frame: encodeEvent(NAMESPACE, 'snapshot', { revision, at, basis, state: sent }) }
      return snapshot.frame
    },
    catchUp: (from, keys) => encodeEvent(NAMESPACE, 'patch', { from, to: sent.revision, at: sent.at, ops: presentValues(sent, keys) }),
    close: pacer.stop,
  }
}

/** Fields that a projection derives from lists: always told when anything was missed. */
const DERIVED: readonly FieldName[] = ['totals', 'shift', 'alertTotals', 'incidentTotals', 'orderTotals', 'deviceTotals']

function presentValues(state: WallState, keys: ReadonlySet<string>): Op[] {
  if (keys.size === 0) return []
  const fields = everyField.filter((field) => keys.has(field) || DERIVED.includes(field))
  const ops: Op[] = fields.map((field) => ({ op: 'set', field, value: state[field] }))
  const items = new Map<ListName, Map<string, { id: string }>>()
  for (const key of keys) {
    const slash = key.indexOf('/')
    if (slash < 0) continue
    const list = key.slice(0, slash) as ListName
    if (!items.has(list)) items.set(list, new Map(state[list].map((item) => [item.id, item])))
    const item = items.get(list)!.get(key.slice(slash + 1))
    ops.push(item ? { op: 'put', list, item } : { op: 'drop', list, id: key.slice(slash + 1) })
  }
  return ops
}
