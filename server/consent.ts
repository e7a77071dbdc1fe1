import type { Finding } from '../shared/finding.ts'
import type { Work } from './work.ts'

/**
 * What a plan switches off raises nothing, whatever the detector; what it leaves to the detector is an announced absence, since that must
 * know what to do on the day of return.
 */
export function consented({ world, now }: Pick<Work, 'world' | 'now'>, findings: readonly Finding[]): readonly Finding[] {
  const isOff = (finding: Finding) => {
    if (finding.act !== 'raise' || finding.residentId === undefined) return false
    const watching = world.care.watching(finding.residentId, finding.kind, now)
    return watching === 'off' || watching === 'consent-ended'
  }
  return findings.some(isOff) ? findings.filter((finding) => !isOff(finding)) : findings
}
