import { DISARMED, ended, hazard, help, type Meaning, NOTE, type Reading, TEST } from './meaning.ts'
import { siaMeaning } from './sia-meaning.ts'

/**
 * What a Contact ID event means (SIA DC-05-1999, annex A). What is not stated here goes by its class: an alarm that nobody knows is an
 * alarm. Undefined: the class is none either.
 * 900 is a maker's own: pysiaalarm reads it as RR.
 */
export function contactIdMeaning(qualifier: '1' | '3' | '6', code: string): Reading | undefined {
  const own = Object.hasOwn(CODES, code) ? CODES[code] : undefined
  const [meaning, says] = own ?? byClass(code) ?? []
  if (!meaning || !says) return code === '900' ? siaMeaning('RR') : undefined
  return { meaning: qualifier === '3' ? ended(meaning) : meaning, zoned: isZoned(code), says }
}

const byClass = (code: string): [Meaning, string] | undefined => CLASSES[code[0]!]
const CLASSES: Readonly<Record<string, [Meaning, string]>> = {
  '1': [hazard('alarm'), 'Alarm'],
  '2': [hazard('trouble'), 'Fire supervisory'],
  '3': [hazard('trouble'), 'Trouble'],
  '4': [NOTE, 'Opening, closing or access'],
  '5': [NOTE, 'Bypass or disable'],
  '6': [NOTE, 'Test or note'],
}

/** The number is a zone in alarms, in troubles of sensors, in bypasses and walk tests; else a user, a module, or nothing. */
const isZoned = (code: string) => /^([12]|3[789]|57|61[1-5]|42[3678]|434)/.test(code)

const codes = (meaning: Meaning, rows: Record<string, string>) =>
  Object.fromEntries(Object.entries(rows).map(([code, says]): [string, [Meaning, string]] => [code, [meaning, says]]))

const CODES: Readonly<Record<string, [Meaning, string]>> = {
  ...codes(help('medical'), { 100: 'Medical' }),
  ...codes(help('emergency'), { 101: 'Personal emergency' }),
  ...codes(hazard('no-report'), { 102: 'Failed to report in', 641: 'Senior watch', 642: 'Latch key', 654: 'Nothing stirred' }),
  ...codes(hazard('fire'), {
    110: 'Fire',
    112: 'Combustion',
    113: 'Sprinkler flow',
    115: 'Fire call point',
    117: 'Flame',
    118: 'Fire nearby',
  }),
  ...codes(hazard('smoke'), { 111: 'Smoke', 116: 'Smoke in a duct' }),
  ...codes(hazard('heat'), { 114: 'Heat' }),
  ...codes(help('panic'), { 120: 'Panic', 123: 'Audible panic', 126: 'Hold-up suspected', 129: 'Panic verified' }),
  ...codes(help('duress', true), { 121: 'Duress', 122: 'Silent panic', 124: 'Duress, let in', 125: 'Duress, let out' }),
  ...codes(hazard('intrusion'), {
    130: 'Burglary',
    131: 'Perimeter',
    132: 'Interior',
    133: '24-hour zone',
    134: 'Entry or exit',
    135: 'Day or night zone',
    136: 'Outdoor',
    138: 'Burglary nearby',
    139: 'Intrusion verified',
    146: 'Silent burglary',
    155: 'Foil break',
    374: 'Exit error alarm',
  }),
  ...codes(hazard('tamper'), {
    137: 'Tamper',
    144: 'Sensor tamper',
    145: 'Module tamper',
    316: 'Housing opened',
    341: 'Expander tamper',
    383: 'Sensor tamper',
    461: 'Wrong codes entered',
  }),
  ...codes(hazard('door-forced'), { 423: 'Forced access' }),
  ...codes(hazard('door-held-open'), { 426: 'Door held open' }),
  ...codes(hazard('alarm'), { 140: 'General alarm', 150: '24-hour alarm' }),
  ...codes(hazard('trouble'), {
    141: 'Polling loop open',
    142: 'Polling loop short',
    143: 'Module failure',
    147: 'Sensor not heard',
    152: 'Refrigeration',
    156: 'Day trouble',
    157: 'Gas bottle low',
    161: 'Air flow lost',
    163: 'Tank level',
  }),
  ...codes(hazard('gas'), { 151: 'Gas', 162: 'Carbon monoxide' }),
  ...codes(hazard('leak'), { 154: 'Water leak' }),
  ...codes(hazard('temperature'), { 153: 'Heating lost', 158: 'Too hot', 159: 'Too cold', 168: 'Too damp', 169: 'Too dry' }),
  ...codes(hazard('power-loss'), { 301: 'Mains lost', 342: 'Mains of an expander lost' }),
  ...codes(hazard('low-battery'), {
    302: 'Battery low',
    309: 'Battery failed its test',
    311: 'Battery missing',
    338: 'Battery of an expander low',
    384: 'Battery of a sensor low',
  }),
  ...codes(hazard('comm-trouble'), {
    344: 'Radio jammed',
    350: 'Communication trouble',
    351: 'Phone line 1',
    352: 'Phone line 2',
    353: 'Radio transmitter',
    354: 'An event was not delivered',
    355: 'Radio supervision lost',
    356: 'Polling lost',
    357: 'Radio antenna',
    358: 'Communication test failed',
  }),
  ...codes(NOTE, {
    305: 'Panel restarted',
    306: 'Settings changed',
    313: 'Engineer was here',
    406: 'Alarm cancelled',
    456: 'Partly armed',
    465: 'Alarm reset',
  }),
  ...codes(DISARMED, {
    400: 'Opening or closing',
    401: 'By a user',
    402: 'Group',
    403: 'Automatic',
    404: 'Late',
    405: 'Deferred',
    407: 'Remote',
    408: 'Quick',
    409: 'Key switch',
    450: 'Outside hours',
    451: 'Early',
    452: 'Late',
  }),
  ...codes(DISARMED, { 441: 'At home', 442: 'Key switch, at home' }),
  ...codes(TEST, {
    601: 'Test by hand',
    604: 'Fire test',
    607: 'Walk test',
    611: 'Point tested',
    612: 'Point not tested',
    613: 'Zone walked',
    614: 'Fire zone walked',
    615: 'Panic zone walked',
  }),
  ...codes(NOTE, { 602: 'Periodic test', 603: 'Periodic radio test', 608: 'Periodic test, with trouble' }),
}
