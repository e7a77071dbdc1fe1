import { type InjectionKey, inject, provide, type Ref, ref } from 'vue'
import type { Incident } from '../../../shared/incident.ts'
import type { Order } from '../../../shared/order.ts'
import { t } from '../../i18n/index.ts'
import { useDesk } from '../../stores/desk.ts'
import { ApiProblem, post } from '../../ui/api.ts'
import { whatWord } from '../../ui/sentences.ts'
import { shortTime } from '../../ui/time.ts'
import { sayProblem } from '../ui/problem-words.ts'
import { nameOf, type Record_ } from './record.ts'

/** One command at a time about the incident that is open; how it went stands in words on the page. */
export interface Acts {
  busy: Readonly<Ref<boolean>>
  said: Readonly<Ref<string>>
  done: Readonly<Ref<string>>
  /** whether it was done */
  act(path: string, body?: Record<string, unknown>, done?: string): Promise<boolean>
  clear(): void
}
const KEY: InjectionKey<Acts> = Symbol('acts')

export function provideActs(record: () => Record_ | undefined, again: () => Promise<unknown>): Acts {
  const desk = useDesk()
  const [busy, said, done] = [ref(false), ref(''), ref('')]
  async function act(path: string, body: Record<string, unknown> = {}, words = '') {
    if (busy.value) return false
    busy.value = true
    said.value = ''
    done.value = ''
    const problem = await post(path, body).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (problem) said.value = problem instanceof ApiProblem && problem.status === 409 ? conflictWords(problem) : sayProblem(problem)
    else done.value = words
    await again()
    busy.value = false
    return problem === undefined
  }
  /** What somebody else did meanwhile, and what to do now. */
  function conflictWords(problem: ApiProblem): string {
    const rule = sayProblem(problem)
    const last = lastOf(problem.current)
    const known = record()
    if (rule !== t('desk.problem.409') || !last || !known) return rule
    const who = nameOf(known, last.by)
    return t('desk.loop.conflict', { time: shortTime(last.at, desk.offset), who, what: whatWord(last.what) })
  }
  const acts: Acts = {
    busy,
    said,
    done,
    act,
    clear() {
      said.value = ''
      done.value = ''
    },
  }
  provide(KEY, acts)
  return acts
}

function lastOf(current: unknown): { at: number; by: string; what: string } | undefined {
  if (typeof current !== 'object' || current === null) return undefined
  const line = (current as Partial<Incident>).timeline?.at(-1)
  if (line) return line
  const step = (current as Partial<Order>).steps?.at(-1)
  return step ? { at: step.at, by: step.by, what: step.act.includes('.') ? step.act : `order.${step.act}` } : undefined
}

export const useActs = () => inject(KEY)!
