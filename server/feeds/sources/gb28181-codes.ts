/** What an alarm is, before a camera's own rules are asked. */
export type AlarmMeaning =
  | { camera: string; label: string }
  /** an alarm input, a phone, a button: what it means is what the device is */
  | { input: string }

/**
 * AlarmMethod and AlarmType of GB/T 28181-2016, annex A.2.5 (13 of method 5 is of 2022). `other` is recorded and alerts nobody, unless a rule
 * of the camera makes its label an event.
 */
const VIDEO: Readonly<Record<string, AlarmMeaning>> = {
  /** 人工视频报警 */
  1: { camera: 'other', label: 'manual' },
  /** 运动目标检测 */
  2: { camera: 'other', label: 'motion' },
  /** 遗留物检测 */
  3: { camera: 'left-object', label: 'left-object' },
  /** 物体移除检测 */
  4: { camera: 'removed-object', label: 'removed-object' },
  /** 绊线检测 */
  5: { camera: 'intrusion', label: 'line-crossing' },
  /** 入侵检测 */
  6: { camera: 'intrusion', label: 'intrusion' },
  /** 逆行检测 */
  7: { camera: 'other', label: 'wrong-way' },
  /** 徘徊检测 */
  8: { camera: 'loitering', label: 'loitering' },
  /** 流量统计 */
  9: { camera: 'other', label: 'flow' },
  /** 密度检测 */
  10: { camera: 'crowd', label: 'density' },
  /** 视频异常检测 */
  11: { camera: 'video-loss', label: 'video-abnormal' },
  /** 快速移动 */
  12: { camera: 'other', label: 'fast-moving' },
  /** 图像遮挡 */
  13: { camera: 'tamper', label: 'covered' },
}
const DEVICE: Readonly<Record<string, AlarmMeaning>> = {
  /** 视频丢失 */
  1: { camera: 'video-loss', label: 'video-loss' },
  /** 设备防拆 */
  2: { camera: 'tamper', label: 'tamper' },
  /** 存储设备磁盘满 */
  3: { camera: 'other', label: 'storage-full' },
  /** 设备高温 */
  4: { camera: 'other', label: 'device-hot' },
  /** 设备低温 */
  5: { camera: 'other', label: 'device-cold' },
}
const FAULT: Readonly<Record<string, AlarmMeaning>> = {
  /** 存储设备磁盘故障 */
  1: { camera: 'other', label: 'storage-fault' },
  /** 存储设备风扇故障 */
  2: { camera: 'other', label: 'fan-fault' },
}

/** Method 5 without a type has no known meaning; method 2 without one is 默认的报警设备报警. */
export function alarmMeaning(method: string, type: string | undefined): AlarmMeaning {
  const unknown = `gb28181:${method}${type === undefined ? '' : `/${type}`}`
  if (method === '5') return own(VIDEO, type) ?? { camera: 'other', label: unknown }
  if (method === '6') return own(FAULT, type) ?? { camera: 'other', label: unknown }
  if (method === '2' && type !== undefined) return own(DEVICE, type) ?? { camera: 'other', label: unknown }
  // 4 is GPS, which is a position and no alarm of anything that is seen
  if (method === '4') return { camera: 'other', label: unknown }
  return { input: unknown }
}
const own = <T>(table: Readonly<Record<string, T>>, key: string | undefined) =>
  key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined

/** Digits 11 to 13 of a DeviceID: 131 and 132 cameras, 134 an alarm input. */
export const isAlarmInput = (deviceId: string) => deviceId.length === 20 && deviceId.slice(10, 13) === '134'
