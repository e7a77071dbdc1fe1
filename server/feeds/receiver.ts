import type { Arrival, Receipt } from '../../shared/arrival.ts'

/** What a transport needs of the engine. */
export interface Receiver {
  /** resolves after the commit; rejects with a ProblemError of status 5xx when nothing was kept */
  receive(arrival: Arrival): Promise<Receipt>
  /** 0 idle … 1 full */
  readonly pressure: number
}

/** Who may post as which feed; without `feed` as any. Undefined: nobody. Takes an HTTP Authorization header. */
export type AuthorizeFeed = (authorization: string | undefined) => { feed?: string } | undefined

/** What a transport writes to its log: pino fits. */
export interface Log {
  info(details: object, message: string): void
  warn(details: object, message: string): void
}

/** Bytes of one message, at most: ten thousand events of 800 bytes each. */
export const LARGEST_MESSAGE = 8 * 1024 * 1024
/** Above it transports that can pause do so. */
export const PAUSE_ABOVE = 0.5
