import { connectAsync } from 'mqtt'
import type { Millis } from '../../../shared/status.ts'
import type { World } from '../../../shared/world.ts'
import { createSpeakers, PREFIX, type Said } from './speakers.ts'

export interface SpeakerLink {
  step(now: Millis): void
  close(): Promise<void>
}

/** The loudspeakers on the broker; without one they are not there. */
export async function linkSpeakers(
  options: { mqttUrl?: string | undefined; feedKey: string },
  world: World,
  now: () => Millis,
): Promise<SpeakerLink | undefined> {
  const addresses = new Set(world.devices().flatMap(({ kind, address }) => (kind === 'speaker' ? [address] : [])))
  if (!options.mqttUrl || addresses.size === 0) return undefined
  const client = await connectAsync(options.mqttUrl, {
    clientId: `linwang-speakers-${process.pid}`,
    ...{ username: 'speakers', password: options.feedKey },
    ...{ reconnectPeriod: 1000, connectTimeout: 5000 },
  }).catch(() => undefined)
  if (!client) return undefined
  const speakers = createSpeakers(addresses)
  const say = (said: readonly Said[]) => {
    for (const { topic, payload } of said) client.publish(topic, payload, { qos: 1 })
  }
  client.on('message', (topic, bytes) => say(speakers.hear(topic, bytes.toString(), now())))
  await client.subscribeAsync([`${PREFIX}/+/play`, `${PREFIX}/+/stop`], { qos: 1 })
  return {
    step: (at) => say(speakers.step(at)),
    close: () => client.endAsync(true),
  }
}
