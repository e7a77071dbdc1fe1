import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The setting with which the system is shipped: false alarms a week for one home. */
export function shippedRate(): number {
  const path = join(import.meta.dirname, '..', '..', '..', 'server', 'registers', 'thresholds.json')
  const rows = JSON.parse(readFileSync(path, 'utf8')) as { name: string; value: number }[]
  return rows.find(({ name }) => name === 'inactivity.false-per-week')!.value
}
