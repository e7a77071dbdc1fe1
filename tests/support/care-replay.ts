import type { Alert } from '../../shared/alert.ts'
import type { HomeData } from '../bench/care/data.ts'
import { CARE_KINDS, type CareAlert, type CareKind, silenceOf } from '../bench/care/expected.ts'
import { EAST, type Stop, shiftTo, stopsOf } from './care-days.ts'
import { advance, clockOf } from './domain-time.ts'
import { cloudEvent, post } from './events.ts'
import type { RunningServer } from './server.ts'
import { type Session, signIn } from './session.ts'

const FEED = 'home'
/** A person of the register who lives alone, with a door contact and a motion sensor of a feed of its own. */
export interface BoundHome {
  resident: string
  placeId: string
  motion: string
  door: string
}

/**
 * As an engineer does it at the desk.
 * @param silentAfter s for which its sensors may keep still: without heartbeats a home would be blind as soon as it is quiet
 */
export async function bindHome(server: RunningServer, silentAfter?: number): Promise<BoundHome> {
  const admin = await signIn(server, 'admin')
  const [person] = await admin.all<{ id: string; placeId: string }>('/api/residents?category=living-alone')
  await expectStatus(admin.ask('POST', '/api/feeds', { id: FEED, kind: 'cloudevents', name: '试一户', silentAfter }), 201)
  const bind = async (kind: string) => {
    const body = { feed: FEED, address: kind, kind, placeId: person!.placeId, silentAfter }
    return (await expectStatus(admin.ask<{ device: { id: string } }>('POST', '/api/devices', body), 201)).device.id
  }
  return { resident: person!.id, placeId: person!.placeId, motion: await bind('motion'), door: await bind('door-contact') }
}

async function expectStatus<T>(asked: Promise<{ status: number; body: T }>, wanted: number): Promise<T> {
  const { status, body } = await asked
  if (status !== wanted) throw new Error(`${status} for ${wanted}: ${JSON.stringify(body)}`)
  return body
}

export interface ReplayHooks {
  /** min between the words of a sensor; without it each says once that it is there */
  heartbeats?: number
  /** s of the home's own clock up to which its safe rules hold and large steps will do */
  coarseUntil?: number
  /** a new alert of the person; `answered`: when the answer came that let it be known, ms of the machine's clock */
  onAlert?(alert: Alert, answered: number): Promise<void>
  onDay?(day: number): void
}

/** Takes a home's days through the feed of a running server whose clock is moved by hand. Each alert is acknowledged, called about and closed. */
export async function replayHome(server: RunningServer, bound: BoundHome, home: HomeData, hooks: ReplayHooks = {}) {
  const officer = await signIn(server, 'officer')
  const supervisor = await signIn(server, 'supervisor')
  let now = await clockOf(officer)
  const shift = shiftTo(home, now)
  const known = new Set<string>()
  const found: CareAlert[] = []
  const others: Record<string, number> = {}
  let handled: Alert[] = []
  let isOpen = false
  let events = 0
  let advances = 0

  const advanceTo = async (to: number) => {
    while (now < to) {
      const by = Math.min(to - now, 7 * 86_400_000)
      const { now: at } = await expectStatus(advance(officer, by / 1000), 200)
      now = at
      advances += 1
    }
  }
  const tell = async (batch: object[]) => {
    const { status, body } = await post(server.url, server.feedKey, batch)
    if (status !== 202 || body.accepted !== batch.length) throw new Error(`${status} ${JSON.stringify(body)}`)
    events += batch.length
  }
  const eventOf = (n: number) => {
    const isDoor = home.door[n] === 1
    if (isDoor) isOpen = !isOpen
    return event(
      isDoor ? bound.door : bound.motion,
      isDoor ? 'contact' : 'motion',
      isDoor ? { open: isOpen } : { occupied: true },
      timeOf(n),
    )
  }
  const timeOf = (n: number) => home.at[n]! * 1000 - EAST + shift

  const lookAt = async (alert: Alert, answered: number) => {
    if (known.has(alert.id)) return
    known.add(alert.id)
    await hooks.onAlert?.(alert, answered)
    if (isCare(alert.kind)) {
      const at = (alert.raisedAt - shift + EAST) / 1000
      found.push({ kind: alert.kind, after: silenceOf(home, at), at })
    } else others[alert.kind] = (others[alert.kind] ?? 0) + 1
    await acknowledge(officer, alert)
    handled.push(alert)
  }
  /** what is normal again is called about and closed, so that the next alert is a matter of its own */
  const closeWhatIsOver = async (open: readonly Alert[]) => {
    const over = handled.filter(({ id }) => !open.some((alert) => alert.id === id))
    handled = handled.filter((alert) => !over.includes(alert))
    for (const { id } of over) await closeMatter(officer, supervisor, await officer.get<Alert>(`/api/alerts/${id}`))
  }

  const look = async (answered: number) => {
    const { items } = await officer.get<{ items: Alert[] }>(`/api/alerts?residentId=${bound.resident}&open=true`)
    for (const alert of items) await lookAt(alert, answered)
    if (handled.length > 0) await closeWhatIsOver(items)
  }
  const wordsOf = ({ at, signs }: Stop) => {
    const batch = signs.map(eventOf)
    if (events > 0 && hooks.heartbeats === undefined) return batch
    const still = [bound.motion, bound.door].filter((id) => !batch.some(({ subject }) => subject === id))
    return [...batch, ...still.map((id) => event(id, 'heartbeat', { online: true }, at))]
  }

  let day = 0
  for (const stop of stopsOf(home, shift, hooks.heartbeats, hooks.coarseUntil)) {
    await advanceTo(stop.at)
    // a sign may end what the way to it has raised
    if (stop.isLong) await look(Date.now())
    await tell(wordsOf(stop))
    if (handled.length > 0) await look(Date.now())
    const today = Math.floor((stop.at - shift) / 86_400_000) - Math.floor(home.at[0]! / 86_400)
    if (today !== day) hooks.onDay?.(today)
    day = today
  }
  return { found: found.sort((a, b) => a.at - b.at), others, events, advances }
}

const isCare = (kind: string): kind is CareKind => (CARE_KINDS as readonly string[]).includes(kind)
const event = (subject: string, type: string, data: Record<string, unknown>, at: number) =>
  cloudEvent({ source: `/feeds/${FEED}`, subject, type: `linwang.${type}`, data, time: new Date(at).toISOString() })

async function acknowledge(officer: Session, alert: Alert) {
  await expectStatus(officer.ask('POST', `/api/alerts/${alert.id}/acknowledge`, { version: alert.version }), 200)
}

/** The officer's call, and the supervisor's word on it. */
async function closeMatter(officer: Session, supervisor: Session, { incidentId }: Alert) {
  if (incidentId === undefined) return
  const incident = await officer.get<{ id: string; state: string; version: number }>(`/api/incidents/${incidentId}`)
  if (incident.state === 'closed' || incident.state === 'merged') return
  const body = { contactId: 'self', outcome: 'ok', version: incident.version }
  const { version } = await expectStatus(officer.ask<{ version: number }>('POST', `/api/incidents/${incidentId}/call`, body), 200)
  await expectStatus(supervisor.ask('POST', `/api/incidents/${incidentId}/close`, { version, reason: '已核实安好' }), 200)
}
