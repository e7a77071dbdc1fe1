import type { Arrival, Receipt } from '../shared/arrival.ts'
import type { Finding } from '../shared/finding.ts'
import type { Op } from '../shared/patch.ts'
import { notFound } from '../shared/problem.ts'
import type { Signal } from '../shared/signal.ts'
import type { Analysis } from './analysis/analysis.ts'
import { recording } from './changes.ts'
import { actorId } from './command.ts'
import { consented } from './consent.ts'
import { onIncidentChanges } from './dispatch/dispatch.ts'
import { onOrdersMoved } from './dispatch/held.ts'
import { onTick as onDeadlines } from './dispatch/tick.ts'
import { onTriageDue } from './dispatch/triage-due.ts'
import { closedIn, onOrderChanges } from './feedback/feedback.ts'
import { onAlertChanges } from './incidents/incidents.ts'
import { onReportChanges } from './incidents/reports.ts'
import type { Intake } from './intake/intake.ts'
import type { PublicView, ViewInput, ViewReports } from './push/view-input.ts'
import { onReportSignal } from './reports/signals.ts'
import type { Proposer } from './speakers/propose.ts'
import type { AlertChange, Command, IncidentChange, OrderChange, ReportChange, Work } from './work.ts'

export type Handler = (work: Unit, command: Command) => unknown

export interface Unit extends Work {
  /** the first revision that shows what this unit does */
  readonly revision: number
}

/** The stages that remember something between units of work; the others are plain functions over one. */
export interface Stages {
  intake: Pick<Intake, 'take' | 'retry' | 'replay' | 'see' | 'discard'>
  analysis: Pick<Analysis, 'onSignal' | 'onTick' | 'observe'>
  alerts: {
    applyFindings(work: Work, findings: readonly Finding[]): AlertChange[]
    onTick(work: Work): AlertChange[]
    onIncidentsClosed(work: Work, incidentIds: readonly string[]): AlertChange[]
    commands: Record<string, (work: Work, command: Command) => AlertChange>
  }
  /** makes ready what loudspeakers may say, for an officer to confirm */
  proposer: Proposer
  view: PublicView
  reports(work: Work): ViewReports
  commands: Record<string, Handler>
  /** 通知: who is told what of it; into the outbox, in the same transaction */
  notify?: {
    of(work: Work, moved: Required<Pick<Moved, 'incidents' | 'orders'>>): void
    /** quiet hours end */
    onTick(work: Work): void
  }
}

interface Moved {
  reports?: readonly ReportChange[]
  alerts?: readonly AlertChange[]
  incidents?: readonly IncidentChange[]
  orders?: readonly OrderChange[]
}

export type Pipeline = ReturnType<typeof createPipeline>

/** 发现 — 分析 — 推送 — 处置 — 反馈: every unit of work goes this way, inside one transaction. */
export function createPipeline({ intake, analysis, alerts, proposer, view, reports, commands, notify }: Stages) {
  const decide = (work: Work, findings: readonly Finding[]) => {
    if (findings.length > 0) follow(work, { alerts: alerts.applyFindings(work, consented(work, findings)) })
  }
  const analyse = (work: Work, signals: readonly Signal[]) => {
    for (const signal of signals) {
      decide(work, analysis.onSignal(signal))
      proposer.onSignal(work, signal)
      follow(work, { reports: onReportSignal(work, signal) })
    }
  }

  /** 处置 and 反馈, and back to the alerts of what was closed, until nothing moves any more. */
  function follow(work: Work, moved: Moved): void {
    for (let round = 0, now = moved; round < ROUNDS && !isStill(now); round++) {
      const reported = onReportChanges(work, now.reports ?? [])
      const incidents = [...(now.incidents ?? []), ...reported, ...onAlertChanges(work, now.alerts ?? [])]
      const sent = [...(now.orders ?? []), ...onIncidentChanges(work, incidents)]
      const orders = [...sent, ...onOrdersMoved(work, sent)]
      const all = [...incidents, ...onOrderChanges(work, orders)]
      proposer.onAlerts(work, now.alerts ?? [])
      analysis.observe({ alerts: now.alerts, incidents: all, orders }, work.now)
      notify?.of(work, { incidents: all, orders })
      now = { alerts: alerts.onIncidentsClosed(work, closedIn(all)) }
    }
  }

  const handlers: Record<string, Handler> = {
    ...commands,
    'quarantine.retry': (work, { target = '', actor }) => {
      const { answer, signals } = intake.retry(target, work.now, work.revision)
      work.audit({ by: actorId(actor), act: 'quarantine.retry', subject: target, detail: { ...answer } })
      analyse(work, signals)
      return answer
    },
    'quarantine.replay': (work, { body, actor }) => {
      const query = { feed: String(body.feed), address: String(body.address), after: Number(body.after ?? 0) }
      const { answer, signals } = intake.replay(query, work.now, work.revision)
      work.audit({ by: actorId(actor), act: 'quarantine.replay', subject: query.feed, detail: { ...query, ...answer } })
      analyse(work, signals)
      return answer
    },
    /** a mark of the list, no act of anybody: it leaves no audit row */
    'quarantine.see': (_work, { target = '' }) => {
      intake.see(target)
      return { id: target }
    },
    'quarantine.discard': (work, { target = '', actor }) => {
      work.audit({ by: actorId(actor), act: 'quarantine.discard', subject: target })
      return intake.discard(target)
    },
  }

  return {
    /** 发现: bytes in, receipts out; analysis goes signal by signal, in the order of storing. */
    take(work: Unit, arrivals: readonly Arrival[]): Receipt[] {
      const { receipts, signals } = intake.take(arrivals, work.now, work.revision)
      analyse(work, signals)
      return receipts
    },

    /** The way of what analysis failed on: kept, and no more. */
    store: (work: Unit, arrivals: readonly Arrival[]): Receipt[] => intake.take(arrivals, work.now, work.revision).receipts,

    tick(work: Unit): void {
      decide(work, analysis.onTick(work.now))
      proposer.onTick(work)
      follow(work, { alerts: alerts.onTick(work), incidents: onTriageDue(work), orders: onDeadlines(work) })
      notify?.onTick(work)
    },

    /** The answer is the thing as it stands when all that followed from the command is done. */
    command(work: Unit, command: Command): unknown {
      const onAlert = alerts.commands[command.name]
      if (onAlert) {
        const change = onAlert(work, command)
        follow(work, { alerts: [change] })
        return work.alerts.get(change.alert.id)
      }
      const handler = handlers[command.name]
      if (!handler) throw notFound(`There is no command ${command.name}`)
      const record = recording(work)
      const answer = handler({ ...record.work, revision: work.revision }, command)
      follow(work, { reports: record.takeReports(), incidents: record.takeIncidents(), orders: record.takeOrders() })
      return standing(work, answer)
    },

    /** 推送: what screens show of it. */
    publish: (input: Omit<ViewInput, 'reports' | 'work'> & { work: Work }): Op[] =>
      view.update({ ...input, reports: input.full ? reports(input.work) : {} }),
  }
}

/** A closed incident closes alerts, which adds lines to it: two rounds do; more would be a fault that must not hang the engine. */
const ROUNDS = 8
const isStill = ({ reports = [], alerts = [], incidents = [], orders = [] }: Moved) =>
  reports.length + alerts.length + incidents.length + orders.length === 0

function standing(work: Work, answer: unknown): unknown {
  const id = (answer as { id?: unknown } | null | undefined)?.id
  if (typeof id !== 'string') return answer
  if (id.startsWith('order-')) return work.orders.get(id) ?? answer
  if (id.startsWith('report-')) return work.reports.get(id) ?? answer
  return id.startsWith('incident-') ? (work.incidents.get(id) ?? answer) : answer
}
