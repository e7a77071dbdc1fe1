import type { Bus } from '../feeds/bus.ts'
import type { Speaking } from './line.ts'

const STATES = new Set(['playing', 'played', 'failed'])

/**
 * `<prefix>/<address>/play` {id, text, clip, repeat} and `…/stop` {id}, QoS 1, not retained: a speaker that comes back must not begin to talk.
 * It says {id, state: playing | played | failed, error?} on `…/state`.
 */
export async function mqttSpeaking(
  bus: Bus,
  prefix: string,
  heard: (address: string, id: string, state: 'playing' | 'played' | 'failed', error?: string) => void,
): Promise<Speaking> {
  const leave = await bus.subscribe(`${prefix}/+/state`, (topic, payload) => {
    const address = topic.slice(prefix.length + 1, -'/state'.length)
    const { id, state, error } = parsed(payload)
    if (typeof id === 'string' && STATES.has(String(state)))
      heard(address, id, state as 'playing', typeof error === 'string' ? error : undefined)
  })
  return {
    play: (address, words) => bus.publish(`${prefix}/${address}/play`, JSON.stringify(words)),
    stop: (address, id) => bus.publish(`${prefix}/${address}/stop`, JSON.stringify({ id })),
    close: leave,
  }
}

function parsed(payload: string): Record<string, unknown> {
  try {
    const value: unknown = payload.length > 10_000 ? undefined : JSON.parse(payload)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
