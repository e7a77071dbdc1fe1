import type { DeviceKind } from '../../../shared/device.ts'
import type { SignalDraft } from '../../../shared/signal.ts'

/** What a signal says, before it is known whose and when. */
export type Reading = { [T in SignalDraft['type']]: Pick<Extract<SignalDraft, { type: T }>, 'type' | 'data'> }[SignalDraft['type']]

/** A wired input says only that it is on or off: what hangs on it, the register knows. Undefined: nothing to tell, or nobody knows. */
export function inputReading(kind: DeviceKind | undefined, action: string): Reading | 'unknown' | undefined {
  const active = action !== 'Stop'
  switch (kind) {
    case 'smoke':
    case 'gas':
    case 'leak':
      return { type: 'linwang.hazard', data: { hazard: kind, active } }
    case 'alarm-panel':
      return { type: 'linwang.hazard', data: { hazard: 'intrusion', active } }
    case 'help-button':
      return active ? { type: 'linwang.help', data: {} } : undefined
    case 'motion':
      return { type: 'linwang.motion', data: { occupied: active } }
    case 'door-contact':
      return { type: 'linwang.contact', data: { open: active } }
    default:
      return 'unknown'
  }
}
