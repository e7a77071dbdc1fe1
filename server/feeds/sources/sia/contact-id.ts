import { splitBlock } from './message.ts'

/** Ademco Contact ID (SIA DC-05): `1130 01 009`, new burglary, partition 1, zone 9. */
export interface ContactId {
  /** 1 new or opening, 3 restored or closing, 6 still there */
  qualifier: '1' | '3' | '6'
  code: string
  area: string
  /** a zone, or a user */
  point: string
}

const EVENT = /^\s*(?:18|98)?([136ER])\s?([0-9A-F]{3})(?:\s?([0-9A-F]{2})(?:\s?([0-9A-F]{1,3}))?)?(?![0-9A-F])/
const LETTERS: Record<string, ContactId['qualifier']> = { E: '1', R: '3', '1': '1', '3': '3', '6': '6' }

export function readContactId(block: string): (ContactId & { account: string }) | undefined {
  const { account, data } = splitBlock(block)
  const found = EVENT.exec(data)
  if (!found) return undefined
  const [, qualifier, code, area = '00', point = '000'] = found
  return { account, qualifier: LETTERS[qualifier!]!, code: code!, area, point }
}
