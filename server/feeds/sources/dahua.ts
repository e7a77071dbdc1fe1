import type { Arrival, Decoded, Reject, Source, SourceContext } from '../../../shared/arrival.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import type { HttpKind } from '../http-kind.ts'
import { channelOf } from './dahua-address.ts'
import { type DahuaUpload, partsOf, readDahua } from './dahua-body.ts'
import { meaningOf, plainCode } from './dahua-codes.ts'
import { heard, type Setting, tell } from './dahua-drafts.ts'
import { dahuaTime } from './dahua-time.ts'
import { textOf } from './text.ts'

/** Direct upload: EventHttpUpload of cameras and gates. */
export const dahuaHttp: HttpKind = { source: 'dahua' }

/**
 * Dahua cameras, recorders, gates and indoor units: the attach stream part by part, or what they upload by themselves (text, JSON, multipart).
 * Start and Stop of a code are the beginning and the end of one matter, Pulse is a moment. A cut `data=` is read as far as it is whole, its
 * text kept; a strict feed quarantines it. Who passed a door, and every picture, is left out.
 */
export const dahua: Source = (arrival, context) => {
  const setting = settingOf(arrival, context)
  const answer = { drafts: [] as SignalDraft[], rejects: [] as Reject[], ignored: 0 }
  const texts = new Map<SignalDraft, string>()
  const parts = partsOf(arrival)
  if (parts.length === 0) answer.ignored = 1
  for (const part of parts) readPart(part, setting, answer, texts)
  const { length } = [...answer.drafts, ...answer.rejects]
  return length + answer.ignored + parts.length > 2 ? { ...answer, part: (draft) => texts.get(draft) ?? '' } : answer
}

type Answer = Pick<Required<Decoded>, 'drafts' | 'rejects' | 'ignored'>

function settingOf(arrival: Arrival, context: SourceContext): Setting {
  const feed = arrival.feed ?? 'dahua'
  const record = context.feed?.(feed)
  return { arrival, context, feed, zone: record?.zone ?? context.utcOffset, strict: record?.strict === true }
}

function readPart(bytes: Uint8Array, setting: Setting, answer: Answer, texts: Map<SignalDraft, string>) {
  const { events, heartbeat, stuck } = readDahua(bytes)
  // what is no text may be a picture: then the whole goes to quarantine, where pictures are taken out
  if (stuck) answer.rejects.push({ feed: setting.feed, reason: 'not-understood', ...stuck, part: textOf(bytes) ?? '' })
  const alive = heartbeat ? heard(setting) : []
  if (heartbeat && alive.length === 0) answer.ignored++
  answer.drafts.push(...alive)
  for (const event of events) {
    const told = readEvent(event, setting)
    if (told === undefined) answer.ignored++
    else if ('reason' in told) answer.rejects.push(told)
    else {
      answer.drafts.push(told)
      texts.set(told, event.text)
    }
  }
}

/** undefined: understood, and nothing to tell */
function readEvent(event: DahuaUpload, setting: Setting): SignalDraft | Reject | undefined {
  const code = plainCode(event.code)
  if (code === '') return reject(event, setting, 'the event has no code', event.at)
  if (event.cut !== undefined && setting.strict)
    return reject(event, setting, `the data of ${code.slice(0, 60)} breaks off`, event.at + event.text.length)
  const meaning = meaningOf(code)
  // a state that is told for ever (VideoMotionInfo) is no event; neither is a new one of the kind
  if (meaning?.as === 'nothing' || (!meaning && event.action === 'State')) return undefined
  const time = dahuaTime(event.data, { now: setting.context.now, zone: setting.zone, strict: setting.strict })
  return tell({ event, code, meaning: meaning ?? { as: 'camera', event: 'other', personal: true }, time, setting })
}

const reject = (event: DahuaUpload, { arrival, feed }: Setting, detail: string, at: number): Reject => ({
  feed,
  address: channelOf(arrival, event.serial, event.index ?? 0).address,
  reason: 'not-understood',
  detail,
  where: `${at}`,
  part: event.text,
})
