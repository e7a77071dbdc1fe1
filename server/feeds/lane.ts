import { overloaded } from '../../shared/problem.ts'

/** Messages of one feed on their way to a commit, and those that wait behind them: more are told to come again. */
const ABREAST = 32
const BYTES_ABREAST = 512 * 1024
const BEHIND = 512
const BYTES_BEHIND = 16 * 1024 * 1024

export interface Lane {
  /** runs when it is its turn; rejects with 503 when too many wait */
  run<T>(bytes: number, work: () => Promise<T>): Promise<T>
  /** nobody in it */
  idle(): boolean
}

/**
 * One feed's share of the way to the engine. However fast it sends, a commit holds only so much of it, so that the others' signals wait
 * no longer than that takes. A single message always fits.
 */
export function createLane(): Lane {
  const behind: { bytes: number; go(): void }[] = []
  let abreast = 0
  let bytesAbreast = 0
  let bytesBehind = 0
  const fits = (bytes: number) => abreast === 0 || (abreast < ABREAST && bytesAbreast + bytes <= BYTES_ABREAST)

  const enter = (bytes: number) => {
    abreast++
    bytesAbreast += bytes
  }
  const leave = (bytes: number) => {
    abreast--
    bytesAbreast -= bytes
    while (behind.length > 0 && fits(behind[0]!.bytes)) {
      const next = behind.shift()!
      bytesBehind -= next.bytes
      enter(next.bytes)
      next.go()
    }
  }
  const turn = (bytes: number): Promise<void> | undefined => {
    if (behind.length === 0 && fits(bytes)) {
      enter(bytes)
      return undefined
    }
    if (behind.length >= BEHIND || (behind.length > 0 && bytesBehind + bytes > BYTES_BEHIND))
      throw overloaded('Too many messages of this feed wait to be stored.', { retryAfter: 1 })
    bytesBehind += bytes
    return new Promise((go) => behind.push({ bytes, go }))
  }
  return {
    idle: () => abreast === 0 && behind.length === 0,
    async run(bytes, work) {
      await turn(bytes)
      try {
        return await work()
      } finally {
        leave(bytes)
      }
    },
  }
}
