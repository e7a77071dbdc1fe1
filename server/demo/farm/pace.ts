/** More unanswered messages than this, and the farm waits: a slow server slows it, as it would real devices. */
const MOST_OPEN = 256

export interface Tally {
  sent: number
  acknowledged: number
  failed: number
  /** ms until the answer, of the last few thousand */
  waits: number[]
  lastError?: string
}

/** Calls `say` so many times a second, evenly, until `signal` aborts; resolves when the last answer is in. */
export async function pace(rate: number, say: () => Promise<void>, signal: AbortSignal, tally: Tally): Promise<void> {
  const start = performance.now()
  const open = new Set<Promise<void>>()
  let due = 0
  while (!signal.aborted) {
    const wanted = Math.floor(((performance.now() - start) / 1000) * rate)
    while (due < wanted && open.size < MOST_OPEN) {
      due++
      const one = timed(say, tally).finally(() => open.delete(one))
      open.add(one)
    }
    if (open.size >= MOST_OPEN) {
      await Promise.race(open)
      due = Math.max(due, Math.floor(((performance.now() - start) / 1000) * rate) - MOST_OPEN)
    } else await new Promise((wake) => setTimeout(wake, 5))
  }
  await Promise.all(open)
}

const REMEMBERED = 5_000

async function timed(say: () => Promise<void>, tally: Tally): Promise<void> {
  const began = performance.now()
  tally.sent++
  try {
    await say()
    tally.acknowledged++
    if (tally.waits.push(performance.now() - began) > REMEMBERED) tally.waits.shift()
  } catch (error) {
    tally.failed++
    tally.lastError = (error as Error).message
  }
}
