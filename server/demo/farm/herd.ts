import type { Random } from '../../../shared/random.ts'

/** Devices of one vendor on one feed, speaking the vendor's own protocol over loopback. */
export interface Herd {
  readonly name: string
  readonly feed: string
  /** what the feed calls them, as a register would hold it */
  readonly addresses: readonly string[]
  /** what they are, for the register */
  readonly kind: string
  /** `n`-th device says something; resolves when it was acknowledged, rejects when it was not */
  speak(n: number, at: number, alarm: boolean): Promise<void>
  close?(): Promise<void>
}

export interface Ground {
  /** http://127.0.0.1:8080 */
  url: string
  key: string
  mqttUrl: string
  siaPort: number
  random: Random
}

export type MakeHerd = (count: number, ground: Ground) => Herd | Promise<Herd>

/** Posts as a device does that was given an address and a key; anything but success is an error with the server's own words. */
export async function postAs(ground: Ground, path: string, type: string, body: string): Promise<void> {
  const response = await fetch(`${ground.url}${path}?key=${encodeURIComponent(ground.key)}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${answer.slice(0, 200)}`)
}

const hex = (n: number) => n.toString(16).padStart(2, '0')
/** locally administered, so that no real device has it */
export const macOf = (herd: number, n: number) => `02:00:${hex(herd)}:${hex((n >> 16) & 255)}:${hex((n >> 8) & 255)}:${hex(n & 255)}`
export const numbered = (count: number, name: (n: number) => string) => Array.from({ length: count }, (_, n) => name(n))

/** 2026-11-23T20:00:00+08:00 */
export const chinaTime = (at: number) => `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`
