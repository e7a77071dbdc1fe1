import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { keepFile, readKept } from '../kept-file.ts'

/** Pictures in DATA_DIR, named by the hash of their bytes: the same picture twice is one file. */
export const photoPath = (dataDir: string, hash: string) => join(dataDir, 'photos', hash.slice(0, 2), `${hash}.jpg`)

export const keepPhoto = (dataDir: string, hash: string, bytes: Uint8Array, token: string) =>
  keepFile(photoPath(dataDir, hash), bytes, token)
export const readPhotoFile = (dataDir: string, hash: string) => readKept(photoPath(dataDir, hash))
export const removePhoto = (dataDir: string, hash: string) => rmSync(photoPath(dataDir, hash), { force: true })
