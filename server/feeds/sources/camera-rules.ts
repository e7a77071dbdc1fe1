import type { CameraRule } from '../../../shared/device.ts'

/** Which event a camera makes of a label in some zones at a local minute of the day: the first rule that fits, undefined when none does. */
export function eventOf(rules: readonly CameraRule[], label: string, zones: readonly string[], minute: number): string | undefined {
  return rules.find((rule) => rule.label === label && (rule.zone === undefined || zones.includes(rule.zone)) && inHours(rule, minute))
    ?.event
}

/** From `from` up to, not at, `to`; may cross midnight. */
function inHours({ from, to }: CameraRule, minute: number): boolean {
  const start = from === undefined ? 0 : minutesOf(from)
  const end = to === undefined ? 24 * 60 : minutesOf(to)
  return start <= end ? minute >= start && minute < end : minute >= start || minute < end
}

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** `utcOffset`: minutes east of UTC. */
export const localMinute = (ms: number, utcOffset: number) => Math.floor((((ms / 60_000 + utcOffset) % 1440) + 1440) % 1440)
