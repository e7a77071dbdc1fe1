import type { Socket } from 'node:net'
import { PAUSE_ABOVE, type Receiver } from './receiver.ts'
import type { SiaDoor } from './sia-door.ts'
import { createFraming, type Piece } from './sia-framing.ts'

export const CONNECTION_BOUNDS = {
  /** frames of one connection that wait for their commit; above, it is not read */
  inFlight: 8,
  /** a connection that has not brought a sound frame is cut after so long; ms */
  silentFor: 30_000,
  /** afterwards panels may keep it for as long between two frames */
  idleFor: 30 * 60_000,
  /** a frame that began must end within */
  frameWithin: 10_000,
  /** replies that a panel does not read, bytes */
  unread: 64 * 1024,
  /** pieces that are no frames: after so many the connection is cut */
  garbage: 8,
  /** how often a paused connection is looked at */
  look: 50,
}

interface Options {
  socket: Socket
  engine: Receiver
  door: SiaDoor
  limits: typeof CONNECTION_BOUNDS
}

export interface SiaConnection {
  /** it brought a frame with a right CRC */
  sound: boolean
  /** when it did last, or began; monotonic ms */
  at: number
}

/** One panel on TCP: frames in, replies out in their order, each after its commit. */
export function serveConnection({ socket, engine, door, limits }: Options): SiaConnection {
  const state: SiaConnection = { sound: false, at: performance.now() }
  const remote = socket.remoteAddress ?? ''
  const framing = createFraming()
  const pending: Piece[] = []
  const deadline = createDeadline(cut, limits.silentFor)
  let waiting = 0
  let garbage = 0
  let ended = false
  let last: Promise<void> = Promise.resolve()
  let watch: NodeJS.Timeout | undefined

  function cut() {
    pending.length = 0
    socket.destroy()
  }

  function take({ kind, bytes }: Piece) {
    if (kind === 'garbage' && ++garbage > limits.garbage) return cut()
    waiting++
    const outcome = door(bytes, { transport: 'tcp', remote })
    last = last
      .then(() => outcome)
      .then(({ valid, reply }) => {
        waiting--
        if (valid) speaks()
        if (reply && socket.writable) socket.write(reply)
        if (socket.writableLength > limits.unread) cut()
        pump()
      })
  }

  function speaks() {
    state.at = performance.now()
    if (!state.sound && framing.held === 0) deadline.set(limits.idleFor)
    state.sound = true
  }

  /** as many as may wait for their commit; the rest of a read waits here, and nothing more is read */
  function pump() {
    while (pending.length > 0 && waiting < limits.inFlight) take(pending.shift()!)
    if (ended && waiting + pending.length === 0) socket.end()
    if (watch || !isBusy()) return
    socket.pause()
    watch = setInterval(() => {
      if (isBusy()) return
      clearInterval(watch)
      watch = undefined
      socket.resume()
    }, limits.look)
  }
  const isBusy = () => pending.length > 0 || engine.pressure > PAUSE_ABOVE

  socket.on('data', (chunk) => {
    const before = framing.held
    pending.push(...framing.push(chunk))
    if (framing.held === 0) deadline.set(state.sound ? limits.idleFor : limits.silentFor)
    // a frame that trickles in does not buy time with each byte
    else if (before === 0 || framing.held < before) deadline.set(limits.frameWithin)
    pump()
  })
  // some panels close their side at once and wait for the answer
  socket.on('end', () => {
    ended = true
    pending.push(...framing.end())
    pump()
  })
  socket.on('close', () => {
    deadline.clear()
    clearInterval(watch)
  })
  return state
}

function createDeadline(over: () => void, ms: number) {
  let timer = setTimeout(over, ms)
  return {
    set(next: number) {
      clearTimeout(timer)
      timer = setTimeout(over, next)
    },
    clear: () => clearTimeout(timer),
  }
}
