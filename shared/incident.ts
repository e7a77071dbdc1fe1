import { type Static, Type } from 'typebox'
import { Call } from './care-call.ts'
import { Rung } from './order.ts'
import { Priority, Status } from './status.ts'

export const INCIDENT_STATES = ['open', 'handling', 'awaiting-verification', 'closed', 'merged'] as const
export type IncidentState = (typeof INCIDENT_STATES)[number]

/** One line of the one record, from discovery to verified closure. */
export const TimelineEntry = Type.Object({
  at: Type.Number(),
  /** when we heard of it, ms, if it was done earlier: on a phone without a network */
  receivedAt: Type.Optional(Type.Number()),
  /** user or staff id, or 'system' */
  by: Type.String(),
  /** alert.raised, alert.acknowledged, order.dispatched, order.accepted, incident.closed, deadline.missed, note … */
  what: Type.String(),
  /** the alert, order or incident that it is about */
  ref: Type.Optional(Type.String()),
  /** states, or persons by staff id: what it was before and who or what it went to */
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
  /** kind of the alert it is about, for the screen to put into words */
  kind: Type.Optional(Type.String()),
  /** people's own words, or names that are data (a rung) */
  note: Type.Optional(Type.String()),
})
export type TimelineEntry = Static<typeof TimelineEntry>

/** One talk between people at odds (矛盾纠纷), as the mediation ledger keeps it. */
export const Mediation = Type.Object({
  at: Type.Number(),
  by: Type.String(),
  /** who is at odds, in the mediator's words */
  parties: Type.Array(Type.String()),
  text: Type.String(),
  /** settled: agreed; failed: goes elsewhere; absent: goes on */
  outcome: Type.Optional(Type.Enum(['settled', 'going-on', 'failed', 'referred'])),
})
export type Mediation = Static<typeof Mediation>

/** Why two incidents may be one: same-kind, same-family, same-place, same-unit, same-building, same-grid, within-2h, within-24h, similar-text, same-reporter. */
export const Proposal = Type.Object({ incidentId: Type.String(), score: Type.Number(), why: Type.Array(Type.String()) })
export type Proposal = Static<typeof Proposal>

export const Merged = Type.Object({
  into: Type.String(),
  /** the other's, before it took over */
  priority: Priority,
  residentId: Type.Optional(Type.String()),
  answered: Type.Optional(Type.Object({ at: Type.Number(), by: Type.String() })),
  channels: Type.Optional(Type.Array(Type.String())),
  triageBy: Type.Optional(Type.Number()),
})
export type Merged = Static<typeof Merged>

export const Incident = Type.Object({
  id: Type.String(),
  /** the alert kind or report category that opened it */
  kind: Type.String(),
  priority: Priority,
  status: Status,
  state: Type.Enum([...INCIDENT_STATES]),
  placeId: Type.String(),
  residentId: Type.Optional(Type.String()),
  openedAt: Type.Number(),
  closedAt: Type.Optional(Type.Number()),
  alerts: Type.Array(Type.String()),
  reports: Type.Array(Type.String()),
  orders: Type.Array(Type.String()),
  timeline: Type.Array(TimelineEntry),
  /** first contact: the cluster head's staff id */
  contactId: Type.Optional(Type.String()),
  /** how it was reported: channels of its reports, in the order in which they came */
  channels: Type.Optional(Type.Array(Type.String())),
  /** reported, and nobody sent yet: ms, by when somebody has looked at it; a missed one is told up the ladder. Absent: nobody is waited for. */
  triageBy: Type.Optional(Type.Number()),
  triagedAt: Type.Optional(Type.Number()),
  /** the deadline was missed; how far up the ladder that has been told */
  triageLate: Type.Optional(Type.Boolean()),
  triageRung: Type.Optional(Rung),
  /** open incidents that may be the same matter, most likely first; merged by people, not by rule */
  proposals: Type.Optional(Type.Array(Proposal)),
  /** ids of incidents that people found to be other matters: not proposed again */
  apart: Type.Optional(Type.Array(Type.String())),
  /** of a merged one: where it goes on, and what has to be known to take it out again */
  merged: Type.Optional(Merged),
  /** every alert of it was found to be an exercise: it counts in no figure (X1) */
  drilled: Type.Optional(Type.Boolean()),
  mediations: Type.Optional(Type.Array(Mediation)),
  /** telephone calls, oldest first */
  calls: Type.Optional(Type.Array(Call)),
  /** somebody answered and is well; who called may not close it (D3). Gone with the next order. */
  answered: Type.Optional(Type.Object({ at: Type.Number(), by: Type.String() })),
  /** call first: when nobody has been reached by then (ms), somebody goes. Absent: nobody is waited for. */
  callBy: Type.Optional(Type.Number()),
  /** staff id of the officer whose matter it is while nobody is sent, or 'desk' */
  owner: Type.Optional(Type.String()),
  version: Type.Number(),
})
export type Incident = Static<typeof Incident>

/** Nobody in the register at all: the desk itself is the owner, so that it is still seen. */
export const DESK = 'desk'

export const isOpenIncident = (incident: Pick<Incident, 'state'>) => incident.state !== 'closed' && incident.state !== 'merged'
