import type { Finding } from '../../shared/finding.ts'
import type { Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { type Context, type DetectorOver, NOTHING } from './detector.ts'
import { type Home, surveyHomes } from './homes.ts'
import { isHeardSince } from './proof.ts'
import { type Room, roomOf } from './rooms.ts'
import { isRecent, isSettled, noteLateness, type Settling, tellsOfPeople } from './settling.ts'

/** In which room one who lives alone is. Plain JSON. */
export interface RoomStayState extends Settling {
  here: Stay | null
  /** the same for days before, which come in afterwards and only teach (I4) */
  past?: Stay | null
  raised: boolean
  /** minutes of the last stays, the youngest last; only of rooms that have a line */
  stays: Partial<Record<Room, number[]>>
}
/** Nobody was seen elsewhere since; a sensor whose room is not known tells that it is another one. */
interface Stay {
  room: Room | 'somewhere'
  since: Millis
  moved: Millis
}

const MINUTE: Millis = 60_000
const KEPT = 30
const ENOUGH = 10
/** How much longer than usual is too long, and how far habit may move the line. */
const BEYOND_USUAL = 1.5
const AT_MOST = 3

/** Somebody living alone who went into the bathroom and has been seen nowhere else for too long. Keyed by resident. */
export const roomStay: DetectorOver<RoomStayState> = (world) => {
  const homes = surveyHomes(world)
  const rooms = new Map(
    [...homes.byFlat.values()].flatMap(({ motions }) => motions.map((id) => [id, roomOf(world.device(id)!) ?? 'somewhere'] as const)),
  )
  const isDivided = ({ motions }: Home) => new Set(motions.map((id) => rooms.get(id))).size > 1
  const byResident = new Map([...homes.byResident].filter(([, home]) => isDivided(home)))
  return {
    name: 'room-stay',
    types: ['linwang.motion', 'linwang.contact', 'linwang.passage'],
    keyOf(signal) {
      const id = signal.type === 'linwang.passage' ? signal.data.residentId : homes.byFlat.get(signal.placeId)?.resident.id
      return id !== undefined && byResident.has(id) ? id : undefined
    },
    start: () => ({ here: null, raised: false, stays: {} }),
    onSignal(state, signal, context) {
      const room = whereSeen(signal, rooms)
      if (room === undefined || !tellsOfPeople(signal)) return NOTHING
      const home = byResident.get(
        signal.type === 'linwang.passage' ? signal.data.residentId! : homes.byFlat.get(signal.placeId)!.resident.id,
      )!
      if (!isRecent(signal, world)) {
        state.past = move(state, state.past ?? null, room, signal.at, home, world)
        return NOTHING
      }
      noteLateness(state, signal)
      return seen(state, room, signal.at, home, context.world)
    },
    onTick(state, context, key) {
      const home = byResident.get(key)
      return home && state.here && !state.raised ? check(state, state.here, home, rooms, context) : NOTHING
    },
  }
}

/** null: at the door or a gate, so in no room; undefined: the signal tells nothing */
function whereSeen(signal: Signal, rooms: ReadonlyMap<string, Stay['room']>): Stay['room'] | null | undefined {
  if (signal.type === 'linwang.motion') return signal.data.occupied ? rooms.get(signal.deviceId) : undefined
  if (signal.type === 'linwang.contact') return signal.data.open ? null : undefined
  return signal.type === 'linwang.passage' && signal.data.granted ? null : undefined
}

function seen(state: RoomStayState, room: Stay['room'] | null, at: Millis, home: Home, world: World): readonly Finding[] {
  const before = state.here
  state.here = move(state, before, room, at, home, world)
  if (!state.raised || state.here?.since === before?.since) return NOTHING
  state.raised = false
  return [{ act: 'clear', key: keyOf(home), at, evidence: { leftAt: at } }]
}

/** What comes out of order changes nothing. */
function move(state: RoomStayState, stay: Stay | null, room: Stay['room'] | null, at: Millis, home: Home, world: World): Stay | null {
  if (stay && at < stay.moved) return stay
  if (stay && stay.room === room) return { ...stay, moved: at }
  if (stay) remember(state, stay, at, home, world)
  return room === null ? null : { room, since: at, moved: at }
}

function remember({ stays, raised }: RoomStayState, { room, since }: Stay, until: Millis, { resident }: Home, world: World) {
  // a stay that people were called for teaches nothing
  if (room === 'somewhere' || raised || lineOf(room, resident.id, world) === 0) return
  const minutes = Math.round((until - since) / MINUTE)
  stays[room] = [...(stays[room] ?? []), minutes].slice(-KEPT)
}

/** minutes; 0: none */
const lineOf = (room: Room, residentId: string, world: World): number =>
  world.threshold(`room-stay.${room === 'bathroom' || room === 'kitchen' ? room : 'other'}-minutes`, residentId)

/** What nine of ten stays are shorter than, minutes; null: not known yet */
function usualStay(stays: readonly number[] = []): number | null {
  return stays.length < ENOUGH ? null : [...stays].sort((a, b) => a - b)[Math.floor(stays.length * 0.9)]!
}

function check(state: RoomStayState, stay: Stay, home: Home, rooms: ReadonlyMap<string, string>, context: Context): readonly Finding[] {
  const { room, since } = stay
  if (room === 'somewhere' || !isSettled(state, context.now)) return NOTHING
  const line = lineOf(room, home.resident.id, context.world)
  const usual = usualStay(state.stays[room])
  const limit = Math.min(AT_MOST * line, Math.max(line, BEYOND_USUAL * (usual ?? 0)))
  // whoever is in there while the person is announced to be away is a guest
  const from = Math.max(since, context.awayUntil?.(home.resident.id, since, context.now) ?? since)
  const minutes = Math.floor((context.now - from) / MINUTE)
  if (line === 0 || minutes < limit || !isHeard(home, since, context)) return NOTHING
  state.raised = true
  const deviceId = home.motions.find((id) => rooms.get(id) === room)
  return [raise(home, context.now, deviceId, { since, room, stayMinutes: minutes, usualMinutes: usual, lastMotion: stay.moved })]
}

/** A2: a sensor that was not heard all the while may have missed the way out of the room. */
const isHeard = ({ motions, doors }: Home, since: Millis, context: Context): boolean =>
  [...motions, ...doors].every((id) => isHeardSince(id, since, context))

const keyOf = ({ resident }: Pick<Home, 'resident'>) => `room-stay/${resident.id}`

const raise = (
  { resident }: Home,
  at: Millis,
  deviceId: string | undefined,
  evidence: Extract<Finding, { act: 'raise' }>['evidence'],
): Finding => ({
  act: 'raise',
  key: keyOf({ resident }),
  kind: 'room-stay',
  priority: 2,
  status: 'actual',
  placeId: resident.placeId,
  residentId: resident.id,
  deviceId,
  at,
  evidence,
})
