import type { Arrival, SourceContext } from '../../../shared/arrival.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import { type Callers, knownAs } from './callers.ts'
import { doorOf, passageOf } from './dahua-access.ts'
import { channelOf, doorNumber, inputOf } from './dahua-address.ts'
import type { DahuaUpload } from './dahua-body.ts'
import type { Meaning } from './dahua-codes.ts'
import { indoorReading } from './dahua-indoor.ts'
import { sightOf } from './dahua-sight.ts'
import type { DahuaTime } from './dahua-time.ts'
import { digest } from './text.ts'
import { inputReading, type Reading } from './wired-input.ts'
import { withoutPeople } from './without-people.ts'

export interface Setting {
  arrival: Arrival
  context: SourceContext
  feed: string
  /** minutes east of UTC where the device stands */
  zone: number
  strict: boolean
}
/** One event, as far as it is understood. */
export interface Told {
  event: DahuaUpload
  code: string
  meaning: Meaning
  time: DahuaTime
  setting: Setting
}

/** undefined: understood, and nothing to tell */
export function tell(told: Told): SignalDraft | undefined {
  const { event, meaning, setting } = told
  const callers = callersOf(event, meaning, setting.arrival)
  const reading = readingOf(told, callers)
  return reading && draftOf(told, callers, reading)
}

function callersOf(event: DahuaUpload, { as }: Meaning, arrival: Arrival): Callers {
  if (as === 'passage' || as === 'door') return channelOf(arrival, event.serial, doorNumber(event))
  if (as === 'input') return inputOf(arrival, event.serial, event.index ?? 0)
  return channelOf(arrival, event.serial, as === 'alive' ? 0 : (event.index ?? 0))
}

function readingOf(told: Told, callers: Callers): Reading | undefined {
  const { event, meaning, setting } = told
  switch (meaning.as) {
    case 'camera':
      return seen(told, callers, meaning.event, meaning.personal === true)
    case 'passage':
      return event.action === 'Stop' ? undefined : { type: 'linwang.passage', data: passageOf(event.data, meaning.credential) }
    case 'door': {
      const door = doorOf(event.data, event.action)
      return door ? { type: 'linwang.contact', data: door } : seen(told, callers, 'other', true)
    }
    case 'hazard':
      return { type: 'linwang.hazard', data: { hazard: meaning.hazard, active: event.action !== 'Stop' } }
    case 'input': {
      const reading = inputReading(knownAs(callers, setting.feed, setting.context)?.kind, event.action)
      return reading === 'unknown' ? seen(told, callers, 'other', true) : reading
    }
    case 'indoor': {
      const reading = indoorReading(event.data.SenseMethod, event.action)
      return reading === 'unknown' ? seen(told, callers, 'other', true) : reading
    }
    case 'alive': {
      const fault = meaning.fault !== undefined && event.action !== 'Stop' ? { fault: meaning.fault } : {}
      return { type: 'linwang.heartbeat', data: { online: true, ...fault } }
    }
    default:
      return undefined
  }
}

function seen({ event, code, time, setting }: Told, callers: Callers, meaning: string, personal: boolean): Reading {
  const camera = knownAs(callers, setting.feed, setting.context)
  return {
    type: 'linwang.camera',
    data: sightOf({ event, code: code.slice(0, 100), meaning, personal, time: time.time }, camera, setting.context),
  }
}

/** Channels of the largest recorder. */
const MOST_CHANNELS = 64

/** A heartbeat names no channel: whatever the register has of this device is heard. */
export function heard(setting: Setting): SignalDraft[] {
  const { arrival, context, feed } = setting
  const mark = arrival.ref ?? context.now
  const found = new Map<string, Callers>()
  for (let index = 0; index < MOST_CHANNELS; index++) {
    const callers = channelOf(arrival, undefined, index)
    const device = knownAs(callers, feed, context)
    if (device && !found.has(device.id)) found.set(device.id, callers)
  }
  return [...found.values()].map(({ address, aliases }) => ({
    ...{ feed, address, aliases, id: `${address}/heartbeat/${mark}`, status: 'actual', time: context.now, offset: null, timeAssumed: true },
    type: 'linwang.heartbeat',
    routine: true,
    data: { online: true },
  }))
}

/** Characters of a cut text that are kept with its signal. */
const LONGEST_CUT = 4_000

function draftOf(told: Told, { address, aliases }: Callers, reading: Reading): SignalDraft {
  const { event, code, time, setting } = told
  const { said, assumed, ...when } = time
  const personal = told.meaning.as !== 'camera' || told.meaning.personal === true
  const more = {
    ...('label' in reading.data ? {} : { label: code.slice(0, 100) }),
    ...(event.cut !== undefined && { raw: withoutPeople(event.cut.slice(0, LONGEST_CUT), personal) }),
    ...(said !== undefined && { said, assumed }),
  }
  return {
    ...when,
    feed: setting.feed,
    address,
    aliases,
    id: `${address}/${code}/${event.action}/${markOf(told)}`.slice(0, 512),
    status: 'actual',
    type: reading.type,
    data: { ...reading.data, ...more },
    ...(event.offline && { backlog: true }),
  } as SignalDraft
}

/**
 * Dahua numbers no event. On a stream that we hold nothing comes twice, so the delivery tells them apart: Stop, Start and Stop of one second
 * may read the same. An upload may be sent again: there one that tells its time is the same however often it comes.
 */
function markOf({ event, time, setting }: Told): string {
  const { data, text } = event
  const { arrival, context } = setting
  if (arrival.ref !== undefined) return `${arrival.ref}.${event.at}`
  const moment = [data.RecNo, data.RealUTC ?? data.UTC ?? data.LocaleTime, data.UTCMS].filter((one) => one !== undefined).join('.')
  return `${moment !== '' && !time.timeAssumed ? moment.slice(0, 60) : context.now}/${digest(text)}`
}
