import { defineStore } from 'pinia'
import { computed, ref, shallowRef, toRaw } from 'vue'
import type { Order } from '../../../shared/order.ts'
import { newKey } from '../../ui/api.ts'
import { append, change, keepsNothing, readAll } from './db.ts'
import { again, chained, type Draft, type Errand, laneOf, nextOf, verdictOf } from './errand.ts'
import { send, whoIsSignedIn } from './send.ts'

/** ms: the first wait after the network failed, doubled up to the longest */
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000

/** What was done on this phone and the server has yet to hear. It is on the disk before anybody is told that it is done. */
export const useErrands = defineStore('errands', () => {
  const all = shallowRef<Errand[]>([])
  const person = ref<string>()
  const sending = ref<string>()
  /** the session is over: whoever it was signs in again, then it goes on */
  const wantsSignIn = ref(false)
  const settled = ref(0)
  const listeners = new Set<(order: Order | undefined) => void>()
  let wait = FIRST_WAIT
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | undefined
  let wanted = false

  const mine = computed(() => all.value.filter((one) => one.person === person.value))
  const others = computed(() => all.value.filter((one) => one.person !== person.value))
  const refused = computed(() => mine.value.filter(({ state }) => state === 'refused'))

  /** memory follows the disk, one change after the other */
  let line: Promise<unknown> = Promise.resolve()
  function inLine<T>(act: () => Promise<T>): Promise<T> {
    const turn = line.then(act)
    line = turn.catch(() => undefined)
    return turn
  }
  const load = () =>
    inLine(async () => {
      all.value = (await readAll<Errand>('errands')).sort((a, b) => a.seq - b.seq)
    })
  const store = (put: readonly Errand[], remove: readonly number[] = []) =>
    inLine(async () => {
      await change('errands', { put, remove })
      place(put, remove)
    })
  function place(put: readonly Errand[], remove: readonly number[] = []) {
    const gone = new Set([...remove, ...put.map(({ seq }) => seq)])
    all.value = [...all.value.filter(({ seq }) => !gone.has(seq)), ...put].sort((a, b) => a.seq - b.seq)
  }

  async function add(draft: Draft) {
    const lane = laneOf(all.value, draft.lane)
    const before = lane.at(-1)
    const { version, ...rest } = draft
    const doneAt = Math.max(draft.doneAt, before?.doneAt ?? 0)
    // behind an earlier one it is that one's answer that says the version
    const errand = { ...plain(rest), doneAt, state: 'waiting' as const, ...(!before && version !== undefined && { version }) }
    await inLine(async () => place([{ ...errand, seq: await append(errand) }]))
    void navigator.storage?.persist?.().catch(() => false)
    void flush()
  }

  /** Now, whatever the waiting time: the network is back, or somebody looks. */
  function flush(): Promise<void> {
    clearTimeout(timer)
    wanted = true
    running ??= alone(work).finally(() => {
      running = undefined
      if (wanted) void flush()
    })
    return running
  }

  async function work() {
    wanted = false
    // another page of this phone may have sent some meanwhile
    await load()
    if (!next()) return
    const who = await check()
    if (who === undefined) return void later()
    for (let errand = next(); errand; errand = next()) {
      sending.value = errand.id
      const isOn = await settle(errand).finally(() => {
        sending.value = undefined
      })
      if (!isOn) return
      wait = FIRST_WAIT
    }
  }
  /** A desk in the same browser may have signed somebody else in, and nothing is done in another's name. */
  async function check() {
    const who = await whoIsSignedIn()
    if (who !== undefined && person.value !== undefined && who !== person.value) wantsSignIn.value = true
    return who
  }
  const next = () => (person.value === undefined || wantsSignIn.value ? undefined : nextOf(all.value, person.value))

  /** false: not now */
  async function settle(errand: Errand): Promise<boolean> {
    const sent = await send(errand, () => store([errand]))
    if (sent.ok) return finish(errand, sent.answer)
    const verdict = verdictOf(errand, sent.reply)
    if (verdict.is === 'later') return later()
    if (verdict.is === 'sign-in') {
      wantsSignIn.value = true
      return false
    }
    if (verdict.is === 'again') {
      await store([{ ...errand, version: verdict.version }])
      return true
    }
    const shots = errand.shots.map((shot) => (shot === sent.bad ? { ...toRaw(shot), bad: true } : shot))
    await store([{ ...errand, shots, state: 'refused', refusal: verdict.refusal }])
    tell(verdict.refusal.current)
    return true
  }

  async function finish(errand: Errand, answer: Record<string, unknown>) {
    const version = typeof answer.version === 'number' ? answer.version : undefined
    const follower = chained(all.value, errand, version)
    await store(follower ? [follower] : [], [errand.seq])
    tell(errand.what === 'report' ? undefined : (answer as unknown as Order))
    return true
  }
  function tell(order: Order | undefined) {
    settled.value += 1
    for (const listener of listeners) listener(order)
  }

  function later() {
    timer = setTimeout(flush, wait * (0.75 + Math.random() / 2))
    wait = Math.min(wait * 2, LONGEST_WAIT)
    return false
  }

  /** It is not done after all; what comes after it is upon what the server says. */
  async function drop(errand: Errand, version: number | undefined, follow = false) {
    const after = laneOf(all.value, errand.lane).filter(({ seq }) => seq > errand.seq)
    const [first] = after
    const put = !follow && first ? [{ ...first, ...(version !== undefined && { version }) }] : []
    await store(put, [errand.seq, ...(follow ? after.map(({ seq }) => seq) : [])])
    void flush()
  }
  async function repeat(errand: Errand, version: number | undefined) {
    await store([again(errand, newKey(), version)])
    void flush()
  }
  const clear = (whose: string) =>
    store(
      [],
      all.value.filter((one) => one.person === whose).map(({ seq }) => seq),
    )

  function start(whose: string | undefined) {
    person.value = whose
    wantsSignIn.value = false
    wait = FIRST_WAIT
    if (whose !== undefined) void flush()
  }
  function wake() {
    if (document.hidden) return
    wait = FIRST_WAIT
    if (mine.value.length > 0) void flush()
  }
  globalThis.addEventListener('online', wake)
  document.addEventListener('visibilitychange', wake)

  const onSettled = (listener: (order: Order | undefined) => void) => void listeners.add(listener)
  return {
    all,
    mine,
    others,
    refused,
    sending,
    wantsSignIn,
    settled,
    keepsNothing,
    load,
    check,
    add,
    flush,
    drop,
    repeat,
    clear,
    start,
    onSettled,
  }
})

/** What a page hands over may be watched by it; the disk takes plain things alone. */
const plain = <T extends Omit<Draft, 'version'>>(draft: T): T => ({
  ...draft,
  body: JSON.parse(JSON.stringify(draft.body)) as Record<string, unknown>,
  shots: draft.shots.map(({ key, blob }) => ({ key, blob: toRaw(blob) })),
})

/** Two pages of one phone do not send at the same time; where the browser cannot say so, the key alone sees to it that it is done once. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (navigator.locks) await navigator.locks.request('linwang-errands', work)
  else await work()
}
