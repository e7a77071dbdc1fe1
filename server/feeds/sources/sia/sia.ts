import type { Arrival, Decoded, Reject, Source, SourceContext } from '../../../../shared/arrival.ts'
import { hex4 } from './crc.ts'
import { draftsOf, heartbeat } from './drafts.ts'
import { isUnread, type PanelEvent, READERS, readEvents } from './events.ts'
import { type Frame, readFrame } from './frame.ts'
import { type Header, readContent, readHeader, splitBlock } from './message.ts'
import { readOhHeartbeat } from './oh.ts'
import { type Tolerance, toleranceOf } from './tolerance.ts'

/** Panels that belong to no feed of the register speak through this one. */
export const FEED = 'sia'

/**
 * SIA DC-09 (2007 to 2021) with Contact ID (DC-05) and SIA DC-03 inside, one frame an arrival. The transport has deciphered what was
 * enciphered; `refused` in the headers says why it did not take a message. Other protocols' data (SCN-S8, …) is not read.
 */
export const sia: Source = (arrival, context) => {
  const feed = arrival.feed ?? FEED
  if (arrival.transport === 'supervision') return missed(arrival, feed, context)
  const oh = readOhHeartbeat(Buffer.from(arrival.bytes.subarray(0, 120)).toString('latin1'))
  if (oh) return { drafts: [heartbeat({ feed, account: oh.account, now: context.now, code: 'OH' })], rejects: [] }
  const frame = readFrame(arrival.bytes)
  const header = frame && readHeader(frame.text)
  if (!frame || !header) return rejected({ feed, ...notAFrame(arrival.bytes, frame) })
  const account = header.account || firstAccount(header)
  const flaw = flawOf(frame, header, account, toleranceOf(context.feed?.(feed), account), arrival.headers?.refused)
  if (flaw) return rejected({ feed, address: account, ...flaw })
  if (ANSWERS.has(header.token)) return { drafts: [], rejects: [], ignored: 1 }
  return readMessage(header, { feed, account, arrival, context })
}

/** What a receiver says; a panel that gets it as a message is no panel. */
export const ANSWERS: ReadonlySet<string> = new Set(['ACK', 'NAK', 'DUH', 'RSP'])

type Flaw = Pick<Reject, 'reason' | 'detail' | 'where'>
const rejected = (...rejects: Reject[]): Decoded => ({ drafts: [], rejects })
const firstAccount = ({ rest }: Header) => splitBlock(rest).account

function notAFrame(bytes: Uint8Array, frame: Frame | undefined): Flaw {
  if (!frame) return { reason: 'not-understood', detail: 'no SIA DC-09 frame: LF, CRC, length and a quoted token are expected', where: '0' }
  const where = `${Math.max(0, bytes.indexOf(0x22))}`
  return { reason: 'not-understood', detail: `no header of SIA DC-09: ${printable(frame.text.slice(0, 60))}`, where }
}
const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '·')

function flawOf(frame: Frame, header: Header, account: string, tolerance: Tolerance, refused: string | undefined): Flaw | undefined {
  const { said, is } = frame
  if (said.crc !== is.crc && tolerance !== 'lenient')
    return {
      reason: 'malformed',
      detail: `the CRC says ${hex4(said.crc)}, the bytes give ${hex4(is.crc)}: damaged on its way, or made wrong`,
      where: '1',
    }
  if (tolerance === 'strict' && said.length !== is.length)
    return { reason: 'malformed', detail: `the length says ${hex4(said.length)}, there are ${hex4(is.length)} bytes`, where: '5' }
  if (tolerance === 'strict' && !/^[0-9A-F]{3,16}$/.test(account))
    return { reason: 'malformed', detail: `the account ${account || '(none)'} is not 3 to 16 hexadecimal digits`, where: '9' }
  if (account === '' && !ANSWERS.has(header.token))
    return { reason: 'not-understood', detail: 'no account says which panel spoke', where: '9' }
  if (refused !== undefined && !(tolerance === 'lenient' && !header.encrypted)) return { reason: 'not-understood', detail: refused }
  if (header.encrypted) return { reason: 'not-understood', detail: `the message is enciphered and ${account} has no key here`, where: '9' }
  return undefined
}

interface From {
  feed: string
  account: string
  arrival: Arrival
  context: SourceContext
}

function readMessage(header: Header, from: From): Decoded {
  const { feed, account, context } = from
  const reject = (detail: string, part?: string): Reject => ({
    feed,
    address: account,
    reason: 'not-understood',
    detail,
    ...(part && { part }),
  })
  if (header.token === 'NULL') return { drafts: [heartbeat({ feed, account, now: context.now, code: 'NULL' })], rejects: [] }
  if (!Object.hasOwn(READERS, header.token)) return rejected(reject(`data of kind ${header.token} is not read`))
  const content = readContent(header.rest)
  if (!content) return rejected(reject('a bracket of the data is not closed'))
  const events = readEvents(header.token, content)
  // once a message: it is kept whole, and read again as a whole
  const rejects = events.filter(isUnread).map(({ unread }) => reject(unread))
  const drafts = draftsOf(
    events.filter((event): event is PanelEvent => !isUnread(event)),
    { ...from, header, content, strict: toleranceOf(context.feed?.(feed), account) === 'strict', zone: context.feed?.(feed)?.zone },
  )
  return { drafts, rejects: rejects.slice(0, 1) }
}

/** The transport says that a panel broke its promise to speak every so often. */
function missed({ headers, ref }: Arrival, feed: string, { now }: SourceContext): Decoded {
  const account = headers?.account ?? ''
  return { drafts: [heartbeat({ feed, account, now, code: 'SUPERVISION', online: false, ...(ref !== undefined && { ref }) })], rejects: [] }
}
