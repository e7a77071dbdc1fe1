import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const BLOCK = 16
const NO_IV = Buffer.alloc(BLOCK)
const NAMES: Readonly<Record<number, string>> = { 16: 'aes-128-cbc', 24: 'aes-192-cbc', 32: 'aes-256-cbc' }

/** The keys that a text may mean: hexadecimal digits, or the characters themselves, of 16, 24 or 32 bytes. None: it is no key. */
export function keysOf(text: string): Buffer[] {
  const hex = /^[0-9A-Fa-f]*$/.test(text) && text.length % 2 === 0 ? [Buffer.from(text, 'hex')] : []
  return [...hex, Buffer.from(text, 'utf8')].filter(({ length }) => length in NAMES)
}

const END = /\](?:\[[^\]]*\])*_\d{2}:\d{2}:\d{2},\d{2}-\d{2}-\d{4}$/

/**
 * What stood between '[' and CR, as text (latin1) without its padding, and the key that opened it. DC-09 5.4.4: AES in CBC mode, the vector
 * all zero, hexadecimal digits; inside `padding|data]time`. Undefined: no key opens it (the time that must end it is not there).
 */
export function decipher(cipherText: string, keys: readonly Buffer[]): { text: string; key: Buffer } | undefined {
  if (!/^(?:[0-9A-Fa-f]{32})+$/.test(cipherText)) return undefined
  for (const key of keys) {
    const decoder = createDecipheriv(NAMES[key.length]!, key, NO_IV).setAutoPadding(false)
    const text = Buffer.concat([decoder.update(cipherText, 'hex'), decoder.final()]).toString('latin1')
    if (END.test(text)) return { text: withoutPadding(text), key }
  }
  return undefined
}

/** Padding ends with a '|'; some leave it out where no data follows. */
function withoutPadding(text: string): string {
  const bar = text.indexOf('|')
  const bracket = text.indexOf(']')
  return bar >= 0 && bar < bracket ? text.slice(bar + 1) : text.slice(bracket)
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,'

/** `padding|text`, enciphered, as hexadecimal digits. */
export function encipher(text: string, key: Buffer, random: (bytes: number) => Uint8Array = randomBytes): string {
  const padding = BLOCK - ((text.length + 1) % BLOCK)
  const letters = [...random(padding)].map((byte) => LETTERS[byte % LETTERS.length]).join('')
  const encoder = createCipheriv(NAMES[key.length]!, key, NO_IV).setAutoPadding(false)
  const clear = Buffer.from(`${letters}|${text}`, 'latin1')
  return Buffer.concat([encoder.update(clear), encoder.final()])
    .toString('hex')
    .toUpperCase()
}
