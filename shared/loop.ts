import { REPORT_CHANNELS } from './report.ts'

/** The figures of the loop: how long each step took, what came in how, and what did not go as it should. */
export const LOOP_STEPS = ['acknowledge', 'dispatch', 'accept', 'arrive', 'handle', 'verify', 'close'] as const
export type LoopStep = (typeof LOOP_STEPS)[number]

/** How the incidents came in: by an alert, or by the first report. */
export const LOOP_CHANNELS = ['alert', ...REPORT_CHANNELS] as const
export type LoopChannel = (typeof LOOP_CHANNELS)[number]

/** What is counted of ended incidents and orders. `stars` is the sum of `ratings` ratings. */
export const LOOP_COUNTS = [
  'incidents',
  'orders',
  'overdue',
  'reopened',
  'refused',
  'rejected',
  'ratings',
  'stars',
  ...LOOP_CHANNELS,
] as const
export type LoopCount = (typeof LOOP_COUNTS)[number]

export const LOOP_BY = ['kind', 'grid', 'team', 'priority'] as const
export type LoopBy = (typeof LOOP_BY)[number]

/** One step of one matter, seconds. */
export interface Took {
  seconds: number
  /** the community's own, as it was then */
  target: number
  within: boolean
}

/** What one ended incident or order gives to the figures. */
export interface Ended {
  id: string
  /** ms, the end */
  at: number
  placeId: string
  kind: string
  /** '': nobody's team, a person of the ladder */
  team: string
  priority: number
  took: Partial<Record<LoopStep, Took>>
  counts: Partial<Record<LoopCount, number>>
}

export interface StepFigures {
  step: LoopStep
  count: number
  /** seconds, to within 2.5 %; null: none */
  median: number | null
  p90: number | null
  /** percent that kept their own target; null: none */
  within: number | null
  /** seconds: the community's own target, the mean of those of the matters counted; null: none */
  target: number | null
}

export interface LoopGroup {
  /** kind, place, team or priority */
  key: string
  name: string
  steps: StepFigures[]
  /** closed incidents, ended orders */
  incidents: number
  orders: number
  /** incidents of which a deadline was missed */
  overdue: number
  reopened: number
  /** work that the verifier did not take */
  refused: number
  /** orders that their owner handed back */
  rejected: number
  rating: { count: number; mean: number | null }
  channels: Partial<Record<LoopChannel, number>>
  /** open now; `overdue` and `waiting` are unknown by team */
  now: { open: number; overdue?: number; waiting?: number }
}

/** A target that others have set, for a look beside one's own. */
export interface OutsideTarget {
  step: LoopStep
  /** seconds within which the share of matters is to be; null: the source sets no time */
  seconds: number | null
  share: number | null
  /** of what, in the source's terms */
  what: { zh: string; en: string }
  source: string
  /** where it was read; `own` documents are not to be had, so what is said by others about them is marked */
  read: string
  secondHand?: true
}

export interface LoopFigures {
  placeId: string
  /** ms; whole local days, and whole months when longer than a quarter */
  since: number
  until: number
  by: LoopBy
  all: LoopGroup
  groups: LoopGroup[]
  outside: readonly OutsideTarget[]
}
