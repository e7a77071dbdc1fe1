import type { Millis, Status } from '../../shared/status.ts'
import type { WarningView } from '../../shared/wall.ts'

/** A public warning that holds now. */
export interface WarningInForce {
  /** the office's identifier */
  id: string
  feed: string
  /** the office's code or word for it: 11B09, SEVERE THUNDERSTORM */
  event: string
  /** as people say it, where the headline tells: 高温 */
  name?: string
  headline: string
  colour: WarningView['colour']
  status: Status
  sender?: string
  sent: Millis
  until: Millis
}

interface WarningStates {
  standing: Record<string, WarningInForce & { elsewhere?: true }>
}

/** What holds at `now` for this community, of all feeds; a warning that comes by two of them once. */
export function warningsInForce(cells: ReadonlyMap<string, { state: unknown }> | undefined, now: Millis): WarningInForce[] {
  const all = Array.from(cells?.values() ?? [], ({ state }) => Object.values((state as WarningStates).standing)).flat()
  const holding = all.filter((one) => one.until > now && !one.elsewhere)
  const once = new Map(holding.sort((a, b) => a.sent - b.sent).map((one) => [`${one.status} ${one.id}`, one]))
  return [...once.values()]
}

const WORDS = { red: '红色', orange: '橙色', yellow: '黄色', blue: '蓝色' } as const

/** 大风蓝色预警, or what its office wrote over it. */
function wordsOf({ name, colour, headline, event }: WarningInForce): string {
  if (name !== undefined) return colour === 'unknown' ? `${name}预警` : `${name}${WORDS[colour]}预警`
  return headline || event
}

export const viewWarning = (warning: WarningInForce): WarningView => ({
  id: warning.status === 'actual' ? warning.id : `${warning.id}/${warning.status}`,
  text: wordsOf(warning),
  colour: warning.colour,
  status: warning.status,
  until: warning.until,
  ...(warning.sender !== undefined && { sender: warning.sender }),
})
