import { join } from 'node:path'
import sharp from 'sharp'

/** The icons of the home screen from the page's own: `node tests/support/icons.ts`. The masked one keeps the middle four fifths free. */
const pages = join(import.meta.dirname, '../../web/public')
const picture = join(pages, 'icon.svg')
const GROUND = '#0b0f15'

for (const side of [192, 512])
  await sharp(picture, { density: 600 })
    .resize(side, side)
    .png({ compressionLevel: 9 })
    .toFile(join(pages, `field-${side}.png`))
const inner = await sharp(picture, { density: 600 }).resize(360, 360).png().toBuffer()
await sharp({ create: { width: 512, height: 512, channels: 3, background: GROUND } })
  .composite([{ input: inner, gravity: 'centre' }])
  .png({ compressionLevel: 9 })
  .toFile(join(pages, 'field-maskable.png'))
