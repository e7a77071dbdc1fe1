import { compareItems } from './list-order.ts'
import type { Millis } from './status.ts'
import type { FieldName, ListName, WallState } from './wall.ts'

/** `set` replaces a field; `put` adds or replaces an item of a list by its id; `drop` removes it. Values are absolute: the last one wins. */
export type Op =
  | { op: 'set'; field: FieldName; value: unknown }
  | { op: 'put'; list: ListName; item: { id: string } }
  | { op: 'drop'; list: ListName; id: string }

export interface Patch {
  from: number
  to: number
  at: Millis
  ops: Op[]
}
export type { WallState }

export const LISTS = ['warnings', 'grids', 'clusters', 'alerts', 'incidents', 'orders', 'care', 'feeds', 'devices'] as const
const everyList: readonly ListName[] = LISTS
const FIELDS = [
  'community',
  'mode',
  'totals',
  'shift',
  'alertTotals',
  'incidentTotals',
  'orderTotals',
  'loop',
  'deviceTotals',
  'figures',
] as const satisfies readonly FieldName[]
export const everyField: readonly FieldName[] = FIELDS

/** The patch begins after the state ends: something was missed, start over with a snapshot or a resume. */
export class GapError extends Error {
  readonly revision: number
  readonly from: number
  constructor(revision: number, from: number) {
    super(`the state is at revision ${revision}, the patch begins at ${from}`)
    this.name = 'GapError'
    this.revision = revision
    this.from = from
  }
}

/**
 * The state after the patch; untouched lists and items keep their identity. Because values are absolute a patch may overlap what is
 * already known (a resume of a few revisions more); a patch that is wholly old changes nothing.
 * @throws GapError when the patch begins after the state's revision
 */
export function applyPatch(state: WallState, patch: Patch): WallState {
  if (patch.from > state.revision) throw new GapError(state.revision, patch.from)
  if (patch.to <= state.revision) return state
  return { ...applyOps(state, patch.ops), revision: patch.to, at: patch.at }
}

/** The ops alone, without moving the revision. */
export function applyOps(state: WallState, ops: readonly Op[]): WallState {
  const next: Record<string, unknown> = { ...state }
  const touched = new Map<ListName, Map<string, Item | null>>()
  for (const op of ops) {
    if (op.op === 'set') next[op.field] = op.value
    else touchedIn(touched, op.list).set(op.op === 'put' ? op.item.id : op.id, op.op === 'put' ? op.item : null)
  }
  for (const [list, items] of touched) next[list] = applyItems(list, state[list], items)
  return next as unknown as WallState
}

interface Item {
  id: string
}

function touchedIn(touched: Map<ListName, Map<string, Item | null>>, list: ListName) {
  const known = touched.get(list)
  if (known) return known
  const fresh = new Map<string, Item | null>()
  touched.set(list, fresh)
  return fresh
}

/** Keeps what is untouched in order and merges what was put into its place. */
function applyItems(list: ListName, before: readonly Item[], items: ReadonlyMap<string, Item | null>): readonly Item[] {
  const kept = before.filter((item) => !items.has(item.id))
  const put = [...items.values()].filter((item) => item !== null)
  if (put.length === 0) return kept.length === before.length ? before : kept
  return mergeSorted(kept, put.sort(compareItems(list)), compareItems(list))
}

function mergeSorted(left: readonly Item[], right: readonly Item[], compare: (a: Item, b: Item) => number): Item[] {
  const out: Item[] = []
  let r = 0
  for (const item of left) {
    while (r < right.length && compare(right[r]!, item) < 0) out.push(right[r++]!)
    out.push(item)
  }
  while (r < right.length) out.push(right[r++]!)
  return out
}

/** What leads from one state to the other, by identity of fields, lists and items: cheap when the states share structure. */
export function diffStates(before: WallState, after: WallState): Op[] {
  const ops: Op[] = []
  for (const field of everyField) if (before[field] !== after[field]) ops.push({ op: 'set', field, value: after[field] })
  for (const list of everyList) if (before[list] !== after[list]) diffList(list, before[list], after[list], ops)
  return ops
}

function diffList(list: ListName, before: readonly Item[], after: readonly Item[], ops: Op[]) {
  const old = new Map(before.map((item) => [item.id, item]))
  for (const item of after) {
    if (old.get(item.id) !== item) ops.push({ op: 'put', list, item })
    old.delete(item.id)
  }
  for (const id of old.keys()) ops.push({ op: 'drop', list, id })
}

/** What an op speaks of: two ops with the same key replace each other. */
export const opKey = (op: Op) => (op.op === 'set' ? op.field : `${op.list}/${op.op === 'put' ? op.item.id : op.id}`)

/** One run of ops that does what all of them did, in order: the last word on a key wins. */
export function mergeOps(...runs: readonly (readonly Op[])[]): Op[] {
  const last = new Map<string, Op>()
  for (const run of runs) for (const op of run) last.set(opKey(op), op)
  return [...last.values()]
}

const none = () => ({ 1: 0, 2: 0, 3: 0, 4: 0 })

/** A wall that knows nothing yet, at revision 0. */
export function emptyState(): WallState {
  return {
    revision: 0,
    at: 0,
    community: { id: '', name: '', street: '', district: '', lon: 0, lat: 0, utcOffset: 480 },
    mode: { demo: false, simulate: false, clock: 'real', rate: 1 },
    totals: {
      grids: 0,
      clusters: 0,
      buildings: 0,
      households: 0,
      residents: 0,
      cameras: 0,
      speakers: 0,
      gates: 0,
      livingAlone: 0,
      leftBehindChildren: 0,
    },
    shift: null,
    warnings: [],
    grids: [],
    clusters: [],
    alerts: [],
    alertTotals: { open: 0, unacknowledged: 0, byPriority: none(), shelved: 0, blind: 0 },
    incidents: [],
    incidentTotals: { open: 0, today: 0, closedToday: 0 },
    orders: [],
    orderTotals: {
      dispatched: 0,
      accepted: 0,
      arrived: 0,
      handled: 0,
      paused: 0,
      verifiedToday: 0,
      today: 0,
      overdue: 0,
      onTimePercent: null,
    },
    care: [],
    feeds: [],
    devices: [],
    deviceTotals: {},
    figures: { signals: [], usualSignals: [], perMinute: 0, passagesIn: [], passagesOut: [], incidents: [], response: [] },
  }
}
