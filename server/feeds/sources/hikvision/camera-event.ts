import type { SignalDraft } from '../../../../shared/signal.ts'
import { eventOf, localMinute } from '../camera-rules.ts'
import { addressOf } from './address.ts'
import { type Alert, regionsOf } from './alert.ts'
import { commonOf, mark, momentOf, type Names, ownWords, type Setting } from './draft.ts'
import { EVENT_TYPES, MOTION, PERIMETER, TARGETS } from './event-types.ts'
import { listAt, numberAt, type Tree, textAt } from './fields.ts'

/** Any event of a camera or recorder. Its start, its end, and each time that it is posted have ids of their own. */
export function cameraEvent(alert: Alert, setting: Setting): SignalDraft {
  const { arrival, feed, pictures } = setting
  const names = addressOf(alert, arrival.remote)
  const { regions, targets } = regionsOf(alert.tree)
  const port = textAt(alert.tree, 'inputIOPortID') ?? textAt(alert.tree, 'dynInputIOPortID')
  const zones = port === undefined ? regions : [port]
  const event = eventFor(alert, targets, zones, names, setting)
  return {
    ...commonOf(alert, names, idOf(alert, names, zones, setting), feed),
    type: 'linwang.camera',
    data: {
      event,
      label: event === 'other' || targets.length === 0 ? alert.eventType.slice(0, 80) : targets[0]!,
      ...(alert.active !== undefined && { active: alert.active }),
      ...ownWords(alert, pictures),
      ...(zones.length > 0 && { zones }),
      ...temperature(alert.tree),
      ...channelName(alert.tree),
      ...counted(alert.tree),
    },
  }
}

/**
 * A rule of the register speaks first: by the vendor's code for any event, by the target (human, vehicle) for drawn lines and areas and for
 * motion. Where the register has such a rule and its zone or hour does not fit, it is no event. Without a rule the camera's own counts.
 */
function eventFor(alert: Alert, targets: string[], zones: string[], names: Names, { context, feed }: Setting): string {
  const code = alert.eventType.toLowerCase()
  const rules = [names.address, ...names.aliases].map((name) => name && context.device(feed, name)?.rules).find((found) => found) || []
  const byTarget = PERIMETER.has(code) || MOTION.has(code) ? targets.flatMap((target) => [target, TARGETS[target] ?? target]) : []
  const labels = new Set([alert.eventType, code, ...byTarget])
  const own = rules.filter(({ label }) => labels.has(label))
  if (own.length === 0) return EVENT_TYPES[code] ?? 'other'
  const minute = localMinute(alert.time.ms, context.utcOffset)
  for (const label of labels) {
    const event = eventOf(own, label, zones, minute)
    if (event !== undefined) return event
  }
  // an end belongs to whatever began, though its hour is over
  return alert.active === false ? own[0]!.event : 'other'
}

/** The same message again has the same id. Two regions in one second differ by what they hold. */
function idOf(alert: Alert, names: Names, zones: string[], setting: Setting): string {
  const { eventType, active, count, tree } = alert
  const told = [zones, listAt(tree, 'DetectionRegionList', 'DetectionRegionEntry', 'TargetRect'), textAt(tree, 'eventDescription')]
  const counts = [numberAt(tree, 'peopleCounting', 'enter'), numberAt(tree, 'peopleCounting', 'exit')]
  const state = active === undefined ? 'moment' : active ? 'active' : 'inactive'
  return `${names.address ?? '-'}/${eventType.slice(0, 60)}/${momentOf(alert, setting)}/${state}/${count ?? '-'}/${mark([told, counts])}`
}

/** where a thermal camera says how hot it is: the hottest of all regions, °C as it gives them */
function temperature(tree: Tree) {
  const found = [
    ...listAt(tree, 'DetectionRegionList', 'DetectionRegionEntry', 'FireDetection', 'fireMaxTemperature'),
    ...listAt(tree, 'DetectionRegionList', 'DetectionRegionEntry', 'TMA', 'currTemperature'),
    ...listAt(tree, 'TMA', 'currTemperature'),
  ]
  const degrees = found.map(Number).filter(Number.isFinite)
  return degrees.length > 0 ? { temperature: Math.max(...degrees) } : {}
}

/** the place as the camera shows it: helps to find which one it is */
function channelName(tree: Tree) {
  const name = textAt(tree, 'channelName')
  return name === undefined ? {} : { channelName: name.slice(0, 80) }
}

function counted(tree: Tree) {
  const enter = numberAt(tree, 'peopleCounting', 'enter')
  const exit = numberAt(tree, 'peopleCounting', 'exit')
  return { ...(enter !== undefined && { enter }), ...(exit !== undefined && { exit }) }
}
