import type { Order } from '../../../shared/order.ts'
import { type OrderAct, orderAfter } from '../../../shared/transitions.ts'
import type { Picture } from '../../phone/photo.ts'
import type { FieldError } from '../../ui/api.ts'

/** A picture that waits on the phone; `id` once the server has it. */
export interface Shot extends Picture {
  id?: string
  /** the server would not have this one */
  bad?: boolean
}

/** What the server said instead of doing it. */
export interface Refusal {
  status: number
  detail: string
  errors: readonly FieldError[]
  /** the order as it stands there, when the server told it */
  current?: Order
}

export type What = OrderAct | 'report'

/** One thing done on the phone that the server has yet to hear of. */
export interface Errand {
  /** Idempotency-Key: however often it is sent, it is done once */
  id: string
  /** in the order in which they were done */
  seq: number
  /** whose: nobody else's session sends it */
  person: string
  /** errands of one lane go one after another: those of an order, or one report */
  lane: string
  what: What
  /** what a list calls it */
  title: string
  body: Record<string, unknown>
  /** when it was done, ms by the server's clock as the phone knew it */
  doneAt: number
  shots: Shot[]
  state: 'waiting' | 'refused'
  refusal?: Refusal
  /** how the order was seen: absent while an earlier errand of the lane has yet to bring its answer */
  version?: number
  /** state and owner before it: as long as they hold, a line that somebody added meanwhile is no conflict */
  seen?: Pick<Order, 'state' | 'assignee'>
}
export type Draft = Omit<Errand, 'seq' | 'state'>

/** What adds and overwrites nothing is sent without a version. */
const NEEDS_NO_VERSION: ReadonlySet<What> = new Set(['note', 'check', 'help', 'report'])
/** Commands that take the time when they were done. */
const TIMED: ReadonlySet<What> = new Set(['accept', 'arrive', 'handle', 'note', 'check', 'help'])

export const pathOf = ({ what, lane }: Pick<Errand, 'what' | 'lane'>) =>
  what === 'report' ? '/api/reports' : `/api/orders/${lane}/${what}`

/** What is sent; the same as long as the same key is used. */
export function bodyOf(errand: Errand): Record<string, unknown> {
  const { what, body, version, doneAt, shots } = errand
  const photos = shots.flatMap(({ id }) => id ?? [])
  const time = what === 'report' ? { at: doneAt } : TIMED.has(what) && !body.asNow ? { doneAt } : {}
  const { asNow: _asNow, ...rest } = body
  return {
    ...rest,
    ...time,
    ...(photos.length > 0 && { photos }),
    ...(!NEEDS_NO_VERSION.has(what) && version !== undefined && { version }),
  }
}

const bySeq = (a: Errand, b: Errand) => a.seq - b.seq
export const laneOf = (errands: readonly Errand[], lane: string) => errands.filter((one) => one.lane === lane).sort(bySeq)

/** The next to be sent: the oldest whose lane does not wait for a decision. */
export function nextOf(errands: readonly Errand[], person: string): Errand | undefined {
  const own = errands.filter((one) => one.person === person).sort(bySeq)
  const stopped = new Set<string>()
  for (const errand of own) {
    if (stopped.has(errand.lane)) continue
    if (errand.state === 'waiting') return errand
    stopped.add(errand.lane)
  }
  return undefined
}

export interface Reply {
  /** 0: nobody answered */
  status: number
  detail?: string
  errors?: readonly FieldError[]
  current?: unknown
}
/** later: the network or the server is busy; sign-in: the session is over; again: nothing that matters changed meanwhile */
export type Verdict = { is: 'later' } | { is: 'sign-in' } | { is: 'again'; version: number } | { is: 'refused'; refusal: Refusal }

/** Nobody answered, or somebody in between whose page it was; 408, 425 and 429 ask for patience, and so does a server in trouble. */
const isPassing = (status: number) => status < 400 || status === 408 || status === 425 || status === 429 || status >= 500

export function verdictOf(errand: Errand, { status, detail = '', errors = [], current }: Reply): Verdict {
  if (isPassing(status)) return { is: 'later' }
  if (status === 401) return { is: 'sign-in' }
  const now = isOrder(current, errand.lane) ? current : undefined
  if (status === 409 && now && mayGoOn(errand, now)) return { is: 'again', version: now.version }
  return { is: 'refused', refusal: { status, detail, errors, ...(now && { current: now }) } }
}

const isOrder = (value: unknown, id: string): value is Order => typeof value === 'object' && value !== null && (value as Order).id === id

/** State and owner are as they were seen and it was only the version that grew: a note, a tick, a cry for help of somebody else. */
function mayGoOn({ what, version, seen }: Errand, now: Order): boolean {
  if (what === 'report' || !seen || version === now.version) return false
  return now.state === seen.state && now.assignee === seen.assignee && orderAfter(what, now) !== undefined
}

/** The answer's version is what the next one of the lane was done upon. */
export function chained(errands: readonly Errand[], done: Errand, version: number | undefined): Errand | undefined {
  const next = laneOf(errands, done.lane).find(({ seq }) => seq > done.seq)
  return next && version !== undefined ? { ...next, version } : undefined
}

/** Sent anew upon what the server now says: a new key, since it is another command. */
export function again(errand: Errand, key: string, version: number | undefined): Errand {
  const { refusal, ...rest } = errand
  const tooOld = refusal?.errors.some(({ field }) => field === 'doneAt')
  const current = refusal?.current
  return {
    ...rest,
    id: key,
    state: 'waiting',
    shots: errand.shots.filter(({ bad }) => !bad),
    ...(version !== undefined && { version }),
    ...(current && { seen: { state: current.state, assignee: current.assignee } }),
    ...(tooOld && { body: { ...errand.body, asNow: true } }),
  }
}

/** Whether doing it again can lead anywhere. */
export function canRepeat({ what, refusal }: Errand, now: Order | undefined): boolean {
  if (!refusal || what === 'report') return true
  if (refusal.status === 403 || refusal.status === 404) return false
  const order = now ?? refusal.current
  return order !== undefined && orderAfter(what, order) !== undefined
}
