import type { Order } from '../../../shared/order.ts'
import type { Millis } from '../../../shared/status.ts'
import type { Motif } from './drawing.ts'
import type { Matter } from './matters.ts'
import type { Script } from './script.ts'

export interface Act {
  /** command of the order, or `mediate` of its incident */
  name: 'accept' | 'claim' | 'arrive' | 'note' | 'check' | 'help' | 'pause' | 'resume' | 'mediate' | 'handle' | 'verify'
  body: Record<string, unknown>
  picture?: Motif
}

/** What a guest has begun is left alone for so long. */
const GUEST: Millis = 4 * 60_000
/** A pause while a part is fetched, and the wait after a call that reached nobody. */
const PAUSE: Millis = 3 * 60_000
const CALL_AGAIN: Millis = 60_000

export interface About {
  script: Script
  matter: Matter | undefined
  /** a guest has acted on it, not the people of the town alone */
  byGuest?: boolean
  /** the talk with those who are at odds is in the ledger */
  mediated?: boolean
}

/** What whoever has the order does next, if it is time for it. */
export function nextAct(order: Order, about: About, now: Millis): Act | undefined {
  const { script } = about
  const last = order.steps.at(-1)?.at ?? order.since
  if (about.byGuest && now < last + GUEST) return undefined
  const isTime = (wait: Millis, from = order.since) => now >= from + wait
  switch (order.state) {
    case 'dispatched':
      if (order.heldBy !== undefined || !isTime(script.accept)) return undefined
      return { name: order.pool === undefined ? 'accept' : 'claim', body: {} }
    case 'accepted':
      if (script.pauses && !hasDone(order, 'paused') && isTime(script.arrive / 3))
        return { name: 'pause', body: { reason: '等配件送到', until: now + PAUSE } }
      return isTime(script.arrive) ? { name: 'arrive', body: {} } : undefined
    case 'paused':
      return isTime(PAUSE, last) ? { name: 'resume', body: {} } : undefined
    case 'arrived':
      return onTheSpot(order, about, now)
    case 'handled':
      return verdict(order, about, now, last)
    default:
      return undefined
  }
}

const hasDone = ({ steps }: Order, act: string) => steps.some((step) => step.act === act)

/** Looks and writes what is there, asks for help at times, ticks the list off one by one, and is done. */
function onTheSpot(order: Order, about: About, now: Millis): Act | undefined {
  const { script, matter } = about
  const list = order.checklist ?? []
  const share = (now - (order.arrivedAt ?? order.since)) / script.handle
  if (share >= 1) return finish(order, about)
  if (share >= 0.12 && !hasDone(order, 'noted')) return { name: 'note', body: { text: matter?.arrive ?? '已到现场查看' } }
  if (share >= 0.3 && script.helps && order.help === undefined) return { name: 'help', body: { text: '现场需要多一个人手' } }
  const index = list.findIndex(({ done }) => !done)
  const isNext = index >= 0 && share >= 0.2 + (0.75 * index) / list.length
  return isNext ? { name: 'check', body: { index, done: true } } : undefined
}

function finish({ checklist }: Order, { script, matter, mediated }: About): Act {
  if (matter?.parties && !mediated) return { name: 'mediate', body: { parties: matter.parties, text: matter.done, outcome: 'settled' } }
  const body = { note: matter?.done ?? '已处理完毕', ...(checklist && { checklist: checklist.map(() => true) }) }
  return { name: 'handle', body, ...(script.photo && { picture: 'done' as const }) }
}

/** By picture where there is one, on the spot where it was urgent, else by telephone; a call may reach nobody. */
function verdict(order: Order, { script, matter }: About, now: Millis, last: Millis): Act | undefined {
  const hasRung = hasDone(order, 'rung')
  if (now < (hasRung ? last + CALL_AGAIN : order.since + script.verify)) return undefined
  const pictured = (order.photos?.length ?? 0) > 0
  const refused = script.refuses ? matter?.wanting : undefined
  const how =
    script.misses || (pictured && refused !== undefined) ? 'phone' : pictured ? 'photo' : order.priority <= 2 ? 'on-spot' : 'phone'
  if (script.misses && !hasRung) return { name: 'verify', body: { how, outcome: 'no-answer' } }
  if (refused !== undefined) return { name: 'verify', body: { how, outcome: 'refused', note: refused } }
  return { name: 'verify', body: { how, outcome: 'confirmed', note: '回访属实，同意办结' } }
}
