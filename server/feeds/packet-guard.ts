import type { Socket } from 'node:net'

/**
 * Destroys a socket as soon as the fixed header of an MQTT packet announces more than `largest` bytes: the parser itself would gather them
 * all. It only looks at what the broker reads and leaves the bytes as they are (MQTT 3.1.1, section 2.2).
 */
export function guardPackets(socket: Socket, largest: number) {
  const oversized = createFraming(largest)
  const read = socket.read.bind(socket)
  socket.read = (size?: number) => {
    const chunk = read(size) as Buffer | null
    if (chunk === null || !oversized(chunk)) return chunk
    socket.destroy()
    return null
  }
}

/** Follows the framing over chunks; true once a packet is too large. */
export function createFraming(largest: number): (chunk: Uint8Array) => boolean {
  let left = 0
  let inLength = false
  let length = 0
  let shift = 0
  return (chunk) => {
    let at = 0
    while (at < chunk.length) {
      if (left > 0) {
        const step = Math.min(left, chunk.length - at)
        left -= step
        at += step
      } else if (!inLength) {
        at++
        inLength = true
        length = 0
        shift = 0
      } else {
        const byte = chunk[at++]!
        length += (byte & 127) * 2 ** shift
        shift += 7
        if (length > largest || shift > 28) return true
        if ((byte & 128) === 0) {
          inLength = false
          left = length
        }
      }
    }
    return false
  }
}
