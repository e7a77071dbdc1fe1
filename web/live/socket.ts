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
import type { Problem } from '../../shared/problem.ts'

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

/** Real ms that a connection may take to say its first word: short, since a try begun in a dead network never ends; every fourth has time. */
const PATIENCE = [STALE_AFTER, 700, 700, 700]

/**
 * Keeps one connection that speaks. A socket silent for 3 s is given up, the next try follows within 500 ms, for ever (P2); what an old
 * socket still says is not heard.
 */
export function openLiveSocket(options: LiveSocketOptions): LiveSocket {
  let current: { socket: Socket<ServerToClient, ClientToServer>; manager: Manager } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let tries = 0
  let closed = false

  const after = (ms: number, act: () => void) => {
    clearTimeout(timer)
    timer = setTimeout(act, ms)
  }
  const giveUp = () => {
    const old = current
    current = undefined
    old?.socket.removeAllListeners()
    old?.socket.disconnect()
    old?.manager.engine?.close()
    if (!closed) after(RETRY_WITHIN / 5 + (Math.random() * RETRY_WITHIN) / 5, connect)
  }
  const connect = () => {
    if (closed) return
    const manager = new Manager(options.url, { transports: ['websocket', 'polling'], reconnection: false, autoConnect: false })
    const socket: Socket<ServerToClient, ClientToServer> = manager.socket('/live', { auth: options.token ? { token: options.token } : {} })
    const mine = { socket, manager }
    current = mine
    const heard = () => after(STALE_AFTER, giveUp)
    const hear =
      <T>(act: (message: T) => void) =>
      (message: T) => {
        if (current !== mine) return
        tries = 0
        heard()
        act(message)
      }
    socket.on('connect', () => socket.emit('watch', options.request()))
    socket.on('snapshot', hear(options.onSnapshot))
    socket.on('patch', hear(options.onPatch))
    socket.on('beat', hear(options.onBeat))
    socket.on(
      'problem',
      hear((problem: Problem) => options.onProblem?.(problem)),
    )
    socket.on('connect_error', (error) => {
      if (current !== mine) return
      const { data } = error as { data?: Problem }
      if (data) options.onProblem?.(data)
      giveUp()
    })
    socket.on('disconnect', () => current === mine && giveUp())
    after(PATIENCE[tries++ % PATIENCE.length]!, giveUp)
    socket.connect()
  }
  connect()
  return {
    watch: () => void (current?.socket.connected && current.socket.emit('watch', options.request())),
    hurry() {
      if (!current && !closed) connect()
    },
    close() {
      closed = true
      clearTimeout(timer)
      giveUp()
    },
  }
}
