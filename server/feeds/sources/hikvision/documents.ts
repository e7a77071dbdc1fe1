import type { Arrival, Reject } from '../../../../shared/arrival.ts'
import { boundaryOf, isMultipart, type MultipartPart, splitMultipart } from '../../multipart.ts'
import { parseJson } from '../json-text.ts'
import { readXml, xmlText } from '../xml.ts'
import { hasAt, listAt, type Tree } from './fields.ts'

/** One alert of a message, with the text it was read from. */
export interface Document {
  tree: Tree
  text: string
  /** the XML was not well-formed */
  mended: boolean
}
/** A picture that came along: never its bytes. */
export interface Picture {
  sha256: string
  bytes: number
}
export interface Documents {
  documents: Document[]
  pictures: Picture[]
  rejects: Reject[]
}

const ROOT = 'EventNotificationAlert'
/** of one message */
const MOST_DOCUMENTS = 500
const MOST_PICTURES = 16

/** The alerts of a body of any kind: what it is says its first byte, since devices get the Content-Type wrong. */
export function documentsOf({ bytes, headers }: Arrival): Documents {
  const found: Documents = { documents: [], pictures: [], rejects: [] }
  const type = headers?.['content-type']
  const start = firstByte(bytes)
  if (start === undefined) return found
  if (start === '<' || start === '{' || start === '[') readText(xmlText(bytes), 0, found)
  else if (start === '-' || isMultipart(type)) readMultipart(bytes, boundaryOf(type), found)
  else found.rejects.push({ reason: 'not-understood', detail: 'the body is neither XML nor JSON nor multipart', where: 'byte 0' })
  return found
}

/** blanks, NULs and a byte order mark may stand before */
function firstByte(bytes: Uint8Array): string | undefined {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte > 32 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf) return String.fromCharCode(byte)
  }
  return undefined
}

function readMultipart(bytes: Uint8Array, boundary: string | undefined, found: Documents) {
  const parts = splitMultipart(bytes, { boundary, hashSkipped: true, maxParts: MOST_DOCUMENTS + 1 })
  if (parts.length === 0) found.rejects.push({ reason: 'not-understood', detail: 'the multipart body has no part', where: 'byte 0' })
  for (const part of parts.slice(0, MOST_DOCUMENTS)) readPart(part, found)
  if (parts.length > MOST_DOCUMENTS) found.rejects.push(tooMany(parts[MOST_DOCUMENTS]!.offset))
}

function readPart(part: MultipartPart, found: Documents) {
  const where = `byte ${part.offset}`
  if (part.tooLong) found.rejects.push({ reason: 'not-understood', detail: `a part of ${part.length} bytes is too long`, where })
  else if (part.sha256 !== undefined) {
    if (found.pictures.length < MOST_PICTURES) found.pictures.push({ sha256: part.sha256, bytes: part.length })
  } else if (part.body && part.body.length > 0) readText(xmlText(part.body), part.offset, found)
}

/** `offset`: where the text stands in the whole message */
function readText(text: string, offset: number, found: Documents) {
  const start = /[^\s\0\ufeff]/.exec(text)?.[0]
  if (start === '<') return readXmlText(text, offset, found)
  if (start === '{' || start === '[') return readJsonText(text, offset, found)
  if (start !== undefined) found.rejects.push(notUnderstood('the part is neither XML nor JSON', offset, text))
}

/** several documents may stand one after the other */
function readXmlText(text: string, offset: number, found: Documents) {
  let from = 0
  for (let n = 0; text.slice(from, from + 64).trim() !== ''; n++) {
    if (n === MOST_DOCUMENTS) return void found.rejects.push(tooMany(offset + bytesBefore(text, from)))
    const read = readXml(text, { from })
    if ('flaw' in read) return void found.rejects.push(notUnderstood(read.flaw, offset + bytesBefore(text, read.at), text))
    const part = from === 0 && read.end === text.length ? text : text.slice(from, read.end)
    if (read.root !== ROOT)
      found.rejects.push(notUnderstood(`<${read.root.slice(0, 60)}> is no <${ROOT}>`, offset + bytesBefore(text, from), part))
    else found.documents.push({ tree: read.value, text: part, mended: read.mended ?? false })
    from = read.end
  }
}

/** where reading stopped is told in bytes, as the message is kept */
const bytesBefore = (text: string, at: number) => Buffer.byteLength(text.slice(0, at))

function readJsonText(text: string, offset: number, found: Documents) {
  const read = parseJson(text.replace(/[\0\s\ufeff]+$/, ''))
  if ('detail' in read) return void found.rejects.push(notUnderstood(read.detail, offset + bytesBefore(text, Number(read.where)), text))
  const { value } = read
  const alerts = Array.isArray(value) ? value : [value]
  if (alerts.length > MOST_DOCUMENTS) found.rejects.push(tooMany(offset))
  for (const one of alerts.slice(0, MOST_DOCUMENTS)) {
    const [tree = one] = listAt(one, ROOT)
    if (hasAt(tree, 'eventType')) found.documents.push({ tree, text: Array.isArray(value) ? JSON.stringify(one) : text, mended: false })
    else found.rejects.push(notUnderstood('the JSON has no eventType', offset, text))
  }
}

const tooMany = (offset: number): Reject => ({
  reason: 'not-understood',
  detail: `the message holds more than ${MOST_DOCUMENTS} alerts: the rest was not read`,
  where: `byte ${offset}`,
})
const notUnderstood = (detail: string, offset: number, part: string): Reject => ({
  reason: 'not-understood',
  detail,
  where: `byte ${offset}`,
  part: part.slice(0, 64 * 1024),
})
