import { rmSync } from 'node:fs'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** Pictures in DATA_DIR, named by the hash of their bytes: the same picture twice is one file. */
export const photoPath = (dataDir: string, hash: string) => join(dataDir, 'photos', hash.slice(0, 2), `${hash}.jpg`)

/** Whole and on the disk before the row that names it is written. */
export async function keepPhoto(dataDir: string, hash: string, bytes: Uint8Array, token: string): Promise<void> {
  const path = photoPath(dataDir, hash)
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const half = `${path}.${token}.new`
  const file = await open(half, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(half, path)
}

/** undefined: the file has gone. */
export const readPhotoFile = (dataDir: string, hash: string): Promise<Buffer | undefined> =>
  readFile(photoPath(dataDir, hash)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })

export const removePhoto = (dataDir: string, hash: string) => rmSync(photoPath(dataDir, hash), { force: true })
