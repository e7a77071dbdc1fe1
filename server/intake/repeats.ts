import { hash } from 'node:crypto'
import type { Millis } from '../../shared/status.ts'

/** A panel that got no answer says the same again within this time, by receipt. */
const WINDOW: Millis = 5 * 60_000
/** More happenings are not remembered: 2 MB at most, an hour of four every second. */
const MOST = 16_384

export type RepeatState = [key: string, at: Millis][]

/** What senders said in the last minutes, to know a resend that comes with a new id. Follows the transaction. */
export interface Repeats {
  /** whether the device said the same within five minutes before; the first time is remembered */
  isAgain(feed: string, deviceId: string, sameAs: string, at: Millis): boolean
  committed(): void
  rolledBack(): void
  save(): RepeatState
  load(state: RepeatState): void
}

/** In the order of saying, so that the oldest goes first. */
export function createRepeats(): Repeats {
  const told = new Map<string, Millis>()
  let before: [key: string, at: Millis | undefined][] = []

  function forgetOld(now: Millis) {
    for (const [key, at] of told) {
      if (now - at < WINDOW && told.size <= MOST) return
      before.push([key, at])
      told.delete(key)
    }
  }

  return {
    isAgain(feed, deviceId, sameAs, at) {
      const key = hash('sha1', `${feed}\n${deviceId}\n${sameAs}`, 'base64')
      const first = told.get(key)
      if (first !== undefined && Math.abs(at - first) < WINDOW) return true
      before.push([key, first])
      told.delete(key)
      told.set(key, at)
      forgetOld(at)
      return false
    },
    committed() {
      before = []
    },
    rolledBack() {
      for (const [key, at] of before.reverse()) {
        told.delete(key)
        if (at !== undefined) told.set(key, at)
      }
      before = []
      const ordered = [...told].sort(([, a], [, b]) => a - b)
      told.clear()
      for (const [key, at] of ordered) told.set(key, at)
    },
    save: () => [...told],
    load(state) {
      told.clear()
      before = []
      for (const [key, at] of state) told.set(key, at)
    },
  }
}
