/** What a door controller or face terminal says with major and minor type (Hikvision AccessControllerEvent). */
export type AccessMeaning =
  | { passage: { granted: boolean; credential?: 'card' | 'face' | 'code' | 'qr' | 'remote' } }
  | { contact: { open: boolean; part: 'lock' | 'door' } }
  | { hazard: { hazard: string; active: boolean | undefined } }
  | { button: 'exit' }
  | { tamper: boolean }

const EVENT = 5
const ALARM = 1
/** `undefined` active: a moment, nobody says its end */
const hazard = (code: string, active: boolean | undefined): AccessMeaning => ({ hazard: { hazard: code, active } })
const granted = (credential?: 'card' | 'face' | 'code' | 'qr' | 'remote'): AccessMeaning => ({
  passage: { granted: true, ...(credential && { credential }) },
})
const denied = (credential?: 'card' | 'face' | 'code' | 'qr' | 'remote'): AccessMeaning => ({
  passage: { granted: false, ...(credential && { credential }) },
})
const many = (codes: readonly number[], meaning: AccessMeaning) => codes.map((code): [number, AccessMeaning] => [code, meaning])

/** Major 5. Fingerprints have no word of their own in a passage; with several means the strongest is named. */
const EVENTS: ReadonlyMap<number, AccessMeaning> = new Map([
  ...many([1, 2], granted('card')),
  ...many([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], denied('card')),
  [16, granted()],
  [21, { contact: { open: true, part: 'lock' } }],
  [22, { contact: { open: false, part: 'lock' } }],
  [23, { button: 'exit' }],
  [25, { contact: { open: true, part: 'door' } }],
  [26, { contact: { open: false, part: 'door' } }],
  [27, hazard('door-forced', undefined)],
  [28, hazard('door-held-open', undefined)],
  [34, granted('code')],
  ...many([38, 43, 46, 72], granted()),
  ...many([39, 44, 45, 47, 48, 49, 73, 74], denied()),
  [40, granted('card')],
  ...many([41, 42], denied('card')),
  [52, hazard('fire', true)],
  [53, hazard('fire', false)],
  ...many([54, 57, 60, 63, 66, 75, 77], granted('face')),
  ...many([55, 56, 58, 59, 61, 62, 64, 65, 67, 68, 76, 78, 79, 80], denied('face')),
  [69, granted()],
  ...many([70, 71], denied()),
  // as a terminal's owner noted them; the vendor's SDK calls 81 and 82 the first card's authorisation
  [81, hazard('door-held-open', undefined)],
  [82, hazard('door-forced', undefined)],
])

/** Major 1. */
const ALARMS: ReadonlyMap<number, AccessMeaning> = new Map([
  ...many([0x404, 0x406, 0x408, 0x40f, 0x422], { tamper: true }),
  ...many([0x405, 0x407, 0x409, 0x410, 0x423], { tamper: false }),
  [0x40a, hazard('duress', undefined)],
  ...many([0x415, 0x416, 0x418, 0x424], hazard('fire', true)),
  ...many([0x417, 0x419, 0x425], hazard('fire', false)),
  [0x41c, hazard('panic', true)],
  [0x41d, hazard('panic', false)],
  [0x95d, hazard('duress', undefined)],
])

/** Undefined: operations, exceptions and whatever else means no more than that it works. */
export function accessMeaning(major: number | undefined, minor: number | undefined): AccessMeaning | undefined {
  if (minor === undefined) return undefined
  return major === EVENT ? EVENTS.get(minor) : major === ALARM ? ALARMS.get(minor) : undefined
}
