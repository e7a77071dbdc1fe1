import type { Guess } from '../../shared/arrival.ts'
import type { DeviceKind } from '../../shared/device.ts'
import type { SignalDraft } from '../../shared/signal.ts'

/** What speaks these protocols, when the message itself does not tell. */
const BY_SOURCE: readonly (readonly [start: string, kind: DeviceKind])[] = [
  ['frigate', 'camera'],
  ['hikvision', 'camera'],
  ['dahua', 'camera'],
  ['onvif', 'camera'],
  ['gb28181', 'camera'],
  ['sia', 'alarm-panel'],
]

/** Hazards that a detector of their own reports; any other comes from a panel. */
const HAZARD_KINDS: Readonly<Record<string, DeviceKind>> = { smoke: 'smoke', fire: 'smoke', gas: 'gas', leak: 'leak' }

/** What an unknown sender seems to be, for whoever is to bind it. */
export function guessOf(draft: SignalDraft, source: string): Guess {
  const kind = kindOf(draft) ?? kindBySource(source)
  const { type, aliases = [] } = draft
  return { type, ...(kind && { kind }), ...(aliases.length > 0 && { aliases: aliases.slice(0, 8) }) }
}

export function guessBySource(source: string): Guess | undefined {
  const kind = kindBySource(source)
  return kind && { kind }
}

const kindBySource = (source: string) => BY_SOURCE.find(([start]) => source.startsWith(start))?.[1]

function kindOf({ type, data }: SignalDraft): DeviceKind | undefined {
  const said = (data ?? {}) as Record<string, unknown>
  switch (type) {
    case 'linwang.camera':
      return 'camera'
    case 'linwang.passage':
      return 'gate'
    case 'linwang.contact':
      // a lock belongs to a terminal that opens it
      return said.part === undefined ? 'door-contact' : 'gate'
    case 'linwang.motion':
      return 'motion'
    case 'linwang.help':
      return 'help-button'
    case 'linwang.meter':
      return said.quantity === 'power' ? 'power-meter' : 'water-meter'
    case 'linwang.hazard':
      return Object.hasOwn(HAZARD_KINDS, String(said.hazard)) ? HAZARD_KINDS[String(said.hazard)] : undefined
    default:
      return undefined
  }
}
