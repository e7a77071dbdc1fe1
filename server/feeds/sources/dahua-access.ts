import type { SignalData } from '../../../shared/signal.ts'

type Json = Readonly<Record<string, unknown>>
type Passage = SignalData['linwang.passage'] & { method?: number; errorCode?: number; door?: number }

/** `Method` of AccessControl: the ones that the API's book and real terminals agree on. */
const METHODS: Readonly<Record<number, Passage['credential']>> = {
  0: 'code',
  1: 'card',
  2: 'card',
  3: 'card',
  4: 'remote',
  11: 'card',
  14: 'qr',
  15: 'face',
}
const DIRECTIONS: Readonly<Record<string, Passage['direction']>> = { Entry: 'in', Exit: 'out' }

/** Who it was is left behind: a terminal's UserID, card and name are no resident of ours. */
export function passageOf(data: Json, credential: Passage['credential']): Passage {
  const method = whole(data.Method)
  const by = credential ?? (method === undefined ? undefined : METHODS[method])
  const errorCode = whole(data.ErrorCode)
  const door = whole(data.Door)
  return {
    direction: DIRECTIONS[String(data.Type)] ?? 'unknown',
    granted: isGranted(data),
    ...(by !== undefined && { credential: by }),
    ...(method !== undefined && { method }),
    ...(errorCode && { errorCode }),
    ...(door !== undefined && { door }),
  }
}

/** `Status` says it; a face terminal's pulse without one names somebody, or nobody that it knows. */
function isGranted({ Status, ErrorCode, UserID }: Json): boolean {
  if (Status !== undefined) return Number(Status) === 1
  if (ErrorCode !== undefined) return Number(ErrorCode) === 0
  return typeof UserID === 'string' && UserID !== ''
}

/** What a door says of itself; undefined when it says neither. */
export function doorOf({ Status }: Json, action: string): SignalData['linwang.contact'] | undefined {
  const status = String(Status ?? action)
  if (/^(open|break|start)/i.test(status)) return { open: true }
  return /^(close|stop)/i.test(status) ? { open: false } : undefined
}

const whole = (value: unknown) => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}
