import type { Finding } from '../../shared/finding.ts'
import type { SignalOf } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import { type Context, type DetectorOver, NOTHING } from './detector.ts'
import { cameraKind, isCameraFault, type Kind } from './kinds.ts'
import { isLate, matter, mayRaise } from './lateness.ts'

export type CameraSignal = SignalOf<'linwang.camera'>

/** Which cameras of one place see it now. */
export interface CameraState {
  seen: Record<string, Millis>
}

/** What cameras see. Cameras that look at one place and see the same are one matter (A4). */
export const camera: DetectorOver<CameraState> = (world) => ({
  name: 'camera',
  types: ['linwang.camera'],
  keyOf(signal) {
    const { event } = (signal as CameraSignal).data
    const kind = cameraKind(event)
    return kind && kind.for !== 'engineer' ? matter(kind.family ?? event, signal.placeId, signal.status) : undefined
  },
  start: () => ({ seen: {} }),
  isBlank: ({ seen }) => Object.keys(seen).length === 0,
  onSignal(state, signal, context) {
    const event = signal as CameraSignal
    if (event.data.active === false) return gone(state, event)
    if (!mayRaise(event, world) || isDoubtful(event, context)) return NOTHING
    return seen(state, event, cameraKind(event.data.event)!)
  },
})

const isDoubtful = ({ data, deviceId }: CameraSignal, { world }: Context) =>
  data.confidence !== undefined && data.confidence < world.threshold('camera.confidence', deviceId)

function seen(state: CameraState, signal: CameraSignal, kind: Kind): Finding[] {
  const raise = cameraFinding(signal, kind, matter(kind.family ?? signal.data.event, signal.placeId, signal.status))
  if (signal.data.active) state.seen[signal.deviceId] = signal.at
  return raise.latched || signal.data.active ? [raise] : [raise, { act: 'clear', key: raise.key, at: signal.at }]
}

function gone(state: CameraState, signal: CameraSignal): readonly Finding[] {
  const since = state.seen[signal.deviceId]
  if (since === undefined || signal.at < since) return NOTHING
  delete state.seen[signal.deviceId]
  const { event } = signal.data
  const key = matter(cameraKind(event)?.family ?? event, signal.placeId, signal.status)
  return Object.keys(state.seen).length === 0 ? [{ act: 'clear', key, at: signal.at }] : NOTHING
}

/**
 * A camera that says no end: what is urgent stays until people have been there, the rest was a moment, over at once and left for the
 * officer to acknowledge.
 */
export function cameraFinding(signal: CameraSignal, kind: Kind, key: string): Extract<Finding, { act: 'raise' }> {
  const { event, label, confidence, active } = signal.data
  const latched = (kind.latched ?? false) || (active === undefined && kind.priority <= 2 && !isCameraFault(event))
  return {
    act: 'raise',
    key,
    kind: `camera.${event}`,
    priority: kind.priority,
    status: signal.status,
    placeId: signal.placeId,
    deviceId: signal.deviceId,
    at: signal.at,
    evidence: { event, camera: signal.deviceId, ...(label !== undefined && { label }), ...(confidence !== undefined && { confidence }) },
    latched,
    late: isLate(signal),
    ...(signal.repeat && { repeat: latched || active ? 'lasting' : 'moment' }),
  }
}
