import { createHash } from 'node:crypto'

/** How an image stands in what is kept: never its bytes (I3). */
export const imageMark = (bytes: Uint8Array) => `[image sha256:${createHash('sha256').update(bytes).digest('hex')} ${bytes.length} bytes]`

/** Base64 of JPEG, PNG, GIF, WebP and BMP begins so; or a data URL. */
const BASE64_IMAGE = /^(?:data:image\/[\w.+-]+;base64,|\/9j\/|iVBORw0KGgo|R0lGOD|UklGR|Qk[0-3])/
const LOOKS_LIKE_IMAGE = /(?:data:image|\/9j\/|iVBORw0KGgo|R0lGOD|UklGR|Qk[0-3])/
/** Shorter texts hold no picture. */
const SHORTEST = 200

export const mayHoldImage = (json: string) => json.length > SHORTEST && LOOKS_LIKE_IMAGE.test(json)

const isBase64Image = (text: string) => text.length >= SHORTEST && BASE64_IMAGE.test(text)

/** The same value with every picture in it reduced to hash and length. */
export function withoutImages(value: unknown): unknown {
  if (typeof value === 'string') return isBase64Image(value) ? imageMark(Buffer.from(value.replace(/^data:[^,]*,/, ''), 'base64')) : value
  if (Array.isArray(value)) return value.map(withoutImages)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutImages(one)]))
}

const STARTS: readonly (readonly [start: readonly number[], end: readonly number[]])[] = [
  [
    [0xff, 0xd8, 0xff],
    [0xff, 0xd9],
  ],
  [
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82],
  ],
]
const BASE64_RUN = /(?:data:image\/[\w.+-]+;base64,)?(?:\/9j\/|iVBORw0KGgo|R0lGOD|UklGR|Qk[0-3])[A-Za-z0-9+/=\s\\]{180,}/g

/** The same for bytes of any kind: multipart bodies, broken JSON, vendors' XML. */
export function bytesWithoutImages(bytes: Uint8Array): Uint8Array {
  let left = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const [start, end] of STARTS) left = cutImages(left, Buffer.from(start), Buffer.from(end))
  const text = left.toString('latin1')
  if (!mayHoldImage(text)) return left
  return Buffer.from(
    text.replace(BASE64_RUN, (run) => imageMark(Buffer.from(run.replace(/^data:[^,]*,/, ''), 'base64'))),
    'latin1',
  )
}

/** from each start to the last end before the next start; to the end of the bytes when none follows */
function cutImages(bytes: Buffer, start: Buffer, end: Buffer): Buffer {
  let at = bytes.indexOf(start)
  if (at < 0) return bytes
  const parts: Buffer[] = [bytes.subarray(0, at)]
  while (at >= 0) {
    const next = bytes.indexOf(start, at + start.length)
    const span = next < 0 ? bytes.subarray(at) : bytes.subarray(at, next)
    const stop = span.lastIndexOf(end)
    const length = stop < 0 ? span.length : stop + end.length
    parts.push(Buffer.from(imageMark(span.subarray(0, length))), span.subarray(length))
    at = next
  }
  return Buffer.concat(parts)
}
