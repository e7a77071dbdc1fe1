import { SHIPPED } from '../../../server/registers/thresholds.ts'

/** The setting with which the system is shipped: false alarms a week for one home. */
export const shippedRate = (): number => SHIPPED.get('inactivity.false-per-week')!.value
