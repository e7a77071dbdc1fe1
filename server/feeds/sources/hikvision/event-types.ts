/**
 * ISAPI `eventType` (lower case) → camera event, where the camera's own rule decides what it is. What is not here is `other`, with its code
 * kept. Names as in the vendor's list of event types; of those marked * no message of a device was seen, those marked ** are our guess at the
 * vendor's way of naming: no list was found that has them.
 */
export const EVENT_TYPES: Readonly<Record<string, string>> = {
  linedetection: 'intrusion',
  fielddetection: 'intrusion',
  regionentrance: 'intrusion',
  regionexiting: 'intrusion',
  loitering: 'loitering',
  group: 'crowd',
  persondensitydetection: 'crowd', // *
  peoplenumchange: 'other', // *
  parking: 'illegal-parking',
  illegalparking: 'illegal-parking', // *
  fireescapedetection: 'fire-lane-blocked', // *
  unattendedbaggage: 'left-object',
  attendedbaggage: 'removed-object',
  faildown: 'fall', // * spelt so by the vendor
  falldown: 'fall', // *
  fallingobject: 'thrown-object', // **
  highaltitudethrowing: 'thrown-object', // **
  firedetection: 'fire',
  smokedetection: 'smoke', // *
  smokeandfiredetection: 'fire', // *
  tma: 'overheat', // temperature alarm of a thermal camera
  tmpa: 'other', // its pre-alarm
  tda: 'overheat', // difference of temperatures
  shelteralarm: 'tamper',
  tamperdetection: 'tamper',
  scenechangedetection: 'tamper',
  defocus: 'tamper',
  defocusdetection: 'tamper',
  videoloss: 'video-loss',
  badvideo: 'video-loss',
  videoexception: 'video-loss', // *
}

/** Someone or something moves: only a rule of the register makes these an event. */
export const MOTION: ReadonlySet<string> = new Set(['vmd', 'motion', 'motiondetection', 'pir', 'pirdetection', 'wlsensor'])

/** Drawn lines and areas: the target in them decides, when the register has a rule for it. */
export const PERIMETER: ReadonlySet<string> = new Set(['linedetection', 'fielddetection', 'regionentrance', 'regionexiting'])

/** What says no more than "I am here". */
export const HEARTBEATS: ReadonlySet<string> = new Set(['heartbeat', 'keepalive'])

/** What the register's rules call the targets of the vendor. */
export const TARGETS: Readonly<Record<string, string>> = { human: 'person', vehicle: 'car', nonmotor: 'bicycle' }
