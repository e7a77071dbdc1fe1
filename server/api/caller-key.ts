import type { Sealing } from '../access/sealing.ts'

/** The same number however it was written: no spaces, no country code. */
export const digitsOf = (phone: string): string => phone.replace(/\D/g, '').replace(/^(?:00)?86(?=1\d{10}$)/, '')

/** By which a caller is found again. The number itself is in no index and in no address: only who has our key can work it out. */
export function callerKey(sealing: Sealing, phone: unknown): string | undefined {
  if (typeof phone !== 'string' || digitsOf(phone).length < 5) return undefined
  return `caller ${sealing.derive(`caller/${digitsOf(phone)}`)}`
}
