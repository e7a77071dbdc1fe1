import { STANDINGS, type Standing, standingOf, type Viewer } from '../../shared/access.ts'
import { EQUIPMENT_KINDS } from '../../shared/equipment.ts'
import type { PlaceTree } from '../../shared/world.ts'

const EVERYONE: readonly Standing[] = STANDINGS
const SCREENS: readonly Standing[] = ['wall', 'visitor', 'field', 'officer', 'supervisor', 'engineer', 'admin']
/** who is sent out, helpers too: on what is theirs alone */
const SENT: readonly Standing[] = ['helper', 'field', 'officer', 'supervisor', 'admin']
const STAFF: readonly Standing[] = ['field', 'officer', 'supervisor', 'engineer', 'admin']
const OPERATORS: readonly Standing[] = ['officer', 'supervisor', 'admin']
const HANDS: readonly Standing[] = ['field', ...OPERATORS]
/** the engineer's own alerts are those of devices: see `mayHandle` */
const ALARM_HANDS: readonly Standing[] = ['engineer', ...OPERATORS]

/**
 * Who may do what; where is the viewer's scope: whatever has a place must lie in it (S3). REST and `/live` both ask here, and an
 * action that is not in the table is nobody's.
 */
export const POLICY = {
  'wall.view': EVERYONE,
  'places.view': EVERYONE,
  'devices.view': SCREENS,
  'feeds.view': SCREENS,
  'alerts.view': SCREENS,
  'incidents.view': SCREENS,
  'orders.view': SCREENS,
  'residents.view': ['wall', ...HANDS],
  'residents.search': HANDS,
  'residents.unmask': OPERATORS,
  /** pictures: of one's own report or order, or in the own area */
  'photo.add': ['resident', ...SENT],
  'photo.view': ['resident', ...SENT],
  'speakers.view': STAFF,
  'speakers.speak': OPERATORS,
  'speakers.manage': ['engineer', 'admin'],
  /** notices, activities: staff write, residents read and sign up */
  'publications.view': ['resident', ...SENT],
  'publications.sign-up': ['resident'],
  'publications.manage': OPERATORS,
  'kinds.view': EVERYONE,
  'report.add': ['resident', ...SENT],
  /** one's own alone */
  'reports.own': ['resident', ...SENT],
  'reports.view': HANDS,
  'reports.unmask': OPERATORS,
  'callers.view': OPERATORS,
  'queue.view': HANDS,
  'care.view': HANDS,
  /** whoever comes to the door hears first of a hospital or a journey */
  'care.absence': HANDS,
  'care.manage': OPERATORS,
  'care.unmask': OPERATORS,
  /** counts alone, no person */
  'detectors.view': STAFF,
  'signals.view': STAFF,
  'quarantine.view': ['officer', 'supervisor', 'engineer', 'admin'],
  'quarantine.retry': ['engineer', 'admin'],
  'feeds.manage': ['engineer', 'admin'],
  'devices.manage': ['engineer', 'admin'],
  'audit.view': ['supervisor', 'admin'],
  /** the own list, and how oneself wants to be told */
  'notices.own': ['resident', 'helper', ...STAFF],
  /** where messages go, and what became of them */
  'outbox.view': ['supervisor', 'engineer', 'admin'],
  'outbox.retry': ['engineer', 'admin'],
  'notify.manage': ['admin'],
  'clock.view': EVERYONE,
  'clock.set': ['officer', 'supervisor', 'engineer', 'admin'],
  /** a clock that stands is that of a test: whoever runs the test */
  'clock.step': EVERYONE,
  'registers.import': ['engineer', 'admin'],
  'users.manage': ['admin'],
  'kiosks.manage': ['admin'],
  'alert.acknowledge': ALARM_HANDS,
  'alert.shelve': ALARM_HANDS,
  'alert.unshelve': ALARM_HANDS,
  'alert.suppress': ALARM_HANDS,
  'alert.restore': ALARM_HANDS,
  'alert.verdict': OPERATORS,
  'incident.note': HANDS,
  /** it calls orders off, as only leaders may */
  'incident.call': OPERATORS,
  'incident.handle': OPERATORS,
  /** whose order it is, and who may judge it, is for the order's own rules; a helper is shown no other: `own-orders.ts` */
  'order.work': SENT,
  'order.cancel': OPERATORS,
  'teams.view': HANDS,
  'dangers.view': HANDS,
  /** counts and times alone, no person */
  'loop.view': HANDS,
  'mediations.view': HANDS,
  'incident.mediate': HANDS,
} as const satisfies Record<string, readonly Standing[]>

export type Action = keyof typeof POLICY
export const ACTIONS = Object.keys(POLICY) as Action[]

/** `placeId` absent: whether the viewer may at all, somewhere. */
export type May = (viewer: Pick<Viewer, 'role' | 'helper' | 'scope'>, action: Action, placeId?: string) => boolean

export function createPolicy(places: () => PlaceTree): May {
  return (viewer, action, placeId) => {
    const who: readonly Standing[] | undefined = POLICY[action]
    if (!who?.includes(standingOf(viewer))) return false
    return placeId === undefined || places().within(placeId, viewer.scope)
  }
}

/** An engineer answers for the devices, not for the people: a cry for help is the officer's. */
export const mayHandle = (viewer: Pick<Viewer, 'role'>, alert: { kind: string }): boolean =>
  viewer.role !== 'engineer' || EQUIPMENT_KINDS.has(alert.kind)
