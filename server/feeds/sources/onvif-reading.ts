import type { SourceContext } from '../../../shared/arrival.ts'
import type { Device } from '../../../shared/device.ts'
import { localMinute } from './camera-rules.ts'
import type { Notification } from './onvif-messages.ts'
import { meaningOfItem, type TopicMeaning } from './onvif-topics.ts'
import { ruledEvent } from './ruled-event.ts'
import { inputReading, type Reading } from './wired-input.ts'

interface Told {
  notification: Notification
  /** the topic without prefixes */
  topic: string
  meaning: TopicMeaning
  device: Device | undefined
  time: number
  context: SourceContext
}

/** undefined: understood, and nothing to tell */
export function readingOf(told: Told): Reading | undefined {
  const { notification, meaning, device } = told
  const state = stateOf(notification)
  switch (meaning.as) {
    case 'camera':
      return seen(told, meaning)
    case 'passage':
      return { type: 'linwang.passage', data: { direction: 'unknown', granted: meaning.granted } }
    case 'hazard':
      // a door's alarm has words for its state (DoorForcedOpen, DoorOpenTooLong), and Normal
      return { type: 'linwang.hazard', data: { hazard: meaning.hazard, active: state ?? notification.data.State !== 'Normal' } }
    case 'door': {
      const door = notification.data.State?.toLowerCase()
      return door === 'open' || door === 'closed' ? { type: 'linwang.contact', data: { open: door === 'open' } } : undefined
    }
    case 'input': {
      const reading = inputReading(device?.kind, state === false ? 'Stop' : 'Start')
      return reading === 'unknown' ? seen(told, { as: 'camera', event: 'other' }) : reading
    }
    case 'alive': {
      const fault = meaning.fault !== undefined && state === true ? { fault: meaning.fault } : {}
      return { type: 'linwang.heartbeat', data: { online: true, ...fault } }
    }
    default:
      return undefined
  }
}

function seen({ notification, topic, device, time, context }: Told, meaning: Extract<TopicMeaning, { as: 'camera' }>): Reading {
  const item = Object.keys(notification.data).map(meaningOfItem).find(Boolean)
  const means = item && meaning.event === 'other' ? { ...meaning, ...item } : meaning
  const rule = notification.source.Rule ?? notification.source.RuleName
  const labels = [means.object, topic, topic.split('/').at(-1)]
  const active = stateOf(notification)
  return {
    type: 'linwang.camera',
    data: {
      event: ruledEvent(labels, rule === undefined ? [] : [rule], device, localMinute(time, context.utcOffset)) ?? means.event,
      label: topic.slice(0, 200),
      ...(active !== undefined && { active }),
      ...(means.object !== undefined && { object: means.object }),
      ...(rule !== undefined && rule !== '' && { rule }),
    },
  }
}

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  1: true,
  0: false,
  on: true,
  off: false,
  active: true,
  inactive: false,
  open: true,
  closed: false,
}
/** Names under which devices tell the state of a property; others may hold a number that means something else. */
const STATES = /^(?:state|value|logicalstate|active|triggered|alert|alarm|failed|lost|ismotion|is[A-Z]\w*)$/i

/**
 * Whether the property is on. An empty message and a deleted property say that it is over; a message without a state is a moment (a line
 * crossed by an object).
 */
export function stateOf({ data, operation, utcTime }: Pick<Notification, 'data' | 'operation' | 'utcTime'>): boolean | undefined {
  if (operation === 'Deleted') return false
  const items = Object.entries(data)
  if (items.length === 0) return utcTime === undefined && operation === undefined ? false : undefined
  const named = items.find(([name, value]) => STATES.test(name) && wordOf(value) !== undefined)
  return named ? wordOf(named[1]) : undefined
}

const wordOf = (value: string): boolean | undefined => {
  const word = value.trim().toLowerCase()
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
}
