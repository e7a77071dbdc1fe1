import type { Role } from './access.ts'

/** How much of a person a role is shown by itself; more takes an unmasking, which is a command with an audit row (S2). */
export interface Sight {
  /** alerts, incidents, orders, devices and people living alone at all */
  matters: boolean
  /** a resident behind a matter: masked name, age, categories; or nobody */
  person: 'masked' | 'none'
  phone: 'masked' | 'none'
  staff: 'full' | 'masked'
  /** the order given to oneself opens the name and number of the person it is about: that it was given is in the audit */
  ownOrders: boolean
}

const SCREEN: Sight = { matters: true, person: 'masked', phone: 'none', staff: 'masked', ownOrders: false }
const OFFICE: Sight = { matters: true, person: 'masked', phone: 'masked', staff: 'full', ownOrders: false }

export const SIGHT: Record<Role, Sight> = {
  wall: SCREEN,
  visitor: { ...SCREEN, person: 'none' },
  resident: { ...SCREEN, matters: false, person: 'none' },
  field: { ...SCREEN, staff: 'full', ownOrders: true },
  officer: OFFICE,
  supervisor: OFFICE,
  admin: OFFICE,
  engineer: { ...SCREEN, person: 'none' },
}
