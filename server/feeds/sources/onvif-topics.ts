/** What a topic of an ONVIF device means here. */
export type TopicMeaning =
  | { as: 'camera'; event: string; object?: string }
  /** a wired input or a sensor built in: what it is, the register says */
  | { as: 'input'; name: string }
  | { as: 'passage'; granted: boolean }
  | { as: 'hazard'; hazard: string }
  | { as: 'door' }
  | { as: 'alive'; fault?: string }
  | { as: 'nothing' }

const sees = (event: string, object?: string): TopicMeaning => ({ as: 'camera', event, ...(object !== undefined && { object }) })
const OTHER = sees('other')
const ALIVE: TopicMeaning = { as: 'alive' }
const NOTHING: TopicMeaning = { as: 'nothing' }
const fault = (name: string): TopicMeaning => ({ as: 'alive', fault: name })

/** Paths of topics without their prefixes; the longest that fits wins. ONVIF topics, Axis' `tnsaxis:`, and what cheap cameras made up. */
const TOPICS: Readonly<Record<string, TopicMeaning>> = {
  'VideoSource/MotionAlarm': OTHER,
  'VideoSource/GlobalSceneChange': sees('tamper'),
  'VideoSource/ImageTooBlurry': sees('tamper'),
  'VideoSource/ImageTooDark': sees('tamper'),
  'VideoSource/ImageTooBright': sees('tamper'),
  'VideoSource/Tampering': sees('tamper'),
  'VideoSource/SignalLoss': sees('video-loss'),
  'VideoSource/VideoLoss': sees('video-loss'),
  'VideoSource/DayNightVision': NOTHING,
  'VideoSource/LiveStreamAccessed': NOTHING,
  'VideoSource/ABR': NOTHING,
  'RuleEngine/CellMotionDetector': OTHER,
  'RuleEngine/CellMotionDetector/Intrusion': sees('intrusion'),
  'RuleEngine/CellMotionDetector/LineCross': sees('intrusion'),
  'RuleEngine/CellMotionDetector/Tamper': sees('tamper'),
  'RuleEngine/CellMotionDetector/People': sees('other', 'person'),
  'RuleEngine/MotionRegionDetector': OTHER,
  'RuleEngine/VMD3': OTHER,
  'RuleEngine/FieldDetector': sees('intrusion'),
  'RuleEngine/LineDetector': sees('intrusion'),
  'RuleEngine/LoiteringDetector': sees('loitering'),
  'RuleEngine/FireSmokeDetector': sees('fire'),
  'RuleEngine/TamperDetector': sees('tamper'),
  'RuleEngine/PeopleDetector': sees('other', 'person'),
  'RuleEngine/MyRuleDetector/PeopleDetect': sees('other', 'person'),
  'RuleEngine/MyRuleDetector/FaceDetect': sees('other', 'person'),
  'RuleEngine/MyRuleDetector/VehicleDetect': sees('other', 'vehicle'),
  'RuleEngine/MyRuleDetector/DogCatDetect': sees('other', 'animal'),
  'RuleEngine/CountAggregation': NOTHING,
  'CameraApplicationPlatform/VMD': OTHER,
  'CameraApplicationPlatform/MotionGuard': OTHER,
  'CameraApplicationPlatform/FenceGuard': sees('intrusion'),
  'CameraApplicationPlatform/ObjectAnalytics': sees('intrusion'),
  'CameraApplicationPlatform/LoiteringGuard': sees('loitering'),
  'CameraApplicationPlatform/Tampering': sees('tamper'),
  'UserAlarm/IVA/HumanShapeDetect': sees('other', 'person'),
  'AudioSource/TriggerLevel': OTHER,
  'AudioAnalytics/Audio/DetectedSound': OTHER,
  'Device/Trigger/DigitalInput': { as: 'input', name: 'in' },
  'Device/IO/Port': { as: 'input', name: 'in' },
  'Device/IO/SupervisedPort': { as: 'input', name: 'in' },
  'Device/IO/VirtualInput': { as: 'input', name: 'virtual' },
  'Device/Sensor/PIR': { as: 'input', name: 'pir' },
  'Device/Casing/Open': sees('tamper'),
  'Device/Tampering': sees('tamper'),
  'Device/Trigger/Relay': NOTHING,
  'Device/Light': NOTHING,
  LightControl: NOTHING,
  PTZController: NOTHING,
  RecordingConfig: NOTHING,
  Recording: NOTHING,
  'Media/ProfileChanged': NOTHING,
  'Media/ConfigurationChanged': NOTHING,
  'Monitoring/ProcessorUsage': NOTHING,
  Monitoring: ALIVE,
  'Device/Status': ALIVE,
  'Device/Network': ALIVE,
  'Device/HardwareFailure/StorageFailure': fault('storage'),
  'Device/HardwareFailure/FanFailure': fault('fan'),
  'Device/HardwareFailure/PowerSupplyFailure': fault('power'),
  'Device/HardwareFailure/TemperatureCritical': fault('temperature'),
  'Storage/Alert': fault('storage'),
  'Storage/Disruption': fault('storage'),
  'AccessControl/AccessGranted': { as: 'passage', granted: true },
  'AccessControl/Denied': { as: 'passage', granted: false },
  'AccessControl/Duress': { as: 'hazard', hazard: 'duress' },
  'Door/State/DoorAlarm': { as: 'hazard', hazard: 'intrusion' },
  'Door/State/DoorPhysicalState': { as: 'door' },
  'Door/State/DoorTamper': sees('tamper'),
}

/** `tns1:Device/tnsaxis:IO/Port` → `Device/IO/Port` */
export const plainTopic = (topic: string) =>
  topic
    .trim()
    .replace(/^\/+/, '')
    .split('/')
    .map((step) => step.slice(step.lastIndexOf(':') + 1))
    .join('/')

/** undefined: a topic that is in no book of ours. */
export function meaningOfTopic(plain: string): TopicMeaning | undefined {
  for (let path = plain; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
    if (Object.hasOwn(TOPICS, path)) return TOPICS[path]
  }
  return undefined
}

/** Where one topic says many things (Tapo's TPSmartEvent), the name of its datum says which. */
const ITEMS: Readonly<Record<string, { event: string; object?: string }>> = {
  IsPeople: { event: 'other', object: 'person' },
  IsVehicle: { event: 'other', object: 'vehicle' },
  IsPet: { event: 'other', object: 'animal' },
  IsIntrusion: { event: 'intrusion' },
  IsLineCross: { event: 'intrusion' },
  IsTamper: { event: 'tamper' },
}
export const meaningOfItem = (name: string) => (Object.hasOwn(ITEMS, name) ? ITEMS[name] : undefined)
