import type { Decoded } from '../../../shared/arrival.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import { heartbeat, isFields, NotFrigate, parse, type Setting, seconds } from './frigate-parts.ts'
import { IGNORED, onlineOf } from './mqtt-feed.ts'

const told = (drafts: SignalDraft[]): Decoded => (drafts.length > 0 ? { drafts, rejects: [] } : IGNORED)

/** The server itself: without it none of its cameras is watched. That it is back says nothing of any camera yet; its statistics do. */
export function readAvailable(text: string, setting: Setting): Decoded {
  const { arrival, context, feed } = setting
  const online = onlineOf(text)
  if (online === undefined) throw new NotFrigate(`frigate/available is neither online nor offline: ${text.slice(0, 80)}`)
  if (online) return { ...IGNORED, links: [{ feed, state: 'up' }] }
  const mark = arrival.ref ?? context.now
  const cameras = context.devices?.(feed).filter(({ kind }) => kind === 'camera') ?? []
  const drafts = cameras.map(({ address }) => heartbeat(setting, address, `available/${address}/${mark}`, { online: false }))
  return { ...told(drafts), links: [{ feed, state: 'down', reason: 'Frigate is offline' }] }
}

/** About once a minute; a camera without frames is not heard. */
export function readStats(text: string, setting: Setting): Decoded {
  const { cameras, service } = parse(text, setting)
  if (!isFields(cameras)) throw new NotFrigate('the statistics have no cameras')
  const { arrival, context, feed } = setting
  const updated = seconds(isFields(service) ? service.last_updated : undefined)
  const mark = updated ?? arrival.ref ?? context.now
  const known = Object.entries(cameras).filter(([camera]) => context.device(feed, camera) !== undefined)
  return told(
    known.map(([camera, stats]) => {
      const online = isFields(stats) && Number(stats.camera_fps) > 0
      return heartbeat(setting, camera, `stats/${camera}/${mark}`, { online }, updated)
    }),
  )
}

/** `online`, `offline`, and since 0.17 `disabled`: switched off by somebody, and not watched either. */
export function readStatus(camera: string, text: string, setting: Setting): Decoded {
  const word = text.trim()
  const online = word === 'disabled' ? false : onlineOf(word)
  if (online === undefined) return IGNORED
  const mark = setting.arrival.ref ?? `${setting.context.now}/${word}`
  return told([heartbeat(setting, camera, `status/${camera}/${mark}`, { online, ...(word === 'disabled' && { disabled: true }) })])
}
