import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type MakeHerd, numbered } from './herd.ts'

/** SIA DC-09 over TCP with Contact ID: a supervision message, or a panic button of zone 1. A panel waits for its ACK. */
export const panels: MakeHerd = (count, ground) => {
  const lines = new Map<number, Promise<Line>>()
  const lineOf = (n: number) => {
    if (!lines.has(n)) lines.set(n, openLine(ground.siaPort))
    return lines.get(n)!
  }
  return {
    name: 'panels',
    feed: 'sia',
    kind: 'alarm-panel',
    addresses: numbered(count, accountOf),
    async speak(n, at, alarm) {
      const line = await lineOf(n)
      await line.ask((sequence) => frame(accountOf(n), sequence, at, alarm))
    },
    async close() {
      for (const line of await Promise.all(lines.values())) line.socket.destroy()
    },
  }
}

const accountOf = (n: number) => (0xfa000 + n).toString(16).toUpperCase()

function frame(account: string, sequence: string, at: number, alarm: boolean): string {
  const time = new Date(at).toISOString()
  const stamp = `_${time.slice(11, 19)},${time.slice(5, 7)}-${time.slice(8, 10)}-${time.slice(0, 4)}`
  const [id, data] = alarm ? ['ADM-CID', `#${account}|1120 01 001`] : ['NULL', '']
  const body = `"${id}"${sequence}L0#${account}[${data}]${stamp}`
  return `\n${crc16(body)}0${body.length.toString(16).toUpperCase().padStart(3, '0')}${body}\r`
}

/** CRC-16/ARC */
function crc16(text: string): string {
  let crc = 0
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}

interface Line {
  socket: Socket
  /** sends one frame and waits for its acknowledgement */
  ask(make: (sequence: string) => string): Promise<void>
}
const PATIENCE = 5_000

async function openLine(port: number): Promise<Line> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.setEncoding('latin1')
  let n = 0
  let last: Promise<void> = Promise.resolve()
  const exchange = async (make: (sequence: string) => string) => {
    n = (n % 9_999) + 1
    const answer = once(socket, 'data', { signal: AbortSignal.timeout(PATIENCE) })
    socket.write(make(`${n}`.padStart(4, '0')), 'latin1')
    const [text] = (await answer) as [string]
    if (!text.includes('"ACK"')) throw new Error(`the receiver said ${JSON.stringify(text.slice(0, 80))}`)
  }
  return {
    socket,
    ask(make) {
      last = last.then(
        () => exchange(make),
        () => exchange(make),
      )
      return last
    },
  }
}
