import type { SignalDraft } from '../../../../shared/signal.ts'
import { addressOf } from './address.ts'
import type { Alert } from './alert.ts'
import { commonOf, momentOf, type Setting } from './draft.ts'
import { HEARTBEATS } from './event-types.ts'

const VIDEO_LOSS = 'videoloss'

/** `videoloss / inactive / activePostCount 0`, every ten seconds: nothing is lost, and the channel lives. */
export const isHeartbeat = ({ eventType, active, count }: Alert): boolean => {
  const code = eventType.toLowerCase()
  return HEARTBEATS.has(code) || (code === VIDEO_LOSS && active === false && (count ?? 0) === 0)
}

/** `video: true`: a loss of video that was told is over. */
export function heartbeat(alert: Alert, setting: Setting): SignalDraft {
  const { arrival, feed } = setting
  const names = addressOf(alert, arrival.remote)
  const video = alert.eventType.toLowerCase() === VIDEO_LOSS
  return {
    ...commonOf(alert, names, `${names.address ?? '-'}/heartbeat/${alert.channel ?? ''}/${momentOf(alert, setting)}`, feed),
    type: 'linwang.heartbeat',
    routine: true,
    data: {
      online: true,
      ...(video && { video: true }),
      ...(alert.time.said !== undefined && { said: alert.time.said }),
      ...(alert.time.zoneAssumed !== undefined && { zoneAssumed: alert.time.zoneAssumed }),
    },
  }
}
