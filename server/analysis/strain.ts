import type { Resident } from '../../shared/person.ts'
import type { Millis } from '../../shared/status.ts'
import type { Context } from './detector.ts'
import type { WarningInForce } from './warnings-in-force.ts'

/** Weather that wears people down, as the public warnings have it. */
export interface Strain {
  kind: 'heat' | 'cold'
  /** 1 blue … 4 red; 2 where the warning has no colour */
  level: 1 | 2 | 3 | 4
  /** the warning's own end, ms */
  until: Millis
  /** the office's identifier of the warning */
  warning: string
}

/** 11B05 寒潮, 11B09 高温 in the warning service of China. */
const CODES: Readonly<Record<string, Strain['kind']>> = { '11B05': 'cold', '11B09': 'heat' }
const HEAT = /高温|热浪|酷热|炎热|\bheat\b|\bheatwave\b/i
const COLD = /寒潮|低温|霜冻|冰冻|寒冷|严寒|降温|暴雪|\bcold\b|\bwind chill\b|\bfreeze\b|\bfrost\b/i
const LEVELS = { blue: 1, yellow: 2, orange: 3, red: 4, unknown: 2 } as const

/** The worst heat or cold that is warned of now; what is no actual warning strains nobody (X1). */
export function strain(warnings: readonly WarningInForce[], now: Millis): Strain | null {
  let worst: Strain | null = null
  for (const warning of warnings) {
    const kind = warning.status === 'actual' && warning.until > now && warning.sent <= now ? kindOf(warning) : undefined
    if (!kind || LEVELS[warning.colour] <= (worst?.level ?? 0)) continue
    worst = { kind, level: LEVELS[warning.colour], until: warning.until, warning: warning.id }
  }
  return worst
}

/** By its name, else its code, else in words. */
function kindOf({ name, event, headline }: WarningInForce): Strain['kind'] | undefined {
  if (name === undefined && Object.hasOwn(CODES, event)) return CODES[event]
  const said = name ?? `${event} ${headline}`
  return HEAT.test(said) ? 'heat' : COLD.test(said) ? 'cold' : undefined
}

/** Whom heat and cold harm first. */
const AT_RISK: readonly Resident['categories'][number][] = ['living-alone', 'elder', 'chronic-illness', 'disabled']
export const isAtRisk = ({ categories }: Pick<Resident, 'categories'>): boolean => AT_RISK.some((one) => categories.includes(one))

/** What wears this person down now; null: nothing. */
export const strainOn = (resident: Pick<Resident, 'categories'>, { warnings, now }: Pick<Context, 'warnings' | 'now'>): Strain | null =>
  isAtRisk(resident) ? strain(warnings(), now) : null

/** By how much a line that was drawn for a usual day is shortened, blue to red. */
const FACTORS = [1, 0.9, 0.8, 0.7, 0.6] as const
/** No line gets shorter than by this. */
export const TIGHTEST = FACTORS[4]
export const tightening = (found: Strain | null): number => FACTORS[found?.level ?? 0]
