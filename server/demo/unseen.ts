import type { Millis } from '../../shared/status.ts'
import type { Stage } from './beats.ts'
import { type Day, MINUTE } from './day.ts'
import { tripsOf } from './habits.ts'
import type { Prepare } from './prepared.ts'
import { findTarget } from './targets.ts'
import { type CareHome, longKnown } from './town.ts'

/** Minutes of the day up to which somebody who goes out may stay away: who is asked after is asked before the evening. */
const LAST_WAY_OUT = 15.5 * 60
/** The way in from the estate's gate begins so long before the door, minutes. */
const WAY_IN = 6
/** From the usual return to the alert, about, minutes. */
const UNTIL_MISSED = 45

/** Once a day one person of a long known home goes out as usual and does not come back. */
export const lateReturns: Prepare = (story, { stage, world, day, now, random, used }) => {
  const town = longKnown(stage.town)
  const returns = new Map(town.careHomes.flatMap((home) => returnOf(home, stage, day, now)))
  const careHomes = town.careHomes.filter(({ flat }) => returns.has(flat))
  const target = findTarget(story, { ...town, careHomes }, world, random, used, 0)
  if (!target?.residentId) return []
  const from = returns.get(target.placeId)!
  stage.mutes.home(target.placeId, from)
  stage.mutes.person(target.residentId, from)
  stage.astray.add(target.residentId)
  return [{ target, from, shows: from + UNTIL_MISSED * MINUTE }]
}

/** When the way home of the person's next outing begins; nothing when there is none today. */
function returnOf({ flat, who }: CareHome, { town }: Stage, day: Day, now: Millis): [flat: string, at: Millis][] {
  const at = (minute: number) => day.start + (minute - WAY_IN) * MINUTE
  const trip = tripsOf(who, day, town.seed).find(({ out = 0, back = 1440, leaves }) => leaves && out < LAST_WAY_OUT && at(back) > now)
  return trip?.back === undefined ? [] : [[flat, at(trip.back)]]
}

/** A sensor is missed two hours after its last word; some of them spoke just before, minutes. */
const UNTIL_BLIND = 130
/** It has been out for so long already when the wall is switched on, minutes. */
const BEFORE = 90
const [FIRST, LAST] = [9, 16] as const

/** Once a day the gateway of a building goes out, and the homes behind it are not heard. */
export const gatewaysOut: Prepare = (story, { stage, world, day, now, random, used }) => {
  const from = Math.max(day.start + random.int(FIRST * 60, LAST * 60) * MINUTE, now - BEFORE * MINUTE)
  const buildings = new Set([...used].flatMap((placeId) => world.places.nearest(placeId, 'building')?.id ?? []))
  const target = findTarget(story, stage.town, world, random, buildings, 0)
  if (!target || from > day.start + (LAST + 3) * 60 * MINUTE) return []
  for (const { id } of target.devices) stage.mutes.device(id, from)
  return [{ target, from, shows: from + UNTIL_BLIND * MINUTE }]
}
