import type { Guess } from './arrival.ts'

/** `held` waits for somebody; `accepted` was understood on a later try. */
export type QuarantineState = 'held' | 'accepted' | 'discarded'

/** A quarantined message as REST lists it; the bytes come with the message itself. */
export interface QuarantineItem {
  id: string
  state: QuarantineState
  reason: string
  detail: string
  where?: string
  feed: string
  address: string
  eventId?: string
  /** what the sender seems to be */
  guess?: Guess
  /** somebody has opened it: it may expire */
  seen: boolean
  source: string
  transport: string
  topic?: string
  /** bytes of the message as it came */
  length: number
  count: number
  /** RFC 3339, UTC */
  receivedAt: string
  lastAt: string
}

/** With its bytes: as text when they are UTF-8, else base64. */
export interface QuarantinedMessage extends QuarantineItem {
  body: string
  encoding: 'utf-8' | 'base64'
}

/** Who sends what is not understood, by feed, address and reason. */
export interface QuarantineSender {
  feed: string
  address: string
  reason: string
  /** messages that came, those that are kept, those of them that wait, and those that had to make room */
  total: number
  kept: number
  held: number
  lost: number
  firstAt: number
  lastAt: number
  guess?: Guess
}
