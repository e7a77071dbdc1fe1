import { type Static, Type } from 'typebox'
import { CATEGORIES } from './person.ts'
import { Priority } from './status.ts'

/** Where a code stands: the same thing has three codes in three books, so none goes without its book and version. */
export const BookCode = Type.Object({
  /** GB/T 47678.5-2026 */
  book: Type.String(),
  version: Type.String(),
  /** a code is unique only within its kind of the book */
  kind: Type.String(),
  code: Type.String(),
  name: Type.String(),
})
export type BookCode = Static<typeof BookCode>

/** Whose eyes a kind is offered to when they report something. */
export const OFFERED_TO = ['resident', 'field', 'hotline', 'desk'] as const

/**
 * How far such a matter reaches: reports within one flat, unit, building or grid are about the same; `place`: about this place alone;
 * `never`: each is a matter of its own (a question, a quarrel).
 */
export const REACHES = ['place', 'flat', 'unit', 'building', 'grid', 'never'] as const
export type Reach = (typeof REACHES)[number]

/**
 * One kind of matter that people report, a row of a register. An incident opened by a report has the kind `report.<id>`; alert kinds
 * keep their own names. Words for the screen are the register's, not the page's: a community names its own kinds.
 */
export const MatterKind = Type.Object({
  /** burst-pipe */
  id: Type.String(),
  name: Type.String(),
  /** heading under which pages list it: 水电报修, 违停, 环境卫生 … */
  group: Type.String(),
  codes: Type.Array(BookCode),
  priority: Priority,
  /** how the deadlines of its orders run */
  clock: Type.Enum(['calendar', 'working']),
  /** which matters are one, though their kinds differ: water, fire, parking …; absent: the kind itself */
  family: Type.Optional(Type.String()),
  /** of a family that alerts have as well, the family's own reach holds; absent: `place` */
  reach: Type.Optional(Type.Enum([...REACHES])),
  /** one step more urgent where somebody of these categories lives */
  urgentFor: Type.Array(Type.Enum([...CATEGORIES])),
  /** sent out by rule, without waiting for triage; priority 1 and 2 always are */
  auto: Type.Optional(Type.Boolean()),
  /** skills that whoever goes should have */
  skills: Type.Array(Type.String()),
  /** team to suggest first, by id; absent: by place and skills */
  teamId: Type.Optional(Type.String()),
  offeredTo: Type.Array(Type.Enum([...OFFERED_TO])),
  /** what is to be ticked off on the spot */
  checklist: Type.Array(Type.String()),
  /** a quarrel: keeps a mediation ledger */
  mediation: Type.Optional(Type.Boolean()),
})
export type MatterKind = Static<typeof MatterKind>

export const REPORT_KIND = 'report.'
/** burst-pipe ← report.burst-pipe; undefined for an alert's kind */
export const matterKindOf = (kind: string): string | undefined =>
  kind.startsWith(REPORT_KIND) ? kind.slice(REPORT_KIND.length) : undefined
