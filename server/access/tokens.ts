import { createHash, randomBytes } from 'node:crypto'

/** 256 bits: not to be guessed, so a plain hash of it is enough to keep. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What the database keeps of a token. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')

export const newPublicId = (prefix: string): string => `${prefix}-${randomBytes(6).toString('hex')}`
