import { bodyOffset, CR, LF } from './sources/sia/frame.ts'
import { readOhHeartbeat } from './sources/sia/oh.ts'

/** Longer frames are none: their length has three digits that count (0LLL); some room for senders that count wrong. */
export const LONGEST_FRAME = 8 * 1024
/** the longest heartbeat of an Osborne-Hoffman receiver, and the shortest start of a frame */
const LONGEST_BEAT = 80
const SHORTEST = 10

export interface Piece {
  /** `frame`: worth reading; `garbage`: bytes that begin none, or one that was cut off */
  kind: 'frame' | 'garbage'
  bytes: Uint8Array
}

/**
 * Takes frames out of a stream, however it was cut into reads: several at once, one in many, zeros and line ends between them, garbage
 * around them. Keeps at most LONGEST_FRAME bytes.
 */
export function createFraming() {
  let held: Buffer = Buffer.alloc(0)

  /** the pieces that are whole now */
  function push(chunk: Uint8Array): Piece[] {
    const bytes = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk])
    const pieces: Piece[] = []
    let at = skipBlank(bytes, 0)
    for (let cut = nextCut(bytes, at); cut !== undefined; cut = nextCut(bytes, at)) {
      pieces.push({ kind: cut.kind, bytes: bytes.subarray(at, cut.end) })
      at = skipBlank(bytes, cut.end)
    }
    // a copy: what is held must not keep the whole read alive
    held = Buffer.from(bytes.subarray(at))
    return pieces
  }

  /** nothing more comes: what is left is a frame without its CR, or garbage */
  function end(): Piece[] {
    const bytes = held
    held = Buffer.alloc(0)
    return bytes.length === 0 ? [] : [{ kind: bodyOffset(bytes, 0) > 0 ? 'frame' : 'garbage', bytes }]
  }
  return {
    push,
    end,
    get held() {
      return held.length
    },
  }
}

/** Zeros, CR and spaces between frames. */
function skipBlank(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && (bytes[at] === 0 || bytes[at] === CR || bytes[at] === 0x20)) at++
  return at
}

interface Cut {
  kind: Piece['kind']
  end: number
}

/** Where the piece that begins at `at` ends; undefined: more must come. */
function nextCut(bytes: Buffer, at: number): Cut | undefined {
  if (at >= bytes.length) return undefined
  const beat = beatAt(bytes, at)
  if (beat) return beat
  if (beat === null) return undefined
  if (bytes[at] !== LF) return garbage(bytes, at, at)
  const offset = bodyOffset(bytes, at)
  if (offset > 0) return frame(bytes, at, at + offset)
  return bytes.length - at < SHORTEST ? undefined : garbage(bytes, at, at + 1)
}

/** An unframed heartbeat; null: it may become one. */
function beatAt(bytes: Buffer, at: number): Cut | null | undefined {
  const start = bytes[at] === LF ? at + 1 : at
  if (bytes[start] !== 0x53 /* S */) return undefined
  const text = bytes.toString('latin1', at, at + LONGEST_BEAT)
  const beat = readOhHeartbeat(text)
  if (beat) return { kind: 'frame', end: at + beat.length }
  return text.length < LONGEST_BEAT && !text.includes(']') && !text.includes('\r') ? null : undefined
}

/** Up to its CR; another frame that begins before it shows that this one was cut off. */
function frame(bytes: Buffer, at: number, body: number): Cut | undefined {
  const cr = bytes.indexOf(CR, body)
  const limit = cr < 0 ? bytes.length : cr
  for (let lf = bytes.indexOf(LF, body); lf >= 0 && lf < limit; lf = bytes.indexOf(LF, lf + 1))
    if (bodyOffset(bytes, lf) > 0) return { kind: 'garbage', end: lf }
  if (cr >= 0) return { kind: cr - at <= LONGEST_FRAME ? 'frame' : 'garbage', end: cr + 1 }
  return bytes.length - at > LONGEST_FRAME ? { kind: 'garbage', end: bytes.length } : undefined
}

/** Up to the next LF, or the next CR; what ends with neither is held until it is too long. */
function garbage(bytes: Buffer, at: number, from: number): Cut | undefined {
  const lf = bytes.indexOf(LF, from)
  if (lf >= 0) return { kind: 'garbage', end: lf }
  const cr = bytes.indexOf(CR, from)
  if (cr >= 0) return { kind: 'garbage', end: cr + 1 }
  return bytes.length - at > LONGEST_FRAME ? { kind: 'garbage', end: bytes.length } : undefined
}
