import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { tooLarge } from '../../shared/problem.ts'

const unpackers = { gzip: promisify(zlib.gunzip), zlib: promisify(zlib.inflate), raw: promisify(zlib.inflateRaw) }

/**
 * The body behind Content-Encoding, at most `largest` bytes of it. Dahua says deflate and sends plain text: what is not packed, or is
 * packed wrongly, is taken as it is, and its source says what it thinks of it.
 * @throws ProblemError 413 for more
 */
export async function inflate(body: Uint8Array, encoding: string | undefined, largest: number): Promise<Uint8Array> {
  const how = packingOf(body, encoding?.trim().toLowerCase())
  if (!how) return body
  try {
    return await unpackers[how](body, { maxOutputLength: largest })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(`Unpacked it has more than ${largest} bytes.`)
    return body
  }
}

function packingOf(body: Uint8Array, encoding: string | undefined): keyof typeof unpackers | undefined {
  const [first = 0, second = 0] = body
  if (encoding === 'gzip' || encoding === 'x-gzip' || encoding === 'deflate') {
    if (first === 0x1f && second === 0x8b) return 'gzip'
    if (encoding !== 'deflate') return undefined
    // RFC 1950, section 2.2: method 8, and both bytes a multiple of 31
    if ((first & 0x0f) === 8 && (first * 256 + second) % 31 === 0) return 'zlib'
    return isText(first) ? undefined : 'raw'
  }
  return undefined
}

/** How XML, JSON, a multipart or a line of text begins; a byte order mark too. */
const isText = (first: number) => first === 0x09 || first === 0x0a || first === 0x0d || (first >= 0x20 && first < 0x7f) || first === 0xef
