import type { DeviceKind } from '../../../shared/device.ts'
import { DETECTS, hazard, heartbeat, numberOf, type Reading } from './nbiot-reading.ts'

/**
 * `Alarm_Status` of LiAn's smoke and gas detectors. A state is not an alarm: 2, 8 and 9 say that somebody silenced the detector, and 14 that
 * somebody held its test button.
 */
export function readAlarmStatus(value: unknown, kind: DeviceKind | undefined): Reading[] | undefined {
  const read = TABLE[`${numberOf(value)}`]
  return read?.((kind && DETECTS[kind]) ?? 'smoke')
}

/** per cent that stand for "low" when the terminal gives none */
const LOW = 5
const silenced = () => [heartbeat({ silenced: true })]
const fault = () => [hazard('trouble', true)]

const TABLE: Readonly<Record<string, (detects: string) => Reading[]>> = {
  /** 报警 */
  1: (detects) => [hazard(detects, true)],
  /** 静音 */
  2: silenced,
  /** 保留 */
  3: () => [heartbeat()],
  /** 低压 */
  4: () => [heartbeat({ battery: LOW })],
  /** 故障 */
  5: fault,
  /** 数据异常 */
  6: fault,
  /** 正常 */
  7: (detects) => [hazard(detects, false), hazard('trouble', false)],
  /** 单次静音指令 */
  8: silenced,
  /** 连续静音指令 */
  9: silenced,
  /** 拆卸报警 */
  10: () => [hazard('tamper', true)],
  /** 拆卸恢复 */
  11: () => [hazard('tamper', false)],
  /** 在线 */
  12: () => [heartbeat()],
  /** 异常 */
  13: fault,
  /** 模拟报警 */
  14: (detects) => [{ ...hazard(detects, true), test: true }],
}
