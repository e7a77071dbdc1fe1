import type { CarePlan } from '../../shared/care.ts'
import type { Resident } from '../../shared/person.ts'

/** An invented woman who lives alone in the tiny estate. */
export const GRANNY: Resident = {
  ...{ id: 'r1', placeId: 'caihong-b01-u1-101', name: '王小兰', sex: 'f', birthDate: '1946-03-11', phone: '13900001111', relation: 'head' },
  categories: ['living-alone', 'elder'],
}
/** Another grid, and not looked after. */
export const NEIGHBOUR: Resident = { ...GRANNY, id: 'r2', placeId: 'caihong-b03-u1-101', name: '李四', categories: ['left-behind-child'] }

export const DAUGHTER = { id: 'c1', relation: 'family', name: '陈小芳', phone: '13900002222' } as const
export const HEAD = { id: 'c2', relation: 'cluster-head', staffId: 'head-c001' } as const

export const plan = (more: Partial<CarePlan> = {}): CarePlan => ({
  ...{ residentId: 'r1', version: 1, contacts: [DAUGHTER, HEAD], detectors: {}, quiet: [], consent: null, absences: [] },
  ...{ changedAt: 0, changedBy: 'u1', ...more },
})
