import { FEED_KINDS, type FeedKind, isOutgoing } from '../../shared/feed.ts'
import { unprocessable } from '../../shared/problem.ts'
import { HTTP_KINDS } from '../feeds/http-kinds.ts'

/** It calls us, we call it, by a broker, on a port of its own. */
export type Direction = 'in' | 'out' | 'mqtt' | 'port'
export interface KindItem {
  kind: FeedKind
  direction: Direction
  /** where the sender posts */
  path?: string
  /** of the broker or the panels' receiver; 0: it is not open */
  port?: number
}

const MQTT_KINDS: readonly FeedKind[] = ['zigbee2mqtt', 'frigate']

function directionOf(kind: FeedKind): Direction {
  if (isOutgoing(kind)) return 'out'
  if (kind === 'sia-dc09') return 'port'
  return MQTT_KINDS.includes(kind) ? 'mqtt' : 'in'
}

/** Every kind that can be spoken. */
export const kindItems = ({ mqttPort, siaPort }: { mqttPort?: number; siaPort?: number } = {}): KindItem[] =>
  FEED_KINDS.map((kind) => {
    const path = pathOf(kind, '{feed}')
    const direction = directionOf(kind)
    const port = { in: undefined, out: undefined, mqtt: mqttPort, port: siaPort }[direction]
    return { kind, direction, ...(path !== undefined && { path }), ...(port !== undefined && { port }) }
  })

export function pathOf(kind: FeedKind, id: string): string | undefined {
  if (kind === 'cloudevents') return '/feeds/events'
  return Object.hasOwn(HTTP_KINDS, kind) ? `/feeds/${kind}/${id}` : undefined
}

/** Whether whoever sends has to show a secret of ours. */
export const hasSecret = (kind: FeedKind): boolean => ['in', 'mqtt'].includes(directionOf(kind))

export function assertSecret(id: string, kind: FeedKind): void {
  if (!hasSecret(kind)) throw unprocessable(`${id} is a feed of kind ${kind}: it has no secret of ours that could be changed.`)
}
