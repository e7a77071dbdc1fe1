import { io, type Socket } from 'socket.io-client'
import type { Patch, Snapshot } from '../../shared/live.ts'
import type { Order } from '../../shared/order.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { type Session, signIn } from '../support/session.ts'
import { cpuSeconds, residentMb, round, sharedNow, sleep, spread } from './numbers.ts'

interface Shown {
  id: string
  state: string
  status: string
}

/** A wall that remembers when it was first told of an order. */
async function openWall(url: string) {
  const seen = new Map<string, number>()
  const orders = new Map<string, Shown>()
  const socket = await new Promise<Socket>((ready, fail) => {
    const wall = io(`${url}/live`, { transports: ['websocket'], forceNew: true, reconnection: false })
    wall.on('connect', () => wall.emit('watch', {}))
    wall.on('connect_error', fail)
    wall.on('snapshot', ({ state }: Snapshot) => {
      for (const order of state.orders) orders.set(order.id, order)
      ready(wall)
    })
    wall.on('patch', ({ ops }: Patch) => {
      const at = sharedNow()
      for (const op of ops) {
        if (!('list' in op) || op.list !== 'orders') continue
        // an accepted order may leave the window of the most pressing: that is told as well
        const id = op.op === 'put' ? op.item.id : op.id
        if (op.op === 'drop') orders.delete(id)
        else orders.set(id, op.item as Shown)
        if (op.op === 'drop' || (op.item as { state?: string }).state === 'accepted') seen.set(id, at)
      }
    })
  })
  return { seen, orders, close: () => void socket.disconnect() }
}

/** Sent `accept` → the patch with it at a wall, one after another, with a full store. */
export async function acceptToWall(dataDir: string, times: number, every: number) {
  const server = await startServer({ dataDir, patience: 600_000 })
  try {
    const officer = await signIn(server, 'officer')
    await sleep(5_000)
    const wall = await openWall(server.url)
    const [told, answered]: [number[], number[]] = [[], []]
    let unseen = 0
    const asked = new Set<string>()
    /** those that move up into the window come in their turn */
    const next = () =>
      [...wall.orders.values()].find(({ id, state, status }) => state === 'dispatched' && status === 'actual' && !asked.has(id))
    for (let order = next(); order && answered.length < times; order = next()) {
      asked.add(order.id)
      const one = await accept(officer, wall.seen, order.id)
      if (one === undefined) continue
      answered.push(one.answered)
      if (one.told === undefined) unseen++
      else told.push(one.told)
      await sleep(every)
    }
    wall.close()
    return {
      ...(await totals(officer)),
      accepted: answered.length,
      unseen,
      memoryMb: residentMb(server.pid),
      toWall: spread(told),
      toAnswer: spread(answered),
    }
  } finally {
    await server.stop()
  }
}

const totals = async (officer: Session) => {
  const { totals: counts } = await officer.get<{ totals: { open: number } }>('/api/queue?limit=1')
  return { openIncidents: counts.open }
}

async function accept(officer: Session, seen: Map<string, number>, id: string) {
  const order = await officer.get<Order>(`/api/orders/${id}`)
  if (order.state !== 'dispatched') return undefined
  seen.delete(id)
  const begin = sharedNow()
  const { status } = await officer.ask('POST', `/api/orders/${id}/accept`, { version: order.version })
  const answered = sharedNow() - begin
  if (status !== 200) return undefined
  for (let waited = 0; !seen.has(id) && waited < 2_000; waited += 5) await sleep(5)
  const at = seen.get(id)
  return { answered, told: at === undefined ? undefined : at - begin }
}

export interface PhoneLoad {
  phones: number
  /** s between two looks of a phone at its orders */
  every: number
  reportsPerMinute: number
  seconds: number
  /** a phone watches its part of the wall too, besides its notices */
  watch: boolean
}

/** Phones that are signed in, hold a live socket and look at their orders now and then, while people report. */
export async function phones(server: RunningServer, load: PhoneLoad) {
  const workers = await staffIds(server)
  const before = residentMb(server.pid)
  const sessions: Session[] = []
  const sockets: Socket[] = []
  for (let i = 0; i < load.phones; i++) {
    const session = await signIn(server, 'field', { staffId: workers[i % workers.length]! })
    sessions.push(session)
    sockets.push(await connected(server.url, session.cookie!, load.watch))
  }
  const connectedMb = residentMb(server.pid)
  const officer = await signIn(server, 'officer')
  const [looks, reports]: [number[], number[]] = [[], []]
  let failed = 0
  let heard = 0
  for (const socket of sockets) socket.on('beat', () => heard++)
  const end = performance.now() + load.seconds * 1000
  const look = async (session: Session, i: number) => {
    await sleep((i / load.phones) * load.every * 1000)
    while (performance.now() < end) {
      const begin = performance.now()
      const { status } = await session.ask('GET', '/api/my/orders')
      looks.push(performance.now() - begin)
      if (status !== 200) failed++
      await sleep(Math.max(0, load.every * 1000 - (performance.now() - begin)))
    }
  }
  const report = async () => {
    for (let i = 0; performance.now() < end; i++) {
      const begin = performance.now()
      const body = {
        kind: 'burst-pipe',
        channel: 'hotline',
        text: `第${i}处漏水`,
        placeId: `caihong-b${String((i % 45) + 1).padStart(2, '0')}`,
      }
      const { status } = await officer.ask('POST', '/api/reports', body)
      reports.push(performance.now() - begin)
      if (status !== 201) failed++
      await sleep(Math.max(0, 60_000 / load.reportsPerMinute - (performance.now() - begin)))
    }
  }
  let memory = connectedMb
  const [cpu, began] = [cpuSeconds(server.pid), performance.now()]
  const watch = setInterval(() => (memory = Math.max(memory, residentMb(server.pid))), 500)
  await Promise.all([...sessions.map(look), report()])
  clearInterval(watch)
  const cores = round((cpuSeconds(server.pid) - cpu) / ((performance.now() - began) / 1000))
  const alive = sockets.filter(({ connected: on }) => on).length
  for (const socket of sockets) socket.disconnect()
  return {
    ...{ ...load, connected: alive, failed, beatsPerPhone: Math.round(heard / load.phones), serverCores: cores },
    memoryMb: { before, connected: connectedMb, peak: memory },
    myOrders: spread(looks),
    report: spread(reports),
  }
}

const connected = (url: string, cookie: string, watch: boolean) =>
  new Promise<Socket>((ready, fail) => {
    const socket = io(`${url}/live`, { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders: { cookie } })
    socket.on('connect', () => (watch ? socket.emit('watch', {}) : ready(socket)))
    socket.on('snapshot', () => ready(socket))
    socket.on('connect_error', fail)
  })

async function staffIds(server: RunningServer): Promise<string[]> {
  const officer = await signIn(server, 'officer')
  const { items } = await officer.get<{ items: { people?: { id: string }[] }[] }>('/api/teams?people=true')
  return [...new Set(items.flatMap(({ people = [] }) => people.map(({ id }) => id)))]
}
