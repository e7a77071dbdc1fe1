import { type Standing, standingOf, type Viewer } from './access.ts'

/** How much of a person a role is shown by itself; more takes an unmasking, which is a command with an audit row (S2). */
export interface Sight {
  /** alerts, incidents, orders, devices and people living alone at all */
  matters: boolean
  /** a resident behind a matter: masked name, age, categories; or nobody */
  person: 'masked' | 'none'
  phone: 'masked' | 'none'
  /** all categories of the register, or those alone that say why somebody is looked after */
  categories: 'all' | 'care'
  staff: 'full' | 'masked'
  /** the order given to oneself opens the name and number of the person it is about: that it was given is in the audit */
  ownOrders: boolean
}

const SCREEN: Sight = { matters: true, person: 'masked', phone: 'none', categories: 'care', staff: 'masked', ownOrders: false }
const OFFICE: Sight = { matters: true, person: 'masked', phone: 'masked', categories: 'all', staff: 'full', ownOrders: false }

export const CARE_CATEGORIES: readonly string[] = ['living-alone', 'left-behind-child', 'elder']

const NOTHING: Sight = { ...SCREEN, matters: false, person: 'none' }

export const SIGHT: Record<Standing, Sight> = {
  wall: SCREEN,
  visitor: { ...SCREEN, person: 'none' },
  resident: NOTHING,
  /** their orders reach them by their own list, not by the wall */
  helper: NOTHING,
  field: { ...SCREEN, staff: 'full', ownOrders: true },
  officer: OFFICE,
  supervisor: OFFICE,
  admin: OFFICE,
  engineer: { ...SCREEN, person: 'none' },
}

export const sightOf = (viewer: Pick<Viewer, 'role' | 'helper'>): Sight => SIGHT[standingOf(viewer)]
