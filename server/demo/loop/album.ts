import sharp from 'sharp'
import type { Photo } from '../../../shared/photo.ts'
import type { Random } from '../../../shared/random.ts'
import type { Caller } from '../rest.ts'
import { draw, type Motif } from './drawing.ts'

/** Draws a picture and hands it in; undefined: it was not taken, and the report goes without. */
export async function drawn(caller: Caller, motif: Motif, random: Random): Promise<string | undefined> {
  const bytes = await sharp(Buffer.from(draw(motif, random)))
    .jpeg({ quality: 75 })
    .toBuffer()
  return (await caller.upload<Photo>('/api/photos', bytes, 'image/jpeg'))?.id
}
