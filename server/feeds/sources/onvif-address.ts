import type { Arrival } from '../../../shared/arrival.ts'
import type { Callers } from './callers.ts'
import type { Notification } from './onvif-messages.ts'

const TOKENS = ['VideoSourceConfigurationToken', 'VideoSourceToken', 'VideoSource', 'Source', 'DoorToken', 'AccessPointToken'] as const

/** What sources are mostly called; a message about nothing names none. */
export const USUAL_TOKENS = [
  ...['000', '00000', 'VideoSourceToken', 'vsconf'],
  ...Array.from({ length: 17 }, (_, n) => [`${n}`, `VideoSource_${n}`]).flat(),
]

/** The token of the source that is spoken of. */
export const sourceToken = ({ source }: Notification): string | undefined =>
  TOKENS.map((name) => source[name]).find((token) => token !== undefined && token !== '')

/**
 * A feed that we pull from is one device: `<feed>`, or the token of its source when that bears a number above 0 (a recorder's channels). Who
 * pushes to us is named by its ProducerReference (or SubscriptionReference): host or UUID, or else by its IP; then `/<token>` likewise.
 * The token alone will do too. An input is `in-<port>` (`pir-<sensor>`), or else the device.
 */
export function addressOf(arrival: Arrival, notification: Notification, part: string | undefined): Callers {
  const token = part ?? sourceToken(notification)
  const feed = arrival.feed ?? 'onvif'
  if (arrival.transport !== 'http') return namesIn([], token, part !== undefined, feed)
  const bases = [hostOf(notification.producer), arrival.remote?.replace(/^::ffff:/, '')].filter((base) => base !== undefined)
  return namesIn([...new Set(bases)], token, part !== undefined, feed)
}

function namesIn(bases: string[], token: string | undefined, isInput: boolean, feed: string): Callers {
  const first = token === undefined || !/[1-9]/.test(token)
  const roots = bases.length > 0 ? bases : [feed]
  const under = token === undefined ? [] : [...roots.map((root) => `${root}/${token}`), token]
  const specific = bases.length > 0 ? under : under.toReversed()
  const names = isInput ? [...specific, ...roots] : first ? [...roots, ...specific] : specific
  const [address, ...aliases] = [...new Set([...names, ...(first && !names.includes(feed) ? [feed] : [])])]
  return { address: address!, aliases }
}

/** `http://192.168.1.9:5656/event` → the host, `uri://<uuid>/ProducerReference` → the UUID */
function hostOf(reference: string | undefined): string | undefined {
  const host = reference && /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/]*@)?(\[[^\]]+\]|[^:/?#]+)/i.exec(reference.trim())?.[1]
  return host && host.length <= 100 && !/^(localhost|127\.|0\.0\.0\.0|anonymous)/i.test(host) && !reference.includes('/addressing/')
    ? host.toLowerCase()
    : undefined
}
