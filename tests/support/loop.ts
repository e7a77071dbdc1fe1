import { recording } from '../../server/changes.ts'
import { callCommands } from '../../server/dispatch/call.ts'
import { orderCommands } from '../../server/dispatch/commands.ts'
import { onIncidentChanges } from '../../server/dispatch/dispatch.ts'
import { onOrdersMoved } from '../../server/dispatch/held.ts'
import { onTick } from '../../server/dispatch/tick.ts'
import { onTriageDue } from '../../server/dispatch/triage-due.ts'
import { onOrderChanges } from '../../server/feedback/feedback.ts'
import { incidentCommands } from '../../server/incidents/commands.ts'
import { onAlertChanges } from '../../server/incidents/incidents.ts'
import { onReportChanges } from '../../server/incidents/reports.ts'
import { reportCommands } from '../../server/reports/commands.ts'
import type { Actor, AlertChange, Command, IncidentChange, OrderChange, Work } from '../../server/work.ts'
import type { Alert } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { Report } from '../../shared/report.ts'
import { command, type TestWork, testWork } from './work.ts'
import { testWorld } from './world.ts'

const commands: Record<string, (work: Work, command: Command) => Incident | Order> = {
  ...incidentCommands,
  ...orderCommands,
  ...callCommands,
}

type Moved = { incidents: IncidentChange[]; orders: OrderChange[] }

/** Incidents, dispatch and feedback wired as the pipeline wires them; alerts are put in by hand. `notify` hears of each unit of work. */
export function testLoop(work: TestWork = testWork(testWorld()), notify: (moved: Moved) => void = () => {}) {
  let alerts = 0

  function flow(incidents: IncidentChange[], orders: OrderChange[]): IncidentChange[] {
    const sent = [...orders, ...onIncidentChanges(work, incidents)]
    const dispatched = [...sent, ...onOrdersMoved(work, sent)]
    const moved = { incidents: [...incidents, ...onOrderChanges(work, dispatched)], orders: dispatched }
    notify(moved)
    return moved.incidents
  }

  /** Several changes that one batch brought. */
  const tell = (...changes: AlertChange[]) => flow(onAlertChanges(work, changes), [])

  function change(act: AlertChange['act'], before: Alert | undefined, patch: Partial<Alert>, by = 'system'): AlertChange {
    const alert = { ...(before ?? newAlert(`alert-${++alerts}`, work.now)), ...patch }
    work.alerts.put(alert)
    return { before, alert, act, by }
  }

  const raise = (patch: Partial<Alert> = {}): Alert => {
    const raised = change('raised', undefined, patch)
    tell(raised)
    return now('alerts', raised.alert)
  }
  const alter = (act: AlertChange['act'], alert: Alert, patch: Partial<Alert> = {}, by?: string): Alert => {
    tell(change(act, now('alerts', alert), patch, by))
    return now('alerts', alert)
  }

  function now(shelf: 'alerts', thing: { id: string }): Alert
  function now(shelf: 'incidents', thing: { id: string }): Incident
  function now(shelf: 'orders', thing: { id: string }): Order
  function now(shelf: 'alerts' | 'incidents' | 'orders', thing: { id: string }) {
    return work[shelf].get(thing.id)!
  }

  /** Runs a command on the thing as the sender saw it, then the stages, as the engine does. */
  function run<T extends Incident | Order>(name: string, target: T, by: Actor, body: Record<string, unknown> = {}): T {
    const recorder = recording(work)
    const answer = commands[name]!(recorder.work, command(name, target, by, body)) as T
    flow(recorder.takeIncidents(), recorder.takeOrders())
    return (work.orders.get(answer.id) ?? work.incidents.get(answer.id)) as T
  }

  function tick(minutes: number): OrderChange[] {
    work.now += minutes * 60_000
    const missed = onTick(work)
    flow(onTriageDue(work), missed)
    return missed
  }

  /** A command about a report, then what follows from it; `given` is what the main thread adds. */
  function say(
    name: string,
    by: Actor,
    body: Record<string, unknown>,
    more: { target?: string; given?: Record<string, unknown> } = {},
  ): Report {
    const recorder = recording(work)
    const answer = reportCommands[name]!(recorder.work, { name, body, actor: by, ...more }) as Report
    flow(onReportChanges(work, recorder.takeReports()), recorder.takeOrders())
    return work.reports.get(answer.id)!
  }
  const report = (by: Actor, body: Record<string, unknown>, given?: Record<string, unknown>) =>
    say('report.add', by, body, { ...(given && { given }) })

  const incident = () => [...work.incidents.things.values()].at(-1)!
  const order = () => [...work.orders.things.values()].at(-1)!
  return { work, raise, alter, change, tell, run, tick, now, incident, order, say, report }
}

const newAlert = (id: string, at: number): Alert => ({
  id,
  key: id,
  kind: 'help',
  state: 'active-unacknowledged',
  priority: 1,
  status: 'actual',
  placeId: 'caihong-b01-u1-101',
  raisedAt: at,
  lastAt: at,
  active: true,
  latched: true,
  count: 1,
  evidence: {},
  steps: [{ at, act: 'raised', by: 'system' }],
  version: 1,
})
