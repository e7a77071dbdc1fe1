import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { Op } from '../../shared/patch.ts'
import type { Report } from '../../shared/report.ts'
import type { CareView, DeviceView, FeedView, Figures, WallState, WarningView } from '../../shared/wall.ts'
import type { Work } from '../work.ts'

/** What the view reads of a unit of work. */
export type ViewWork = Pick<Work, 'now' | 'world' | 'alerts' | 'incidents' | 'orders'> & { reports: Pick<Work['reports'], 'get'> }

/** What the slow numbers are made of; asked only when `full`. What a caller leaves out stays as it was. */
export interface ViewReports {
  /** everybody who lives alone, in any order; the view takes the 200 who need somebody first */
  care?(): readonly CareView[]
  figures?(): Figures
  /** every device that is not heard or not well, and the count by kind */
  devices?(): { unwell: readonly DeviceView[]; totals: WallState['deviceTotals'] }
  feeds?(): readonly FeedView[]
  warnings?(): readonly WarningView[]
}

export interface ViewInput {
  work: ViewWork
  /** ids of what this unit of work put on the shelves, open or closed now */
  changed: { alerts: readonly string[]; incidents: readonly string[]; orders: readonly string[]; reports?: readonly string[] }
  /** also the slow numbers: at most once a real second */
  full: boolean
  reports: ViewReports
  mode?: WallState['mode']
  /** the registers were imported anew: totals, grids and labels are derived again */
  registers?: boolean
}

export interface PublicViewOptions {
  /** district in which the street lies, for the title */
  district?: string
  mode: WallState['mode']
  /** the state that was committed last (journal fold at restart); absent: nothing yet */
  last?: WallState
  /** today's incidents, orders and reports, closed ones too, to count on from; local day of the community */
  today?: { incidents: Iterable<Incident>; orders: Iterable<Order>; reports?: Iterable<Report> }
}

/** The public half of the wall: ids and public fields, never a name (P1). */
export interface PublicView {
  /** the ops of this unit of work, to be journalled with its commit */
  update(input: ViewInput): Op[]
  /** the commit went through: the state carries its revision from now on */
  committed(revision: number, at: number): void
  /** the commit failed: as before the last update; `work` shows the shelves as they are again */
  undo(work: ViewWork): void
  /** the state of the last commit (before any: of the last update) */
  state(): WallState
}
