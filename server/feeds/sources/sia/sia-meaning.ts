import { ARMED, DISARMED, hazard, help, type Meaning, NOTE, type Reading, TEST } from './meaning.ts'
import { SIA_CODES } from './sia-codes.ts'

/** What a two-letter code of SIA DC-03 means; undefined: it is in no code book. */
export function siaMeaning(code: string): Reading | undefined {
  const says = Object.hasOwn(SIA_CODES, code) ? SIA_CODES[code] : undefined
  if (says === undefined) return undefined
  const own = Object.hasOwn(OWN, code) ? OWN[code] : undefined
  if (own) return { meaning: own, zoned: ZONED.has(code), says }
  const family = FAMILIES[code[0]!]
  return family ? { meaning: ofFamily(family, code[1]!), zoned: true, says } : { meaning: NOTE, zoned: false, says }
}

/** The first letter says what is watched … */
const FAMILIES: Readonly<Record<string, Meaning>> = {
  B: hazard('intrusion'),
  F: hazard('fire'),
  G: hazard('gas'),
  H: help('duress', true),
  K: hazard('heat'),
  M: help('medical'),
  P: help('panic'),
  Q: help('emergency'),
  S: hazard('fire'),
  T: hazard('tamper'),
  U: hazard('alarm'),
  W: hazard('leak'),
  Z: hazard('temperature'),
}

/** … and the second what became of it: alarm, verified, crossed; restored, cancelled; trouble, supervision; bypass and the rest. */
function ofFamily(family: Meaning, action: string): Meaning {
  if ('AVM'.includes(action)) return family
  if ('HRC'.includes(action)) return family.is === 'hazard' ? { ...family, active: false } : NOTE
  if ('TSDZY'.includes(action)) return hazard('trouble')
  if ('JE'.includes(action)) return hazard('trouble', false)
  return action === 'X' ? TEST : NOTE
}

const set = (codes: string, meaning: Meaning) => Object.fromEntries(codes.split(' ').map((code) => [code, meaning]))

/** Codes that the two letters do not explain. */
const OWN: Readonly<Record<string, Meaning>> = {
  ...set('AT', hazard('power-loss')),
  ...set('AR', hazard('power-loss', false)),
  ...set('YT YM XT', hazard('low-battery')),
  ...set('YR XR', hazard('low-battery', false)),
  ...set('YC YS NT LT XQ', hazard('comm-trouble')),
  ...set('YK NR LR XH', hazard('comm-trouble', false)),
  ...set('YA YI YP YX ET IA DT AS', hazard('trouble')),
  ...set('YH YJ YQ YZ ER IR AN', hazard('trouble', false)),
  ...set('XS JA', hazard('tamper')),
  ...set('XJ', hazard('tamper', false)),
  ...set('EA', hazard('intrusion')),
  ...set('DF', hazard('door-forced')),
  ...set('DR', hazard('door-forced', false)),
  ...set('DL', hazard('door-held-open')),
  ...set('DH', hazard('door-held-open', false)),
  ...set('UZ', hazard('alarm')),
  ...set('NA', hazard('no-report')),
  ...set('NS', hazard('no-report', false)),
  ...set('RX FI FK TS TE TP TX TC RY VX', TEST),
  ...set('RP', NOTE),
  ...set('OP OA OG OH OJ OK OL OR OS', DISARMED),
  ...set('CL CA CF CG CJ CK CP CR CS CW NL NF', ARMED),
}
/** Of those the ones whose number is a zone. */
const ZONED: ReadonlySet<string> = new Set(['XT', 'XR', 'DF', 'DR', 'DL', 'DH', 'EA', 'UZ', 'TP', 'AS', 'AN', 'NA', 'NS'])
