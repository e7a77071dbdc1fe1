import type { Decoded } from '../../../shared/arrival.ts'
import { type Change, changeOf, eventsOf, fraction, NotFrigate, parse, type Setting, seconds, seen, textList } from './frigate-parts.ts'
import { IGNORED } from './mqtt-feed.ts'

/**
 * A tracked object. One that a rule of its camera fits is an event of that camera, told once when it begins and once when it ends, however many
 * updates Frigate sends: they share the id. An object that no rule fits is `other`.
 */
export function readEvent(text: string, setting: Setting): Decoded {
  const change = changeOf(parse(text, setting))
  const { phase, after, camera } = change
  if (after.false_positive === true) return IGNORED
  const label = labelOf(change)
  const zones = [...textList(after.entered_zones), ...textList(after.current_zones)]
  const started = seconds(after.start_time)
  const now = (phase === 'end' ? seconds(after.end_time) : undefined) ?? seconds(after.frame_time)
  const times = [now, phase === 'end' ? started : undefined].filter((time) => time !== undefined)
  const events = eventsOf(camera, [label], zones, times, setting)
  const confidence = fraction(after.top_score) ?? fraction(after.score)
  const drafts = (events.length > 0 ? events : ['other']).map((event) => {
    const isZone = event !== 'other' && zones.length > 0
    const time = phase === 'end' || isZone ? now : (started ?? now)
    const data = { event, label, ...(confidence !== undefined && { confidence }), active: phase !== 'end' }
    const id = `${change.id}/${event}/${phase === 'end' ? 'end' : beginning(confidence)}`
    return seen(setting, { camera, id, time, repeat: phase === 'update' }, data)
  })
  return { drafts, rejects: [], part: () => change.part }
}

/** An object may be seen in doubt first, and without doubt later: then it is told again, or nobody would ever act on it. */
const SURE = 0.8
const beginning = (confidence: number | undefined) =>
  confidence === undefined || confidence >= SURE ? 'start' : `start-${Math.floor(confidence * 10) / 10}`

function labelOf({ after: { label }, camera, part }: Change): string {
  if (typeof label !== 'string') throw new NotFrigate('"after" has no label', { camera, part })
  return label.slice(0, 100)
}
