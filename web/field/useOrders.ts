import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { MyOrder, MyOrders } from '../../shared/my-orders.ts'
import type { Order } from '../../shared/order.ts'
import type { OrderAct } from '../../shared/transitions.ts'
import { ApiProblem, get, newKey } from '../ui/api.ts'
import type { Shot } from './queue/errand.ts'
import { foreseen, type ShownOrder } from './queue/foreseen.ts'
import { inTime, isSilent, keep, recall } from './queue/kept.ts'
import { useErrands } from './queue/useErrands.ts'
import { useWorker } from './useWorker.ts'

const PATH = '/api/my/orders'
const NOTHING: MyOrders = { now: 0, mine: [], team: [], claimable: [] }

/** My orders as the server last told them, with everything that this phone has done since. */
export const useOrders = defineStore('field-orders', () => {
  const errands = useErrands()
  const worker = useWorker()
  const heard = shallowRef<MyOrders>(NOTHING)
  /** left the list while something of mine still waits for them */
  const left = shallowRef<MyOrder[]>([])
  const heardAt = ref<number>()
  const isStale = ref(false)
  const problem = ref('')

  const show = (orders: readonly MyOrder[]) => orders.map((order) => foreseen(order, errands.mine)).sort(byUrgency)
  const mine = computed(() => show([...heard.value.mine, ...takenUp.value]))
  const takenUp = computed(() => heard.value.team.filter(({ id }) => errands.mine.some(({ lane }) => lane === id)))
  const team = computed(() => show(heard.value.team.filter((order) => !takenUp.value.includes(order))))
  const claimable = computed(() => show(heard.value.claimable))
  const gone = computed(() => show(left.value).map((order): ShownOrder => ({ ...order, gone: true })))
  const find = (id: string) => [...mine.value, ...team.value, ...claimable.value, ...gone.value].find((order) => order.id === id)

  async function open() {
    const known = await recall<MyOrders>(PATH)
    if (known && heardAt.value === undefined) set(known.body, known.at)
    await look()
  }

  async function look() {
    const settled = errands.settled
    try {
      const [answer] = await Promise.all([get<MyOrders>(PATH, inTime()), worker.hear()])
      if (!answer) throw new ApiProblem(0, 'cut off')
      problem.value = ''
      // something reached the server while it answered: what it says is of before
      if (settled !== errands.settled) return void look()
      set(answer, Date.now())
      isStale.value = false
      await keep(PATH, answer)
      if (errands.mine.length > 0) void errands.flush()
    } catch (error) {
      isStale.value = true
      // a session that has ended is nobody's, which in the demo may look without seeing orders
      if (error instanceof ApiProblem && (error.status === 401 || error.status === 403)) await errands.check()
      problem.value = isSilent(error) || errands.wantsSignIn ? '' : (error as Error).message
    }
  }

  function set(answer: MyOrders, at: number) {
    const known = [...heard.value.mine, ...heard.value.team, ...left.value]
    const listed = new Set([...answer.mine, ...answer.team, ...answer.claimable].map(({ id }) => id))
    const waited = new Set(errands.mine.map(({ lane }) => lane))
    const missing = known.filter(({ id }) => !listed.has(id) && waited.has(id))
    left.value = [...new Map(missing.map((order) => [order.id, order])).values()]
    heard.value = answer
    heardAt.value = at
  }

  /** The answer to an act says how the order now stands; the list says the rest of it a moment later. */
  function merge(order: Order | undefined) {
    if (order) {
      const put = (list: MyOrder[]) => list.map((one) => (one.id === order.id ? { ...one, ...order } : one))
      heard.value = { ...heard.value, mine: put(heard.value.mine), team: put(heard.value.team), claimable: put(heard.value.claimable) }
      left.value = put(left.value)
    }
    void look()
  }
  errands.onSettled(merge)

  /** Done here and now, told to the server as soon as it can be told. */
  const act = (order: ShownOrder, what: OrderAct, body: Record<string, unknown> = {}, shots: Shot[] = []) =>
    errands.add({
      ...{ id: newKey(), lane: order.id, what, person: worker.id, title: `${order.kindName ?? order.kind}|${order.place}`, body, shots },
      ...{ doneAt: worker.now(), version: order.version, seen: { state: order.state, assignee: order.assignee } },
    })

  function close() {
    heard.value = NOTHING
    left.value = []
    heardAt.value = undefined
  }
  return { mine, team, claimable, gone, heardAt, isStale, problem, find, open, look, act, merge, close }
})

/** Finished and waiting for somebody else last; then by urgency; overdue and soon due first. */
function byUrgency(a: ShownOrder, b: ShownOrder): number {
  const rest = (order: ShownOrder) => (order.state === 'handled' ? 2 : order.state === 'paused' || order.heldBy ? 1 : 0)
  return rest(a) - rest(b) || a.priority - b.priority || (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) || a.dispatchedAt - b.dispatchedAt
}
