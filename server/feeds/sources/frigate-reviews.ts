import type { Decoded } from '../../../shared/arrival.ts'
import { changeOf, eventsOf, isFields, parse, type Setting, seconds, seen, textList } from './frigate-parts.ts'
import { IGNORED } from './mqtt-feed.ts'

/**
 * A review bundles objects that follow each other before one camera. Its severity is Frigate's own judgement, and may rise within one review:
 * a detection is a note, an alert is an event when a rule of the camera fits. Its objects may have been told by `frigate/events` before, so it
 * says again what may be open already. What it is about may hold names, which are never kept.
 */
export function readReview(text: string, setting: Setting): Decoded {
  const message = parse(text, setting)
  // what a language model wrote about it (0.17)
  if (message.type === 'genai') return IGNORED
  const { phase, after, id, camera, part } = changeOf(message)
  const end = phase === 'end'
  const data = isFields(after.data) ? after.data : {}
  const labels = [...new Set(textList(data.objects).map((label) => label.replace(/-verified$/, '').slice(0, 100)))]
  const started = seconds(after.start_time)
  const ended = seconds(after.end_time)
  const times = [end ? ended : started, end ? started : undefined].filter((time) => time !== undefined)
  const severity = typeof after.severity === 'string' ? after.severity.slice(0, 40) : 'alert'
  const events = severity === 'alert' ? eventsOf(camera, labels, textList(data.zones), times, setting) : []
  const time = end ? (ended ?? started) : started
  const drafts = (events.length > 0 ? events : ['other']).map((event) => {
    const name = event === 'other' ? `other-${severity}` : event
    const about = { camera, id: `review/${id}/${name}/${end ? 'end' : 'start'}`, time, repeat: event !== 'other' && !end }
    return seen(setting, about, { event, label: labelFor(event, labels, setting, camera), severity, active: !end })
  })
  return { drafts, rejects: [], part: () => part }
}

/** the object that the event is about, where a rule says so */
function labelFor(event: string, labels: readonly string[], { context, feed }: Setting, camera: string): string {
  const rules = context.device(feed, camera)?.rules ?? []
  return labels.find((label) => rules.some((rule) => rule.event === event && rule.label === label)) ?? labels[0] ?? ''
}
