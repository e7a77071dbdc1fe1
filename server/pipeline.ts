import type { Arrival, Receipt } from '../shared/arrival.ts'
import type { Finding } from '../shared/finding.ts'
import type { Op } from '../shared/patch.ts'
import { notFound } from '../shared/problem.ts'
import type { Signal } from '../shared/signal.ts'
import type { Millis } from '../shared/status.ts'
import { recording } from './changes.ts'
import { onIncidentChanges } from './dispatch/dispatch.ts'
import { onTick as onDeadlines } from './dispatch/tick.ts'
import { closedIn, onOrderChanges } from './feedback/feedback.ts'
import { onAlertChanges } from './incidents/incidents.ts'
import type { PublicView, ViewInput, ViewReports } from './push/view-input.ts'
import type { AlertChange, Command, IncidentChange, OrderChange, Work } from './work.ts'

export type Handler = (work: Work, command: Command) => unknown

/** The stages that remember something between units of work; incidents, dispatch and feedback are plain functions over one. */
export interface Stages {
  intake: {
    /** reads, judges and stores; `revision` is the one that will show it */
    take(arrivals: readonly Arrival[], now: Millis, revision: number): { receipts: Receipt[]; signals: Signal[] }
  }
  analysis: {
    onSignal(signal: Signal): Finding[]
    onTick(now: Millis): Finding[]
    /** findings become alerts */
    applyFindings(work: Work, findings: readonly Finding[]): AlertChange[]
    /** ends of shelving, and what else comes with time alone */
    onClock(work: Work): AlertChange[]
    /** a latched alert goes back to normal with its incident */
    onIncidentsClosed(work: Work, incidentIds: readonly string[]): AlertChange[]
  }
  view: PublicView
  reports: ViewReports
  commands: Record<string, Handler>
  /** like commands, but they answer with what happened to the alert */
  alertCommands: Record<string, (work: Work, command: Command) => AlertChange[]>
}

interface Moved {
  alerts?: readonly AlertChange[]
  incidents?: readonly IncidentChange[]
  orders?: readonly OrderChange[]
}

export type Pipeline = ReturnType<typeof createPipeline>

/** 发现 — 分析 — 推送 — 处置 — 反馈: every unit of work goes this way, inside one transaction. */
export function createPipeline({ intake, analysis, view, reports, commands, alertCommands }: Stages) {
  /** 分析 → 处置 → 反馈, round and round until nothing moves any more. */
  function follow(work: Work, moved: Moved): void {
    let { alerts = [], incidents = [], orders = [] } = moved
    for (let round = 0; round < ROUNDS && alerts.length + incidents.length + orders.length > 0; round++) {
      const opened = [...incidents, ...(alerts.length > 0 ? onAlertChanges(work, alerts) : [])]
      const sent = [...orders, ...(opened.length > 0 ? onIncidentChanges(work, opened) : [])]
      incidents = sent.length > 0 ? onOrderChanges(work, sent) : []
      const closed = closedIn([...opened, ...incidents])
      alerts = closed.length > 0 ? analysis.onIncidentsClosed(work, closed) : []
      orders = []
    }
  }

  const decide = (work: Work, findings: readonly Finding[]) => {
    if (findings.length > 0) follow(work, { alerts: analysis.applyFindings(work, findings) })
  }

  return {
    /** 发现: bytes in, receipts out; analysis goes signal by signal, in the order of storing. */
    take(work: Work, arrivals: readonly Arrival[], revision: number): Receipt[] {
      const { receipts, signals } = intake.take(arrivals, work.now, revision)
      for (const signal of signals) decide(work, analysis.onSignal(signal))
      return receipts
    },

    tick(work: Work): void {
      decide(work, analysis.onTick(work.now))
      follow(work, { alerts: analysis.onClock(work), orders: onDeadlines(work) })
    },

    command(work: Work, command: Command): unknown {
      const alertCommand = alertCommands[command.name]
      if (alertCommand) {
        follow(work, { alerts: alertCommand(work, command) })
        return work.alerts.get(command.target ?? '')
      }
      const handler = commands[command.name]
      if (!handler) throw notFound(`There is no command ${command.name}`)
      const record = recording(work)
      const answer = handler(record.work, command)
      follow(work, { incidents: record.takeIncidents(), orders: record.takeOrders() })
      return standing(work, answer)
    },

    /** 推送: what screens show of it. */
    publish: (input: Omit<ViewInput, 'reports'>): Op[] => view.update({ ...input, reports }),
  }
}

/** A closed incident closes alerts, which adds lines to it; that is all there is to go round for. */
const ROUNDS = 8

/** The answer to a command is the thing as it stands when all that followed from it is done. */
function standing(work: Work, answer: unknown): unknown {
  const id = (answer as { id?: unknown } | null | undefined)?.id
  if (typeof id !== 'string') return answer
  if (id.startsWith('order-')) return work.orders.get(id) ?? answer
  return id.startsWith('incident-') ? (work.incidents.get(id) ?? answer) : answer
}
