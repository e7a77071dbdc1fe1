import type { Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { type Home, isOwnUnit } from './homes.ts'
import type { InactivityState } from './inactivity-state.ts'
import { movedInside, passedIn, passedOut, usedDoor } from './presence.ts'
import { readAt } from './quiet/cadence.ts'
import type { Sign } from './quiet/model.ts'
import { beat } from './rhythm.ts'

/** Takes in one live signal of a home or of its person; says whether it was a sign of life. */
export function takeSign(state: InactivityState, signal: Signal, home: Home, world: World): boolean {
  if (!isSign(state, signal, home, world)) return false
  state.moved = Math.max(signal.at, state.moved ?? 0)
  beat(state.rhythm, signal.at, signal.receivedAt, world.utcOffset)
  return true
}

/** What is too old to act on still teaches how lively the home usually is (I4). */
export function teachSign(state: InactivityState, signal: Signal, world: World) {
  const isLively = signal.type === 'linwang.motion' ? signal.data.occupied : signal.type !== 'linwang.meter'
  if (isLively) beat(state.rhythm, signal.at, signal.receivedAt, world.utcOffset)
}

/** The sign of life in a signal of days ago; a meter's says nothing without the reading before it. */
export function pastSign({ type, data, at }: Signal): Sign | undefined {
  if (type === 'linwang.motion') return data.occupied ? { at, after: 'home' } : undefined
  if (type === 'linwang.help') return { at, after: 'home' }
  if (type === 'linwang.contact') return { at, after: 'door' }
  if (type === 'linwang.passage' && data.granted) return { at, after: data.direction === 'in' ? 'home' : 'door' }
  return undefined
}

function isSign(state: InactivityState, signal: Signal, home: Home, world: World): boolean {
  switch (signal.type) {
    case 'linwang.motion':
      if (signal.data.occupied) movedInside(state.where, signal.at)
      return signal.data.occupied
    case 'linwang.contact':
      return takeDoor(state, signal.data.open, signal.at)
    case 'linwang.passage':
      return signal.data.granted && takePassage(state, signal, home, world)
    case 'linwang.help':
      movedInside(state.where, signal.at)
      return true
    case 'linwang.meter':
      return signal.data.quantity === 'water' && drewWater(state, signal.data.reading, signal.at)
    default:
      return false
  }
}

/** A contact that says again what it said before checks in, as many do every hour: nobody used the door. */
function takeDoor(state: InactivityState, open: boolean, at: Millis): boolean {
  if (open === (state.doorOpen ?? false)) return false
  state.doorOpen = open
  state.door = Math.max(at, state.door ?? 0)
  usedDoor(state.where, at)
  return true
}

function takePassage(state: InactivityState, signal: Signal & { type: 'linwang.passage' }, home: Home, world: World): boolean {
  state.passed = Math.max(signal.at, state.passed ?? 0)
  if (signal.data.direction === 'out') passedOut(state.where, signal.at)
  else if (signal.data.direction === 'in') passedIn(state.where, signal.at, isOwnUnit(signal.placeId, home.flat, world.places))
  else usedDoor(state.where, signal.at)
  return true
}

/** A tap that runs is a sign of life, though not where and when within the hour. */
function drewWater(state: InactivityState, reading: number, at: Millis): boolean {
  const drew = state.water !== null && reading > state.water
  state.water = reading
  if (state.readings === undefined) state.readings = { at, every: 0 }
  else if (readAt(state.readings, at)) state.unread = true
  // where nothing else listens it is all that is known
  if (drew && state.sparse) movedInside(state.where, at)
  return drew
}
