import { parsed } from './formats/format.ts'

/** What the city's platform says of a matter of ours. */
export interface CityAnswer {
  incidentId?: string
  state: string
  version?: number
  note?: string
}

const MOST = 50

/**
 * `{state, version?, note?}`, or a list of them with `incidentId` under `states`; a CloudEvent that carries it in `data` is taken as well.
 * Undefined: nothing of the sort, as most answers are.
 */
export function readCityAnswer(body: string): CityAnswer[] {
  const answer = parsed(body)
  const inner = answer.data !== null && typeof answer.data === 'object' ? (answer.data as Record<string, unknown>) : answer
  const list: unknown[] = Array.isArray(inner.states) ? inner.states.slice(0, MOST) : [inner]
  return list.flatMap((one) => readState(one) ?? [])
}

function readState(value: unknown): CityAnswer | undefined {
  if (value === null || typeof value !== 'object') return undefined
  const { incidentId, state, version, note } = value as Record<string, unknown>
  const said = line(state, 64)
  if (!said) return undefined
  const remark = line(note, 500)
  return {
    state: said,
    ...(typeof incidentId === 'string' && /^incident-\d{1,15}$/.test(incidentId) && { incidentId }),
    ...(Number.isSafeInteger(version) && { version: version as number }),
    ...(remark && { note: remark }),
  }
}

function line(value: unknown, most: number): string {
  return typeof value === 'string'
    ? value
        .replace(/\p{Cc}+/gu, ' ')
        .trim()
        .slice(0, most)
    : ''
}
