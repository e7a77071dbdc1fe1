import * as ws from 'ws'

/**
 * An event packet of the Socket.IO protocol (revision 5: type 2, namespace, JSON), encoded once and written to many connections; for
 * WebSocket also as the finished frame, whose bytes all of them share.
 */
export interface Frame {
  text: string
  bytes: number
  options: { compress: false; wsPreEncodedFrame?: unknown }
}

interface FrameOptions {
  readOnly: boolean
  mask: boolean
  rsv1: boolean
  opcode: number
  fin: boolean
}
/** Not in the types of ws; Socket.IO's own adapter goes the same way. */
const { frame } = (ws as unknown as { Sender: { frame(data: Buffer, options: FrameOptions): Buffer[] } }).Sender
const TEXT: FrameOptions = { readOnly: false, mask: false, rsv1: false, opcode: 1, fin: true }
/** An Engine.IO packet of type "message" begins with 4. */
const MESSAGE = '4'

export function encodeEvent(namespace: string, event: string, message: unknown): Frame {
  const text = `2${namespace},${JSON.stringify([event, message])}`
  const data = Buffer.from(MESSAGE + text)
  return { text, bytes: data.length, options: { compress: false, wsPreEncodedFrame: frame(data, TEXT) } }
}

/** The part of an Engine.IO socket that is needed here. */
export interface Connection {
  readyState: string
  writeBuffer: { data?: unknown }[]
  transport: object
  write(text: string, options: object): unknown
}

export function writeFrame(connection: Connection, { text, options }: Frame): void {
  // the engine keeps and changes the options of a packet: each connection gets its own
  if (connection.readyState === 'open') connection.write(text, { ...options })
}

/** What the engine and the socket have not handed to the system yet. */
export function waitingFor(connection: Connection): { packets: number; bytes: number } {
  const { socket } = connection.transport as { socket?: { bufferedAmount?: number } }
  const queued = connection.writeBuffer.reduce((sum, { data }) => sum + (typeof data === 'string' ? data.length : 0), 0)
  return { packets: connection.writeBuffer.length, bytes: queued + (socket?.bufferedAmount ?? 0) }
}
