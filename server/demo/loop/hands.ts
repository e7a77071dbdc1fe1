import { isOpenOrder, type Order } from '../../../shared/order.ts'
import { hash32, seededRandom } from '../../../shared/random.ts'
import type { Millis } from '../../../shared/status.ts'
import type { World } from '../../../shared/world.ts'
import type { Caller, Who } from '../rest.ts'
import { drawn } from './album.ts'
import { claimers } from './desk.ts'
import { matterWith } from './matters.ts'
import { nextAct } from './next-act.ts'
import type { Own } from './own.ts'
import { scriptOf } from './script.ts'
import type { MayTry } from './tries.ts'

/** Those who are sent: workers, members of pools and teams with their phones, and whoever verifies. */
export interface Hands {
  /** whether the order is one of theirs: reported, or asked of a pool or a team */
  isTheirs(order: Order): boolean
  work(order: Order, now: Millis): Promise<string | undefined>
}

export interface HandsOptions {
  call: (who: Who) => Caller
  officer: (now: Millis) => Caller
  world: World
  own: Own
  mayTry: MayTry
  seed: number
}

export function createHands({ call, officer, world, own, mayTry, seed }: HandsOptions): Hands {
  const mediated = new Set<string>()
  const field = (staffId: string) => call({ role: 'field', staffId })
  const randomOf = (order: Order, what: string) => seededRandom(hash32(`${order.id} ${what}`, seed))

  /** who holds the phone: of a pool the one who claims, of an outside team the officer */
  const workerOf = (order: Order, now: Millis): Caller | undefined => {
    if (order.pool === undefined)
      return world.team(order.teamId ?? '')?.form === 'outside' || !world.staff(order.assignee) ? officer(now) : field(order.assignee)
    const near = claimers(world, order.pool, order.placeId)
    return near.length === 0 ? undefined : field(randomOf(order, 'claims').pick(near))
  }
  /** the ledger is kept by those whose office it is, whoever went there */
  const mediatorOf = ({ placeId }: Order, now: Millis): Caller => {
    const staff = world.onDuty('community-staff', placeId, now)
    return staff ? field(staff.id) : officer(now)
  }
  /** D3: somebody else; at the desk, or on rounds there */
  const verifierOf = (order: Order, how: unknown, now: Millis): Caller => {
    const { verifier, handledBy, assignee, placeId } = order
    const walker = how === 'on-spot' ? world.onDuty('grid-worker', placeId, now)?.id : undefined
    const desk = world.onDuty('officer', placeId, now)?.id
    const mayJudge = (id: string | undefined) => id !== undefined && id !== handledBy && id !== assignee
    if (mayJudge(walker)) return field(walker!)
    if (mayJudge(desk)) return officer(now)
    return mayJudge(verifier) ? field(verifier!) : call({ role: 'supervisor' })
  }

  return {
    isTheirs: (order) => isOpenOrder(order) && (order.kind.startsWith('report.') || order.pool !== undefined || order.teamId !== undefined),
    async work(order, now) {
      const about = { script: scriptOf(order, seed), matter: matterWith(order.kind), byGuest: !own.isTheirs(order) }
      const next = nextAct(order, { ...about, mediated: mediated.has(order.incidentId) }, now)
      if (!next || !mayTry(`${order.id} ${order.version} ${next.name}`, now)) return undefined
      const who = next.name === 'verify' ? verifierOf(order, next.body.how, now) : workerOf(order, now)
      if (!who) return undefined
      if (next.name === 'mediate') {
        const { status } = await mediatorOf(order, now).post(
          `/api/incidents/${order.incidentId}/mediate`,
          next.body,
          `demo-${order.id}-mediate`,
        )
        if (status < 500) mediated.add(order.incidentId)
        return undefined
      }
      const photo = next.picture && (await drawn(who, next.picture, randomOf(order, 'picture')))
      const body = { version: order.version, ...next.body, ...(next.name === 'arrive' && spotOf(order)), ...(photo && { photos: [photo] }) }
      const { status, body: after } = await who.post<Order>(
        `/api/orders/${order.id}/${next.name}`,
        body,
        `demo-${order.id}-${order.version}-${next.name}`,
      )
      if (status >= 300) return undefined
      own.did(after.id, after.version)
      return next.name === 'claim' ? 'accept' : next.name
    },
  }

  /** a few metres from where it is */
  function spotOf(order: Order) {
    const place = world.places.path(order.placeId).find(({ lon, lat }) => lon !== undefined && lat !== undefined)
    const random = randomOf(order, 'spot')
    return (
      place && {
        lon: place.lon! + (random.next() - 0.5) / 5000,
        lat: place.lat! + (random.next() - 0.5) / 5000,
        accuracy: random.int(5, 25),
      }
    )
  }
}
