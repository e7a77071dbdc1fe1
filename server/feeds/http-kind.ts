import type { Receipt } from '../../shared/arrival.ts'
import type { Feed } from '../../shared/feed.ts'
import type { Problem } from '../../shared/problem.ts'

/** How one kind of feed is spoken over HTTP at `/feeds/<kind>/<feed>`. */
export interface HttpKind {
  /** which source reads the bodies */
  source: string
  /** POST alone when absent */
  methods?: readonly ('POST' | 'PUT' | 'GET')[]
  /** header names that the source wants to see beside content-type, lower case */
  headers?: readonly string[]
  /** bytes of one message at most, unless the feed says otherwise; absent: 8 MiB, for the ones that send pictures */
  maxBytes?: number
  /** ms for which an overload is waited out before the sender is told: for platforms that count failures and stop sending */
  patient?: number
  /** 200 for whoever sends, also with a Bearer key: the platform takes nothing else for success */
  plain?: true
  /** answers at once and without the engine: the URL check of a platform; undefined: it is a message like any other */
  challenge?(request: { method: string; query: Readonly<Record<string, string>>; body: Uint8Array }): HttpReply | undefined
  /** the words that people set for this feed, for whoever sends; after the commit */
  answer?(feed: Feed | undefined): HttpReply | undefined
  /** what the device is told, when it is not the usual JSON of counts with 200; after the commit */
  reply?(outcome: { receipt: Receipt } | { problem: Problem }): HttpReply | undefined
}
export interface HttpReply {
  status: number
  type: string
  body: string
}
