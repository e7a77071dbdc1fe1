import type { Viewer } from '../../shared/access.ts'
import { HELPER_ROLES } from '../../shared/person.ts'
import type { World } from '../../shared/world.ts'
import { accessReader, type Holder } from '../store/access.ts'
import type { Db } from '../store/open.ts'
import type { Commander } from './commander.ts'
import { tokenOf } from './cookie.ts'
import { createFeedKeys } from './feed-keys.ts'
import { createPolicy, type May } from './policy.ts'
import { createRoster } from './roster.ts'
import type { Secrets } from './secrets.ts'
import { createSetup, type Setup } from './setup.ts'
import { createSignIn, type SignIn } from './sign-in.ts'

export interface AccessOptions {
  mode: 'demo' | 'live'
  secrets: Pick<Secrets, 'feedKey'>
  /** read-only connection to the store whose schema exists already */
  read: Db
  engine: Commander
  world: () => World
  /** real time, ms */
  wall?: () => number
  /** monotonic time, ms */
  monotonic?: () => number
}

export interface Credentials {
  /** the Cookie header */
  cookie?: string | undefined
  /** a session or kiosk token */
  token?: string | undefined
}

export interface Access {
  readonly mode: 'demo' | 'live'
  /** undefined: nobody. In demo whoever says nothing is a wall. */
  authenticate(credentials: Credentials): Viewer | undefined
  /** signed in, not the anonymous wall of the demo */
  isSignedIn(viewer: Viewer | undefined): boolean
  /** who may post as which feed; without `feed`: as any. Undefined: refuse. */
  authorizeFeed(authorization: string | undefined): { feed?: string } | undefined
  may: May
  signIn: SignIn
  setup: Setup
  /** the path of the one-time link when a live system has no user yet */
  offerSetup(): Promise<string | undefined>
  /** keys, kiosks or users changed: read them anew */
  refresh(): void
}

const ANONYMOUS_ID = 'anonymous'

export function createAccess(options: AccessOptions): Access {
  const { mode, read, engine, world, secrets, wall = Date.now, monotonic = () => performance.now() } = options
  const store = accessReader(read)
  const roster = createRoster({ store, wall })
  const feedKeys = createFeedKeys(secrets.feedKey, store, wall)
  const toViewer = (holder: Holder): Viewer => ({
    id: holder.id,
    name: holder.name,
    role: holder.role,
    scope: holder.scope ?? rootOf(world()),
    ...(holder.staffId ? { staffId: holder.staffId } : {}),
    ...(isHelper(holder) ? { helper: true } : {}),
  })
  /** as the register has it now: who becomes a grid worker is one at the next request */
  const isHelper = ({ role, staffId }: Holder) => {
    const staff = role === 'field' && staffId !== null ? world().staff(staffId) : undefined
    return staff !== undefined && HELPER_ROLES.includes(staff.role)
  }
  const anonymous: Holder = { id: ANONYMOUS_ID, name: '大屏', role: 'wall', scope: null, staffId: null }
  const setup = createSetup({ store, engine, wall })
  return {
    mode,
    authenticate({ cookie, token }) {
      const holder = roster.holder(token ?? tokenOf(cookie))
      if (holder) return toViewer(holder)
      return mode === 'demo' && token === undefined ? toViewer(anonymous) : undefined
    },
    isSignedIn: (viewer) => viewer !== undefined && viewer.id !== ANONYMOUS_ID,
    authorizeFeed: feedKeys.authorize,
    may: createPolicy(() => world().places),
    signIn: createSignIn({ mode, store, engine, world, roster, toViewer, wall, monotonic }),
    setup,
    offerSetup: () => (mode === 'live' ? setup.offer() : Promise.resolve(undefined)),
    refresh() {
      roster.forget()
      feedKeys.refresh()
    },
  }
}

export const rootOf = (world: World): string => world.places.all().find((place) => place.parentId === null)?.id ?? ''
