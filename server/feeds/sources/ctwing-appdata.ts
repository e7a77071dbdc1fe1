import { readFireReport } from './ctwing-fire.ts'
import { readHuaqiang } from './ctwing-huaqiang.ts'
import type { Reading } from './nbiot-reading.ts'

/** What a terminal's own bytes say. `time` and `id` are its own, where it gives them. */
export type AppDataRead = { readings: Reading[]; id?: string; time?: number; flaw?: string } | { detail: string; where?: string }

const BASE64 = /^[A-Za-z0-9+/\-_\s]*={0,2}\s*$/
const HEX = /^(?:[0-9A-Fa-f]{2}){4,}$/
const SHOWN = 16

/** The payload of a product that CTWing or OneNET passes through unread: base64 (its padding may be missing) or hex. */
export function readAppData(text: string): AppDataRead {
  const bytes = bytesOf(text)
  if (!bytes || bytes.length === 0) return { detail: 'the payload is neither base64 nor hex' }
  const frame = readHuaqiang(bytes)
  if (frame && 'detail' in frame) return { detail: frame.detail, where: `byte ${frame.where}` }
  if (frame) return { readings: frame }
  const report = readFireReport(bytes.toString('utf8'))
  if (report) return report
  const start = bytes.subarray(0, SHOWN).toString('hex')
  return {
    detail: `the payload is ${bytes.length} bytes in this product's own format, which nobody has described here (it begins with ${start})`,
    where: 'byte 0',
  }
}

/** Hex is made of base64's letters, too: even, of hex digits alone and without an upper half of the alphabet it is hex. */
function bytesOf(text: string): Buffer | undefined {
  const trimmed = text.trim()
  if (HEX.test(trimmed)) return Buffer.from(trimmed, 'hex')
  return BASE64.test(trimmed) ? Buffer.from(trimmed, 'base64') : undefined
}
