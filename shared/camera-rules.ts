import type { CameraRule } from './device.ts'

const RULE = /^(?<label>[\w-]+)(?:@(?<zone>[\w-]+))?(?:\s+(?<from>\d\d:\d\d)-(?<to>\d\d:\d\d))?\s*=\s*(?<event>[\w-]+)$/

/** `person@fence 23:00-05:30=intrusion; car@fire_lane=fire-lane-blocked`: how a spreadsheet says what a camera is watched for. */
export const formatRules = (rules: readonly CameraRule[]) =>
  rules.map(({ label, zone, from, to, event }) => `${label}${zone ? `@${zone}` : ''}${from ? ` ${from}-${to}` : ''}=${event}`).join('; ')

/** The rules of one cell, or the part that could not be read. */
export function parseRules(text: string): { rules: CameraRule[] } | { unreadable: string } {
  const rules: CameraRule[] = []
  for (const part of text
    .split(';')
    .map((piece) => piece.trim())
    .filter(Boolean)) {
    const groups = RULE.exec(part)?.groups
    if (!groups) return { unreadable: part }
    rules.push(Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined)) as unknown as CameraRule)
  }
  return { rules }
}
