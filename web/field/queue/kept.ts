import { ApiProblem, get } from '../../ui/api.ts'
import { change, readAll, readOne } from './db.ts'

/** An answer of the server as it was when it was last heard. */
export interface Kept<T> {
  body: T
  /** ms of the phone */
  at: number
  stale: boolean
}
interface Row {
  key: string
  body: unknown
  at: number
}

/** Nothing of other people's is kept for longer: what was done so long ago the server would not take either. */
const LONGEST = 24 * 3_600_000

/** ms: a line that says nothing for so long is as good as none */
const PATIENCE = 10_000
export const inTime = () => AbortSignal.timeout(PATIENCE)

/** From the network, else as it was last heard. Any other problem is the caller's. */
export async function keptGet<T>(path: string): Promise<Kept<T>> {
  try {
    const body = await get<T | undefined>(path, inTime())
    if (body === undefined) throw new ApiProblem(0, 'cut off')
    const at = Date.now()
    await keep(path, body, at)
    return { body, at, stale: false }
  } catch (problem) {
    const known = isSilent(problem) ? await recall<T>(path) : undefined
    if (known) return known
    throw problem
  }
}

/** Nobody answered, or a proxy in between said so. */
export const isSilent = (problem: unknown) =>
  problem instanceof ApiProblem && (problem.status === 0 || problem.status === 502 || problem.status === 504)

export const keep = (key: string, body: unknown, at = Date.now()) => change('kept', { put: [{ key, body, at }] })

export async function recall<T>(key: string): Promise<Kept<T> | undefined> {
  const row = await readOne<Row>('kept', key)
  return row && Date.now() - row.at < LONGEST ? { body: row.body as T, at: row.at, stale: true } : undefined
}

/** Whatever is too old, or with `all` everything: for whoever signs out. */
export async function forget(all = false): Promise<void> {
  const rows = await readAll<Row>('kept')
  await change('kept', { remove: rows.filter(({ at }) => all || Date.now() - at >= LONGEST).map(({ key }) => key) })
}
