import type { Device } from '../../shared/device.ts'
import type { DeviceHealth } from '../../shared/device-health.ts'
import type { Millis } from '../../shared/status.ts'
import type { DeviceView, WallState } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import { type Ear, isMute, patienceWith, type Voice, type Voices } from './ears.ts'

/** Kinds that a screen shows one by one; of the thousands in the flats those that were never heard are only counted. */
const SHOWN_WHEN_NEVER: ReadonlySet<string> = new Set(['camera', 'gate', 'speaker'])

/** The devices that are not heard or not well, and how many of each kind are heard. */
export function viewDevices(
  world: World,
  voices: Voices,
  earOf: (id: string) => Ear | undefined,
  now: Millis,
): { unwell: DeviceView[]; totals: WallState['deviceTotals'] } {
  const unwell: DeviceView[] = []
  const totals: WallState['deviceTotals'] = {}
  for (const device of world.devices()) {
    const ear = earOf(device.id)
    const mute = ear !== undefined && isMute(ear, patienceWith(ear, voices.get(device.id)!), now)
    totals[device.kind] ??= { total: 0, heard: 0, never: 0 }
    const total = totals[device.kind]!
    total.total++
    if (ear === undefined) total.never++
    else if (!mute) total.heard++
    const view = unwellness(device, ear, mute)
    if (view) unwell.push(view)
  }
  return { unwell, totals }
}

export type Hearing = Pick<DeviceHealth, 'state' | 'usualGap' | 'silentAfter' | 'expectation' | 'battery'>

export function hearingOf(voice: Voice, ear: Ear | undefined, now: Millis): Hearing {
  const silentAfter = ear ? patienceWith(ear, voice) : voice.silentAfter
  const expectation = voice.byHand ? 'set' : silentAfter === voice.silentAfter ? 'kind' : 'learned'
  const state = stateOf(ear, ear !== undefined && isMute(ear, silentAfter, now))
  const usualGap = ear?.pulse ? seconds(ear.pulse[0]) : null
  return { state, usualGap, silentAfter: seconds(silentAfter), expectation, battery: ear?.battery ?? null }
}

const seconds = (ms: Millis) => Math.round(ms / 1000)

function stateOf(ear: Ear | undefined, mute: boolean): Hearing['state'] {
  if (ear === undefined) return 'never'
  if (mute) return 'silent'
  if (ear.fault !== undefined) return 'fault'
  return ear.low === undefined ? 'heard' : 'low-battery'
}

function unwellness(device: Device, ear: Ear | undefined, mute: boolean): DeviceView | undefined {
  if (ear === undefined) return SHOWN_WHEN_NEVER.has(device.kind) ? viewOf(device, 'never', null) : undefined
  if (mute) return viewOf(device, 'silent', ear.at)
  if (ear.fault !== undefined) return viewOf(device, 'fault', ear.fault)
  return ear.low === undefined ? undefined : viewOf(device, 'low-battery', ear.low)
}

const viewOf = ({ id, kind, placeId, feed }: Device, state: DeviceView['state'], since: Millis | null): DeviceView => ({
  id,
  kind,
  placeId,
  feed,
  state,
  since,
})
