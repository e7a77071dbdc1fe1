import { Manager, type Socket } from 'socket.io-client'
import {
  type Beat,
  type ClientToServer,
  type Patch,
  RETRY_WITHIN,
  type ServerToClient,
  type Snapshot,
  STALE_AFTER,
} from '../../shared/live.ts'
import type { Notice } from '../../shared/message.ts'
import type { Problem } from '../../shared/problem.ts'
import { patience } from './patience.ts'

export interface LiveSocketOptions {
  /** origin of the server; '' for the page's own */
  url: string
  /** of a kiosk link */
  token?: string
  /** what to ask for on each connection: scope, and what is known already */
  request(): { scope?: string; revision?: number; basis?: string }
  onSnapshot(message: Snapshot): void
  onPatch(message: Patch): void
  onBeat(message: Beat): void
  onProblem?(problem: Problem): void
}

export interface LiveSocket {
  /** asks again on the present connection: the scope changed, or a patch is missing */
  watch(): void
  /** does not wait for the next try */
  hurry(): void
  close(): void
}

type Wire = Socket<ServerToClient, ClientToServer>

/** One attempt at a connection; the first that connects is the socket, the others are dropped. */
interface Attempt {
  wire: Wire
  drop(): void
}

/** Real ms between two attempts while there is no connection. */
const TRY_EVERY = RETRY_WITHIN * 0.8

/**
 * Keeps one connection that speaks. A socket silent for 3 s is given up; without one, a new attempt begins within 500 ms, for ever (P2),
 * beside those still under way: one that began in a dead network may never end. What a dropped socket still says is not heard.
 */
export function openLiveSocket(options: LiveSocketOptions): LiveSocket {
  const attempts = new Set<Attempt>()
  let current: Attempt | undefined
  let callOff = () => {}
  let closed = false

  const after = (ms: number, act: () => void) => {
    callOff()
    if (!closed) callOff = patience(ms, act)
  }
  const dropAll = () => {
    for (const attempt of attempts) attempt.drop()
    attempts.clear()
    current = undefined
  }
  const giveUp = () => {
    dropAll()
    after((Math.random() * TRY_EVERY) / 4, tryOn)
  }
  const tryOn = () => {
    const attempt = attemptConnection(options, STALE_AFTER, {
      onConnect() {
        attempts.delete(attempt)
        dropAll()
        attempts.add(attempt)
        current = attempt
        heard()
        attempt.wire.emit('watch', options.request())
      },
      onHeard() {
        if (current === attempt) heard()
        return current === attempt
      },
      onEnd() {
        attempts.delete(attempt)
        attempt.drop()
        if (current === attempt) giveUp()
      },
    })
    attempts.add(attempt)
    after(TRY_EVERY, tryOn)
  }
  const heard = () => after(STALE_AFTER, giveUp)

  tryOn()
  return {
    watch: () => void (current?.wire.connected && current.wire.emit('watch', options.request())),
    hurry() {
      if (!current && !closed) tryOn()
    },
    close() {
      closed = true
      callOff()
      dropAll()
    },
  }
}

interface Ears {
  onConnect(): void
  /** whether this is the socket that is listened to */
  onHeard(): boolean
  /** refused, broken, or not connected in time */
  onEnd(): void
}

function attemptConnection(options: LiveSocketOptions, within: number, ears: Ears): Attempt {
  const manager = new Manager(options.url, { transports: ['websocket', 'polling'], reconnection: false, autoConnect: false })
  const wire: Wire = manager.socket('/live', { auth: options.token ? { token: options.token } : {} })
  const callOff = patience(within, () => ears.onEnd())
  const hear =
    <T>(act: (message: T) => void) =>
    (message: T) => {
      if (ears.onHeard()) act(message)
    }
  wire.on('connect', () => {
    callOff()
    ears.onConnect()
  })
  wire.on('snapshot', hear(options.onSnapshot))
  wire.on('patch', hear(options.onPatch))
  wire.on('beat', hear(options.onBeat))
  wire.on(
    'problem',
    hear((problem: Problem) => options.onProblem?.(problem)),
  )
  wire.on('connect_error', (error) => {
    const { data } = error as { data?: Problem }
    if (data) options.onProblem?.(data)
    ears.onEnd()
  })
  wire.on('disconnect', () => ears.onEnd())
  wire.connect()
  return {
    wire,
    drop() {
      callOff()
      wire.removeAllListeners()
      wire.disconnect()
      manager.engine?.close()
    },
  }
}

/** Messages for whoever is signed in, as they come; what is missed meanwhile stands in the list that is asked for anyway. */
export function openNoticeSocket(onNotice: (notice: Notice) => void): { close(): void } {
  const manager = new Manager('', { transports: ['websocket', 'polling'], reconnectionDelayMax: 10_000 })
  const wire: Wire = manager.socket('/live')
  wire.on('notice', onNotice)
  return {
    close() {
      wire.removeAllListeners()
      wire.disconnect()
      manager.engine?.close()
    },
  }
}
