import mqtt from 'mqtt'
import type { Bus } from './bus.ts'

/** A connection of its own to the outside broker, without a session: words that nobody could take at once are not kept for later. */
export function connectBus(url: string, clientId = 'linwang-bus'): Bus & { close(): Promise<void> } {
  const client = mqtt.connect(url, { clientId, clean: true, reconnectPeriod: 1_000, connectTimeout: 10_000, queueQoSZero: false })
  const takers = new Map<string, (topic: string, payload: string) => void>()
  client.on('error', () => {})
  client.on('message', (topic, payload) => {
    for (const [filter, take] of takers) if (fits(filter, topic)) take(topic, payload.toString())
  })
  return {
    async publish(topic, payload) {
      if (!client.connected) throw new Error('the broker is not heard')
      await client.publishAsync(topic, payload, { qos: 1 })
    },
    async subscribe(topic, take) {
      takers.set(topic, take)
      // mqtt.js asks again by itself after every reconnection
      client.subscribe(topic, { qos: 1 })
      return async () => {
        takers.delete(topic)
        client.unsubscribe(topic)
      }
    },
    close: () => client.endAsync(true),
  }
}

/** MQTT filters with `+`, which stands for one level. */
function fits(filter: string, topic: string): boolean {
  const [wanted, given] = [filter.split('/'), topic.split('/')]
  return wanted.length === given.length && wanted.every((level, n) => level === '+' || level === given[n])
}
