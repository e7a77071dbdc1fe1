import type { Alert } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { hash32, seededRandom } from '../../shared/random.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import type { Director } from './director.ts'
import type { Loop } from './loop/loop.ts'
import { createTries } from './loop/tries.ts'
import type { Caller, Who } from './rest.ts'
import { type Span, within } from './span.ts'
import { CREW_STEPS, type Crew, type CrewStep } from './story.ts'

interface Page<T> {
  items: T[]
}

/** The people who answer: officers at the desk, workers with phones. They see and do what REST lets them. */
export interface Cast {
  /** looks at what is open and takes the steps whose time has come */
  look(now: Millis): Promise<void>
}

/** Seconds from one step to the next where no story says otherwise. */
const USUAL: Record<CrewStep, Span> = {
  acknowledge: [12, 45],
  accept: [25, 85],
  arrive: [110, 260],
  handle: [150, 420],
  verify: [60, 200],
}
/** From one call to the next, seconds. */
const CALL: Span = [15, 40]
const NOTES: Record<string, string> = { handle: '已到现场处理完毕', verify: '回访属实，同意办结' }
/** An incident whose orders are all done is closed by the officer after a while, seconds. */
const CLOSE_AFTER = 90

export function createCast(
  call: (who: Who) => Caller,
  director: Director,
  loop: Loop,
  world: World,
  community: string,
  seed: number,
): Cast {
  const mayTry = createTries()
  const turnedDown = new Set<string>()
  const officer = (now: Millis) => call({ role: 'officer', staffId: world.onDuty('officer', community, now)?.id })
  const supervisor = () => call({ role: 'supervisor' })
  const delay = (id: string, step: CrewStep, crew: Crew | undefined) =>
    within(seededRandom(hash32(`${id} ${step}`, seed)), crew?.[step] ?? USUAL[step])

  const acknowledge = async (alert: Alert, now: Millis) => {
    const crew = director.crewFor(alert.placeId, alert.kind)
    const since = alert.state === 'returned-unacknowledged' ? (alert.returnedAt ?? alert.lastAt) : alert.raisedAt
    if (now < since + delay(alert.id, 'acknowledge', crew) || !mayTry(`${alert.id} ${alert.version}`, now)) return
    const { status } = await officer(now).post(
      `/api/alerts/${alert.id}/acknowledge`,
      { version: alert.version },
      `demo-${alert.id}-${alert.version}`,
    )
    if (status < 300) director.acted(alert.placeId, 'acknowledge', now)
  }

  const act = async (order: Order, name: string, who: Caller, body: Record<string, unknown>, now: Millis) => {
    const path = `/api/orders/${order.id}/${name}`
    const { status } = await who.post(path, { version: order.version, ...body }, `demo-${order.id}-${order.version}-${name}`)
    return status < 300 ? now : undefined
  }

  const work = async (order: Order, now: Millis) => {
    if (loop.isTheirs(order)) return workByReport(order, now)
    const crew = director.crewFor(order.placeId, order.kind)
    const step = STEP_OF[order.state]
    if (!step || now < order.since + delay(order.id, step, crew) || !mayTry(`${order.id} ${order.version}`, now)) return
    const worker = world.staff(order.assignee) ? call({ role: 'field', staffId: order.assignee }) : officer(now)
    if (step === 'accept' && crew?.cancel) return void (await act(order, 'cancel', officer(now), { reason: crew.cancel }, now))
    if (step === 'accept' && crew?.reject && !turnedDown.has(order.incidentId)) {
      turnedDown.add(order.incidentId)
      return void (await act(order, 'reject', worker, { reason: crew.reject }, now))
    }
    if (step === 'verify') return verify(order, crew, now)
    const done = await act(order, step, worker, { note: crew?.notes?.[step as 'handle'] ?? NOTES[step] }, now)
    if (done !== undefined) director.acted(order.placeId, step, done)
  }

  /** a story at the same place goes on by what is done there, whoever asked for it */
  const workByReport = async (order: Order, now: Millis) => {
    const done = await loop.work(order, now)
    const step = CREW_STEPS.find((one) => one === done)
    if (step) director.acted(order.placeId, step, now)
  }

  /** D3: not by whoever did the work; the supervisor where the officer did. */
  const verify = async (order: Order, crew: Crew | undefined, now: Millis) => {
    const own = world.onDuty('officer', community, now)?.id
    const judge = own === order.handledBy || own === order.assignee ? supervisor() : officer(now)
    const name = `refused ${order.incidentId}`
    if (crew?.refuse && !turnedDown.has(name)) {
      turnedDown.add(name)
      return void (await act(order, 'reject', judge, { reason: crew.refuse }, now))
    }
    const done = await act(order, 'verify', judge, { note: crew?.notes?.verify ?? NOTES.verify }, now)
    if (done !== undefined) director.acted(order.placeId, 'verify', done)
  }

  /** The officer rings up one contact after the other. */
  const ring = async ({ id, version, openedAt, calls, placeId, kind }: Incident, now: Millis) => {
    const delay = within(seededRandom(hash32(`${id} call ${calls?.length ?? 0}`, seed)), CALL)
    if (now < (calls?.at(-1)?.at ?? openedAt) + delay || !mayTry(`${id} ${version}`, now)) return
    const { next } = (await officer(now).get<{ next: { contact?: { id: string } } }>(`/api/incidents/${id}/contacts`)) ?? {}
    if (!next?.contact) return
    const outcome = director.crewFor(placeId, kind)?.call ?? 'ok'
    await officer(now).post(`/api/incidents/${id}/call`, { contactId: next.contact.id, outcome, version }, `demo-${id}-${version}-call`)
  }

  const close = async (incident: Incident, busy: ReadonlySet<string>, now: Millis) => {
    const last = incident.timeline.at(-1)?.at ?? incident.openedAt
    if (busy.has(incident.id) || now < last + CLOSE_AFTER * 1000 || !mayTry(`${incident.id} ${incident.version}`, now)) return
    const reason = director.crewFor(incident.placeId, incident.kind)?.cancel ?? NOTES.verify
    await supervisor().post(
      `/api/incidents/${incident.id}/close`,
      { version: incident.version, reason },
      `demo-${incident.id}-${incident.version}`,
    )
  }

  return {
    async look(now) {
      const desk = officer(now)
      const [alerts, orders, incidents] = await Promise.all([
        desk.get<Page<Alert>>('/api/alerts?state=active-unacknowledged,returned-unacknowledged&limit=100'),
        desk.get<Page<Order>>('/api/orders?open=true&limit=100'),
        desk.get<Page<Incident>>('/api/incidents?open=true&limit=100'),
      ])
      const busy = new Set(orders?.items.map(({ incidentId }) => incidentId))
      for (const alert of alerts?.items ?? []) await acknowledge(alert, now)
      for (const order of orders?.items ?? []) await work(order, now)
      for (const incident of incidents?.items ?? []) {
        if (incident.callBy !== undefined) await ring(incident, now)
        else if (incident.triageBy !== undefined) await loop.sort(incident, now)
        else if (orders) await close(incident, busy, now)
      }
      if (incidents) await loop.step(incidents.items, now)
    },
  }
}

const STEP_OF: Partial<Record<Order['state'], CrewStep>> = {
  dispatched: 'accept',
  accepted: 'arrive',
  arrived: 'handle',
  handled: 'verify',
}
