import { randomUUID } from 'node:crypto'

/** Redeliveries that are remembered; the oldest go first. */
const MOST = 10_000

/**
 * A mark for each MQTT message: the same for a redelivery (DUP set, same client and packet identifier, same topic), another for anything new.
 * Only messages without an id of their own need it.
 */
export function createDeliveries(newMark: () => string = randomUUID) {
  const marks = new Map<string, string>()
  return (client: string, packet: { qos: number; dup: boolean; messageId?: number; topic: string }): string => {
    if (packet.qos === 0) return newMark()
    const key = `${packet.messageId}\n${client}\n${packet.topic}`
    const mark = (packet.dup && marks.get(key)) || newMark()
    marks.delete(key)
    marks.set(key, mark)
    if (marks.size > MOST) marks.delete(marks.keys().next().value!)
    return mark
  }
}
