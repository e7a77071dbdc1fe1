import type { Device } from '../../../shared/device.ts'
import { eventOf } from './camera-rules.ts'

/**
 * What a camera's own rules make of what it saw: the first of the labels that any rule names decides, `other` when no rule fits it then.
 * Undefined when no rule names any: the vendor's meaning stands.
 */
export function ruledEvent(labels: readonly (string | undefined)[], zones: string[], camera: Device | undefined, minute: number) {
  const rules = camera?.rules ?? []
  const label = labels.find((one) => one !== undefined && rules.some((rule) => rule.label === one))
  return label === undefined ? undefined : (eventOf(rules, label, zones, minute) ?? 'other')
}
