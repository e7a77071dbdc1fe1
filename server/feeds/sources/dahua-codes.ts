/** What a code of a Dahua device means here. */
export type Meaning =
  /** it sees something, or is not well itself: a code of the register of camera events */
  | { as: 'camera'; event: string; personal?: true }
  /** somebody at a door */
  | { as: 'passage'; credential?: 'face' | 'card' }
  | { as: 'door' }
  /** a wired input: what hangs on it, the register says */
  | { as: 'input' }
  | { as: 'hazard'; hazard: string }
  /** an alarm that an indoor unit passes on: its sensor says what it is */
  | { as: 'indoor' }
  /** the device has to say something of itself: it is there; `fault` names what is wrong */
  | { as: 'alive'; fault?: string }
  /** chatter, several a second, or told better by another event */
  | { as: 'nothing' }

const sees = (event: string): Meaning => ({ as: 'camera', event })
const OTHER: Meaning = { as: 'camera', event: 'other' }
const PERSONAL: Meaning = { as: 'camera', event: 'other', personal: true }
const ALIVE: Meaning = { as: 'alive' }
const NOTHING: Meaning = { as: 'nothing' }
const fault = (name: string): Meaning => ({ as: 'alive', fault: name })

/** From the Dahua HTTP API (2.76), public logs of real devices, and, for what a community asks for (falls, thrown objects, waste), the names of the vendor's SDK. */
const CODES: Readonly<Record<string, Meaning>> = {
  // what it sees
  CrossLineDetection: sees('intrusion'),
  CrossRegionDetection: sees('intrusion'),
  CrossFenceDetection: sees('intrusion'),
  ClimbDetection: sees('intrusion'),
  WanderDetection: sees('loitering'),
  StayDetection: sees('loitering'),
  RioterDetection: sees('crowd'),
  CrowdDetection: sees('crowd'),
  ParkingDetection: sees('illegal-parking'),
  CityMotorParking: sees('illegal-parking'),
  CityNonMotorParking: sees('illegal-parking'),
  FallDetection: sees('fall'),
  TumbleDetection: sees('fall'),
  HighTossDetect: sees('thrown-object'),
  GarbageExposure: sees('waste-overflow'),
  DustbinOverFlow: sees('waste-overflow'),
  FireDetection: sees('fire'),
  FireWarning: sees('fire'),
  SmokeDetection: sees('smoke'),
  VideoMotion: OTHER,
  SmartMotionHuman: OTHER,
  SmartMotionVehicle: OTHER,
  LeftDetection: OTHER,
  TakenAwayDetection: OTHER,
  MoveDetection: OTHER,
  FightDetection: OTHER,
  AudioMutation: OTHER,
  AudioAnomaly: OTHER,
  AudioDetection: OTHER,
  SmokingDetect: OTHER,
  PhoneCallDetect: OTHER,
  CallNoAnswered: OTHER,
  DoorNotClosed: OTHER,
  FaceDetection: PERSONAL,
  FaceRecognition: PERSONAL,
  FaceAnalysis: PERSONAL,
  HumanTrait: PERSONAL,
  TrafficJunction: PERSONAL,
  // the camera itself
  VideoLoss: sees('video-loss'),
  VideoBlind: sees('tamper'),
  VideoAbnormalDetection: sees('tamper'),
  VideoUnFocus: sees('tamper'),
  SceneChange: sees('tamper'),
  ChassisIntruded: sees('tamper'),
  // doors
  AccessControl: { as: 'passage' },
  DoorFace: { as: 'passage', credential: 'face' },
  DoorStatus: { as: 'door' },
  BreakIn: { as: 'hazard', hazard: 'intrusion' },
  Duress: { as: 'hazard', hazard: 'duress' },
  DuressAlarm: { as: 'hazard', hazard: 'duress' },
  // AccessControl follows and says whether the door opened
  DoorCard: NOTHING,
  FingerPrintCheck: NOTHING,
  AccessSnap: NOTHING,
  // wires and sensors
  AlarmLocal: { as: 'input' },
  AlarmLocalEx: { as: 'input' },
  ProfileAlarmTransmit: { as: 'indoor' },
  // the device has something to say of itself
  StorageNotExist: fault('storage'),
  StorageFailure: fault('storage'),
  StorageLowSpace: fault('storage'),
  StorageReadOnly: fault('storage'),
  HDDTemperatureAlarm: fault('storage'),
  FanSpeedAlarm: fault('fan'),
  UnderVoltage: fault('power'),
  OverVoltage: fault('power'),
  PowerFault: fault('power'),
  NetAbort: fault('network'),
  IPConflict: fault('network'),
  MACConflict: fault('network'),
  LoginFailure: fault('login'),
  RtspSessionDisconnect: ALIVE,
  TimeChange: ALIVE,
  NTPAdjustTime: ALIVE,
  Reboot: ALIVE,
  SIPRegisterResult: ALIVE,
  APConnect: ALIVE,
  // chatter
  VideoMotionInfo: NOTHING,
  IntelliFrame: NOTHING,
  NewFile: NOTHING,
  MDResult: NOTHING,
  FireWarningInfo: NOTHING,
  InterVideoAccess: NOTHING,
  BackKeyLight: NOTHING,
  BackLightOn: NOTHING,
  BackLightOff: NOTHING,
  KeepLightOn: NOTHING,
  CallSnap: NOTHING,
  Invite: NOTHING,
  IgnoreInvite: NOTHING,
  PassiveHungup: NOTHING,
  RequestCallState: NOTHING,
  AlarmOutput: NOTHING,
}

/** Firmware wraps some codes in underscores (`_DoorFace_`). */
export const plainCode = (code: string) => code.replace(/^_+|_+$/g, '')

/** undefined: a code that is in no book of ours. */
export const meaningOf = (code: string): Meaning | undefined => (Object.hasOwn(CODES, code) ? CODES[code] : undefined)

/** `SenseMethod` of the sensors that hang on an indoor unit. A doorbell reports its own infrared so: no danger, somebody at the door. */
const SENSES: Readonly<Record<string, string>> = {
  GasSensor: 'gas',
  SmokingSensor: 'smoke',
  WaterSensor: 'leak',
  UrgencyButton: 'help',
}
export const hazardOfSense = (sense: string): string | undefined => (Object.hasOwn(SENSES, sense) ? SENSES[sense] : undefined)
