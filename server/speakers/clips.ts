import { timingSafeEqual } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sealing } from '../access/sealing.ts'

/** Recordings in DATA_DIR, named by the hash of their bytes. */
const fileOf = (dataDir: string, hash: string) => join(dataDir, 'clips', hash)

export async function keepClip(dataDir: string, hash: string, bytes: Uint8Array, token: string): Promise<void> {
  await mkdir(join(dataDir, 'clips'), { recursive: true, mode: 0o700 })
  const half = `${fileOf(dataDir, hash)}.${token}.new`
  const file = await open(half, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(half, fileOf(dataDir, hash))
}
export const readClip = (dataDir: string, hash: string): Promise<Buffer | undefined> =>
  readFile(fileOf(dataDir, hash)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
export const removeClip = (dataDir: string, hash: string) => rmSync(fileOf(dataDir, hash), { force: true })

/** A loudspeaker has no sign-in: whoever knows the key that hangs on the address may fetch this one recording. */
export const clipPath = (hash: string, sealing: Pick<Sealing, 'derive'>) => `/api/clips/${hash}?key=${sealing.derive(`clip/${hash}`)}`
export function isClipKey(hash: string, key: string, sealing: Pick<Sealing, 'derive'>): boolean {
  const wanted = Buffer.from(sealing.derive(`clip/${hash}`))
  const given = Buffer.from(key)
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}
