import type { Finding } from '../../shared/finding.ts'
import type { Signal, SignalOf } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import { type CameraSignal, cameraFinding } from './camera.ts'
import { type DetectorOver, NOTHING } from './detector.ts'
import { cameraKind, isCameraFault } from './kinds.ts'
import { matter, mayRaise } from './lateness.ts'

/** The fault that one camera reported last, if it lasts. */
export interface FaultState {
  fault: string | null
  since: Millis
}

/** A camera that is blind or covered: the engineer's matter. It is over when the camera says so, or sees something again. */
export const cameraFault: DetectorOver<FaultState> = (world) => ({
  name: 'camera-fault',
  types: ['linwang.camera', 'linwang.heartbeat'],
  keyOf: (signal) => (signal.status === 'actual' ? signal.deviceId : `${signal.deviceId}/${signal.status}`),
  start: () => ({ fault: null, since: 0 }),
  isBlank: ({ fault }) => fault === null,
  onSignal(state, signal) {
    if (signal.type === 'linwang.heartbeat') return hasVideo(signal) ? over(state, signal, VIDEO_LOSS) : NOTHING
    const { data } = signal as CameraSignal
    if (isCameraFault(data.event) && data.active !== false) {
      if (!mayRaise(signal, world)) return NOTHING
      Object.assign(state, { fault: data.event, since: signal.at })
      return [cameraFinding(signal as CameraSignal, cameraKind(data.event)!, keyOfFault(signal, data.event))]
    }
    return over(state, signal, isCameraFault(data.event) ? data.event : state.fault)
  },
})

const VIDEO_LOSS = 'video-loss'
/** Some recorders say all day that a channel has its picture: after a loss it is the only word of the end. */
const hasVideo = ({ data }: SignalOf<'linwang.heartbeat'>) => data.online && (data as { video?: unknown }).video === true

function over(state: FaultState, signal: Signal, fault: string | null): readonly Finding[] {
  if (state.fault === null || signal.at < state.since || fault !== state.fault) return NOTHING
  const key = keyOfFault(signal, state.fault)
  state.fault = null
  return [{ act: 'clear', key, at: signal.at }]
}

const keyOfFault = (signal: Signal, event: string) => matter(event, signal.deviceId, signal.status)
