import { connectAsync } from 'mqtt'
import { type MakeHerd, numbered } from './herd.ts'

/** zigbee2mqtt: motion all day, a help press now and then. One client speaks for all, as a gateway does. */
export const sensors: MakeHerd = async (count, ground) => {
  const client = await connectAsync(ground.mqttUrl, { clientId: `farm-${process.pid}`, username: 'farm', password: ground.key })
  return {
    name: 'sensors',
    feed: 'zigbee2mqtt',
    kind: 'help-button',
    addresses: numbered(count, (n) => `farm-${n}`),
    async speak(n, at, alarm) {
      const state = { ...(alarm ? { action: 'emergency' } : { occupancy: at % 2 === 0 }), battery: 88, last_seen: at }
      await client.publishAsync(`zigbee2mqtt/farm-${n}`, JSON.stringify(state), { qos: 1 })
    },
    close: () => client.endAsync(true),
  }
}
