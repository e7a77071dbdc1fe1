import { timingSafeEqual } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Sealing } from '../access/sealing.ts'
import { keepFile, readKept } from '../kept-file.ts'

/** Recordings in DATA_DIR, named by the hash of their bytes. */
const fileOf = (dataDir: string, hash: string) => join(dataDir, 'clips', hash)

export const keepClip = (dataDir: string, hash: string, bytes: Uint8Array, token: string) => keepFile(fileOf(dataDir, hash), bytes, token)
export const readClip = (dataDir: string, hash: string) => readKept(fileOf(dataDir, hash))
export const removeClip = (dataDir: string, hash: string) => rmSync(fileOf(dataDir, hash), { force: true })

/** A loudspeaker has no sign-in: whoever knows the key that hangs on the address may fetch this one recording. */
export const clipPath = (hash: string, sealing: Pick<Sealing, 'derive'>) => `/api/clips/${hash}?key=${sealing.derive(`clip/${hash}`)}`
export function isClipKey(hash: string, key: string, sealing: Pick<Sealing, 'derive'>): boolean {
  const wanted = Buffer.from(sealing.derive(`clip/${hash}`))
  const given = Buffer.from(key)
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}
