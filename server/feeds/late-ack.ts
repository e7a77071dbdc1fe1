import type { MqttClient } from 'mqtt'

/** Messages whose commit is awaited before the next is looked at; one commit then serves many of them. */
const WINDOW = 200

interface Wire {
  stream: unknown
  _sendPacket(packet: { cmd: string; messageId?: number }, done?: () => void): void
}

/**
 * mqtt.js reads the next message only when `handleMessage` of the one before has called back, and acknowledges then: one commit each. Here it
 * goes on at once, and the PUBACK itself is held until the commit (I6). `_sendPacket` is no public name: the contract tests of the outside
 * broker fail when a new version goes another way.
 */
export function acknowledgeLate(
  client: MqttClient,
  kept: (packet: Parameters<MqttClient['handleMessage']>[0]) => Promise<void>,
  failed: (error: Error) => void,
) {
  const wire = client as unknown as Wire
  const send = wire._sendPacket.bind(client)
  const awaited = new Map<number, Promise<void>>()
  let open = 0

  wire._sendPacket = (packet, done) => {
    const commit = packet.cmd === 'puback' ? awaited.get(packet.messageId!) : undefined
    if (!commit) return send(packet, done)
    const { stream } = wire
    awaited.delete(packet.messageId!)
    // on another connection the number may already stand for another message
    commit.then(() => wire.stream === stream && send(packet), failed)
    done?.()
  }

  client.handleMessage = (packet, done) => {
    const commit = kept(packet)
    open++
    commit.then(
      () => open--,
      () => open--,
    )
    if (packet.qos === 1) awaited.set(packet.messageId!, commit)
    else commit.catch(failed)
    if (open < WINDOW) return done()
    commit.then(
      () => done(),
      () => done(),
    )
  }
}
