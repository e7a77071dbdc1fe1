import { likenessTo } from '../../shared/bigrams.ts'
import type { Incident, Proposal } from '../../shared/incident.ts'
import type { PlaceKind } from '../../shared/place.ts'
import type { World } from '../../shared/world.ts'
import type { Work } from '../work.ts'
import { matterOf, nearKeys } from './families.ts'

const HOUR = 3_600_000
/** Candidates looked at, newest first, and how many are offered. */
const LOOKED_AT = 200
const OFFERED = 3
/** Below it, a proposal wastes more of an officer's time than it saves. */
const LIKELY = 0.5
/** Two texts share so many of their pairs of characters before it says anything. */
const ALIKE = 0.25

type Reason = readonly [why: string, score: number]

/** What every candidate is held against, worked out once: reports are read from the store. */
interface Known {
  incident: Incident
  family: string
  likeness(text: string): number
  reporters: ReadonlySet<string>
}

/** Open incidents that may be the same matter without a rule that says so, the most likely first. */
export function proposalsFor(work: Work, incident: Incident): Proposal[] {
  const matter = matterOf(work.world, incident.kind, incident.placeId)
  const keys = nearKeys(work.world, matter, incident.placeId)
  const near = work.incidents.about?.(keys) ?? [...work.incidents.open()]
  const candidates = near.filter(
    (other) => other.id !== incident.id && other.status === incident.status && !incident.apart?.includes(other.id),
  )
  const reporters = new Set(reportersOf(work, incident))
  const known: Known = { incident, family: matter.family, likeness: likenessTo(textOf(incident)), reporters }
  return candidates
    .slice(-LOOKED_AT)
    .map((other) => judged(work, known, other))
    .filter(({ score }) => score >= LIKELY)
    .sort((a, b) => b.score - a.score)
    .slice(0, OFFERED)
}

function judged(work: Work, known: Known, other: Incident): Proposal {
  const { incident } = known
  const reasons = [...alike(work.world, known, other), near(work.world, incident, other), ...said(work, known, other)]
  const found = reasons.filter((reason) => reason !== undefined)
  const isRelated = found.some(([why]) => why === 'same-kind' || why === 'same-family' || why === 'similar-text')
  const score = isRelated ? found.reduce((sum, [, one]) => sum + one, 0) : 0
  return { incidentId: other.id, score: Math.min(1, Math.round(score * 100) / 100), why: found.map(([why]) => why) }
}

function alike(world: World, { incident, family }: Known, other: Incident): Reason[] {
  if (incident.kind === other.kind) return [['same-kind', 0.3]]
  return family === matterOf(world, other.kind, other.placeId).family ? [['same-family', 0.25]] : []
}

const NEARNESS: readonly (readonly [PlaceKind, string, number])[] = [
  ['flat', 'same-flat', 0.35],
  ['unit', 'same-unit', 0.3],
  ['building', 'same-building', 0.25],
  ['grid', 'same-grid', 0.1],
]

function near(world: World, a: Incident, b: Incident): Reason | undefined {
  if (a.placeId === b.placeId) return ['same-place', 0.35]
  for (const [kind, why, score] of NEARNESS) {
    const place = world.places.nearest(a.placeId, kind)?.id
    if (place !== undefined && place === world.places.nearest(b.placeId, kind)?.id) return [why, score]
  }
  return undefined
}

function said(work: Work, { incident, likeness, reporters }: Known, other: Incident): Reason[] {
  const apart = Math.abs(incident.openedAt - other.openedAt)
  const time: Reason[] = apart <= 2 * HOUR ? [['within-2h', 0.15]] : apart <= 24 * HOUR ? [['within-24h', 0.1]] : []
  const share = likeness(textOf(other))
  const words: Reason[] = share >= ALIKE ? [['similar-text', 0.1 + 0.3 * share]] : []
  const same = reporters.size > 0 && reportersOf(work, other).some((key) => reporters.has(key))
  return [...time, ...words, ...(same ? [['same-reporter', 0.1] as const] : [])]
}

/** Not the alerts' lines: they have no words of people. */
const textOf = ({ timeline }: Incident) =>
  timeline.flatMap(({ what, note }) => (what.startsWith('report.') && note ? [note] : [])).join(' ')

const reportersOf = (work: Work, { reports }: Incident) => reports.flatMap((id) => work.reports.get(id)?.reporter.key ?? [])
