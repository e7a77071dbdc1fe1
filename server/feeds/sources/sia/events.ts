import { readContactId } from './contact-id.ts'
import { contactIdMeaning } from './contact-id-meaning.ts'
import { readDcs } from './dcs.ts'
import type { Meaning } from './meaning.ts'
import type { Content } from './message.ts'
import { siaMeaning } from './sia-meaning.ts'

/** One event of a message, whichever code said it. */
export interface PanelEvent {
  /** E130, R130, BA … */
  code: string
  says: string
  meaning: Meaning
  /** the panel that it is about, '' when the header alone says so */
  account: string
  /** '' when the panel itself is meant */
  zone: string
  /** the number of whoever opened or closed, never the name; of a module or a line */
  point?: string
  area?: string
  /** what the panel calls the zone */
  label?: string
  /** still there: said again */
  repeat?: boolean
  /** out of the panel's memory */
  old?: boolean
}

/** What is in no code book, or was not to be read at all. */
export interface Unread {
  unread: string
  /** it could be read, and no book has it */
  code?: string
}
export const isUnread = (event: PanelEvent | Unread): event is Unread => 'unread' in event

type Reader = (block: string) => (PanelEvent | Unread)[]

/** How the data of each token is read. */
export const READERS: Readonly<Record<string, Reader>> = { 'ADM-CID': contactId, 'SIA-DCS': dcs }

export function readEvents(token: string, { blocks }: Content): (PanelEvent | Unread)[] {
  const read = READERS[token]!
  return blocks.flatMap(read)
}

function contactId(block: string): (PanelEvent | Unread)[] {
  const event = readContactId(block)
  if (!event) return [{ unread: 'the data is no Contact ID event (QEEE GG CCC)' }]
  const { account, qualifier, code, area, point } = event
  const reading = contactIdMeaning(qualifier, code)
  if (!reading) return [{ unread: `${code} is no Contact ID code`, code }]
  const { meaning, says, zoned } = reading
  return [
    {
      code: `${qualifier === '3' ? 'R' : 'E'}${code}`,
      says,
      meaning,
      account,
      zone: zoned ? number(point) : '',
      area: number(area),
      ...(!zoned && { point: number(point) }),
      ...(qualifier === '6' && { repeat: true }),
    },
  ]
}

function dcs(block: string): (PanelEvent | Unread)[] {
  const read = readDcs(block)
  if (!read) return [{ unread: 'the data holds no event code of SIA DC-03' }]
  return read.events.map(({ code, point, area, text, old }) => {
    const reading = siaMeaning(code)
    if (!reading) return { unread: `${code} is no code of SIA DC-03`, code }
    const { meaning, says, zoned } = reading
    return {
      code,
      says,
      meaning,
      account: read.account,
      zone: zoned ? number(point) : '',
      ...(area !== undefined && { area: number(area) }),
      ...(!zoned && { point: number(point) }),
      // beside an opening or a closing stands a person's name, beside a zone its own
      ...(zoned && text !== undefined && text !== '' && { label: text.slice(0, 60) }),
      ...(old && { old }),
    }
  })
}

/** 003 and 3 are one zone; 000 is the panel. */
const number = (digits: string) => digits.replace(/^0+/, '')
