import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

/** Passwords and keys that we must be able to say again lie in the store as AES-256-GCM, with a key that lies elsewhere. */
export interface Sealing {
  /** `place` is bound in: text moved to another feed does not open */
  seal(text: string, place: string): string
  /** undefined: sealed with another key, for another place, or broken */
  open(sealed: string, place: string): string | undefined
  /** a secret that the same request of the same person gets again, and nobody can guess */
  derive(what: string): string
}

const VERSION = 'v1'
const NONCE = 12
const TAG = 16

/**
 * The nonce is a keyed hash of what is sealed and where (as in RFC 8452): it never meets two texts, and the same text in the same place
 * gives the same seal, so that a repeated command is seen to be the same.
 */
export function createSealing(key: Uint8Array): Sealing {
  const sub = (use: string) => Buffer.from(hkdfSync('sha256', key, '', `linwang ${use}`, 32))
  const [cipherKey, nonceKey, secretKey] = [sub('seal'), sub('nonce'), sub('derive')]
  return {
    seal(text, place) {
      const nonce = createHmac('sha256', nonceKey).update(`${place}\0${text}`).digest().subarray(0, NONCE)
      const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce).setAAD(Buffer.from(place))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    open(sealed, place) {
      const [version, encoded = ''] = sealed.split('.')
      const bytes = Buffer.from(encoded, 'base64url')
      if (version !== VERSION || bytes.length < NONCE + TAG) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', cipherKey, bytes.subarray(0, NONCE)).setAAD(Buffer.from(place))
        decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
        return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
    derive: (what) => createHmac('sha256', secretKey).update(what).digest('base64url'),
  }
}

export const passwordPlace = (feed: string) => `feed/${feed}/password`
export const accountPlace = (feed: string, account: string) => `feed/${feed}/account/${account}`
