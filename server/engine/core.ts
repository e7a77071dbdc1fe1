import type { Receipt } from '../../shared/arrival.ts'
import { overloaded, type Problem } from '../../shared/problem.ts'
import type { Answer } from './commands.ts'
import { createGatherer } from './gather.ts'
import type { HealthBook } from './health.ts'
import { firstGroup, type Item, singles } from './items.ts'
import type { FromEngine } from './protocol.ts'
import type { Written } from './unit.ts'
import type { Writer } from './writer.ts'

type Done = Extract<FromEngine, { kind: 'done' }>

export interface Core {
  add(items: Item[]): void
  /** writes all that waits, whatever it takes */
  drain(): void
}

/** Groups what waits, writes each group as one commit and tells the outcome. No failure here ends the engine. */
export function createCore(
  writer: Writer,
  health: HealthBook,
  post: (done: Done) => void,
  onFault: (part: string, error: unknown) => void,
): Core {
  /** When it fails everything is as it was before. */
  const write = (group: readonly Item[]): { written: Written } | { error: unknown } => {
    const start = performance.now()
    try {
      const written = writer.write(group)
      health.commit(performance.now() - start, written.receipts)
      return { written }
    } catch (error) {
      health.failed()
      onFault('commit', error)
      writer.reload()
      return { error }
    }
  }
  const tell = (group: readonly Item[], { receipts, answers, committed }: Written) => {
    post({ kind: 'done', receipts, answers, committed, clock: group.some(changesClock) ? writer.clock() : undefined })
    if (committed?.registers || committed?.devices) gatherer.add([{ kind: 'second' }])
  }

  /**
   * A group that fails is tried piece by piece, so that only the guilty piece suffers; a message that analysis chokes on is at least
   * stored. A failing disk refuses all at once.
   */
  const commit = (group: Item[]): void => {
    const outcome = write(group)
    if ('written' in outcome) tell(group, outcome.written)
    else retry(group, outcome.error)
  }
  const retry = (group: Item[], error: unknown) => {
    const pieces = isDisk(error) ? [] : group.length > 1 || isSeveral(group[0]!) ? singles(group) : plainly(group[0]!)
    if (pieces.length === 0) post(refusal(group, error))
    for (const piece of pieces) commit([piece])
  }

  const run = (items: Item[]): Item[] => {
    const { group, rest } = firstGroup(items)
    commit(group)
    return rest
  }
  const gatherer = createGatherer<Item>({ run, weigh: sendersOf })
  return { add: gatherer.add, drain: gatherer.drain }
}

const sendersOf = (item: Item) => (item.kind === 'arrivals' ? item.arrivals.length : item.kind === 'command' ? 1 : 0)

/** What is wrong with the machine, not with the input; see https://sqlite.org/rescode.html */
const DISK = /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CORRUPT|NOTADB|CANTOPEN|NOMEM|PERM|AUTH|PROTOCOL)/
const isDisk = (error: unknown) => DISK.test(String((error as { code?: unknown }).code ?? ''))

const isSeveral = (item: Item) => item.kind === 'arrivals' && item.arrivals.length > 1
const plainly = (item: Item): Item[] => (item.kind === 'arrivals' && !item.plain ? [{ ...item, plain: true }] : [])
const changesClock = (item: Item) => item.kind === 'command' && item.asked.command.name.startsWith('clock.')

/** Nothing of it was kept: the senders try again later. A fault of ours that a repeat will not mend is a 500. */
function refusal(group: readonly Item[], error: unknown): Done {
  const problem = isDisk(error) ? notStored(error) : FAULT
  const receipts: Receipt[] = group.flatMap((item) => (item.kind === 'arrivals' ? item.arrivals.map(() => ({ problem })) : []))
  const answers: Answer[] = group.flatMap((item) => (item.kind === 'command' ? [{ n: item.asked.n, problem }] : []))
  return { kind: 'done', receipts, answers }
}
const notStored = (error: unknown): Problem =>
  overloaded(`It could not be stored (${(error as Error).message}): nothing was kept, send it again`, { retryAfter: 5 }).problem
const FAULT: Problem = {
  type: 'about:blank',
  title: 'Fault',
  status: 500,
  detail: 'The server could not work through this; nothing of it was kept. The fault is on record in its health.',
}
