import { crc16, hex4 } from './crc.ts'

/** LF, CRC, length, body, CR: the envelope of SIA DC-09 (5.5.1). */
export interface Frame {
  /** from the first '"' to before the CR, as latin1: one character a byte */
  text: string
  /** four hexadecimal digits, or two raw bytes as older senders write it */
  crcForm: 'hex' | 'binary'
  said: { crc: number; length: number }
  is: { crc: number; length: number }
}

export const LF = 0x0a
export const CR = 0x0d
const QUOTE = 0x22

/** Where the body begins after a LF at `at`: 9 with a hexadecimal CRC, 7 with a raw one; 0: no frame begins here. */
export function bodyOffset(bytes: Uint8Array, at: number): 9 | 7 | 0 {
  if (bytes[at + 9] === QUOTE && isHex(bytes, at + 1, at + 9)) return 9
  if (bytes[at + 7] === QUOTE && isHex(bytes, at + 3, at + 7)) return 7
  return 0
}

function isHex(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (hexDigit(bytes[i]!) < 0) return false
  return true
}
const hexDigit = (byte: number) => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const upper = byte & 0xdf
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1
}
function hexAt(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let i = at; i < at + 4; i++) value = value * 16 + hexDigit(bytes[i]!)
  return value
}

/** One frame; a missing LF, CR, and zeros behind it are no matter. Undefined: it is none. */
export function readFrame(bytes: Uint8Array): Frame | undefined {
  const at = bytes[0] === LF ? 0 : -1
  const offset = bodyOffset(bytes, at)
  if (offset === 0) return undefined
  const start = at + offset
  const body = bytes.subarray(start, endOf(bytes, start))
  const crc = offset === 9 ? hexAt(bytes, at + 1) : bytes[at + 1]! * 256 + bytes[at + 2]!
  return {
    text: latin1(body),
    crcForm: offset === 9 ? 'hex' : 'binary',
    said: { crc, length: hexAt(bytes, start - 4) },
    is: { crc: crc16(body), length: body.length },
  }
}

function endOf(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(CR, start)
  if (end >= 0) return end
  let last = bytes.length
  while (last > start && bytes[last - 1] === 0) last--
  return last
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

/** A whole frame around a body (latin1). */
export function makeFrame(text: string, crcForm: Frame['crcForm'] = 'hex'): Buffer {
  const body = Buffer.from(text, 'latin1')
  const crc = crc16(body)
  const head = crcForm === 'hex' ? Buffer.from(hex4(crc)) : Buffer.from([crc >> 8, crc & 0xff])
  return Buffer.concat([Buffer.of(LF), head, Buffer.from(hex4(body.length)), body, Buffer.of(CR)])
}
