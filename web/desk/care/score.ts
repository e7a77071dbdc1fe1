import { ADULT_HABITS, CHILD_HABITS } from './habits.ts'

/** One line of `GET /api/detectors`: raised = real + false + unknown. */
export interface ScoreRow {
  kind: string
  raised: number
  real: number
  false: number
  unknown: number
  exercise: number
}

/** Of those that were judged, per cent found real; undefined: none was. */
export const shareOf = ({ real, false: wrong }: ScoreRow): number | undefined =>
  real + wrong > 0 ? Math.round((100 * real) / (real + wrong)) : undefined

/** What is concluded about people first, then the rest; within each the most frequent. */
const ABOUT_PEOPLE: ReadonlySet<string> = new Set(['help', ...ADULT_HABITS, ...CHILD_HABITS])
export const HABIT_ORDER = (a: ScoreRow, b: ScoreRow) =>
  Number(ABOUT_PEOPLE.has(b.kind)) - Number(ABOUT_PEOPLE.has(a.kind)) || b.raised - a.raised || (a.kind < b.kind ? -1 : 1)
