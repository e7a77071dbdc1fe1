import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { overloaded, ProblemError, unprocessable } from '../../shared/problem.ts'

/** What a telephone sends at most, and what a small file may unfold to: 50 million pixels are 200 MB of memory for a moment. */
export const LARGEST_PHOTO = 12 * 1024 * 1024
const LARGEST_PIXELS = 50_000_000
/** px; enough to read a number plate across a yard */
const LONGEST_SIDE = 1920
const QUALITY = 80
const FORMATS = new Set(['jpeg', 'png', 'webp', 'heif', 'gif'])

export interface Remade {
  bytes: Buffer
  hash: string
  width: number
  height: number
}

sharp.cache(false)
sharp.concurrency(1)

/** Made anew from its pixels, upright: where it was taken and with what is gone. Problems: 422 for what is no picture, or too large a one. */
export async function remake(input: Uint8Array): Promise<Remade> {
  const picture = sharp(input, { limitInputPixels: LARGEST_PIXELS, failOn: 'error', sequentialRead: true, pages: 1 })
  try {
    const { format, width = 0, height = 0 } = await picture.metadata()
    if (!FORMATS.has(format)) throw noPicture(`is a ${format}`)
    if (width * height > LARGEST_PIXELS) throw noPicture('has more than 50 million pixels')
    const { data, info } = await picture
      .rotate()
      .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: QUALITY, mozjpeg: false })
      .toBuffer({ resolveWithObject: true })
    return { bytes: data, hash: createHash('sha256').update(data).digest('hex'), width: info.width, height: info.height }
  } catch (error) {
    if (error instanceof ProblemError) throw error
    throw noPicture('could not be read')
  }
}

const noPicture = (what: string) =>
  unprocessable(`The picture ${what}.`, {
    errors: [{ field: 'body', detail: what, fix: 'send a photo as JPEG, PNG or WebP of at most 50 million pixels' }],
  })

/** At most so many pictures are unfolded at a time, and so many wait: memory stays bounded (I5). */
const AT_ONCE = 2
const WAITING = 30

export function createDarkroom(work: (input: Uint8Array) => Promise<Remade> = remake): (input: Uint8Array) => Promise<Remade> {
  let running = 0
  const queue: (() => void)[] = []
  return async (input) => {
    if (queue.length >= WAITING) throw overloaded('Too many pictures at once: send it again', { retryAfter: 3 })
    if (running >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve))
    else running += 1
    try {
      return await work(input)
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}
