import type { Problem } from './problem.ts'
import type { SignalDraft } from './signal.ts'

/** One message as a transport got it, before anybody looked inside. Crosses to the engine thread as it is. */
export interface Arrival {
  /** how to read it: the name of a source in server/feeds/sources */
  source: 'cloudevents' | 'cloudevents-batch' | 'cloudevents-binary' | 'zigbee2mqtt' | 'frigate' | (string & {})
  transport: 'http' | 'websocket' | 'mqtt' | (string & {})
  /** the feed that the key or topic names; undefined: the general key, the message says which */
  feed?: string
  topic?: string
  /** lower-case header names (binary CloudEvents) */
  headers?: Record<string, string>
  retained?: boolean
  /** address of the sender's socket, as far as there is one */
  remote?: string
  /** the transport's own mark of this delivery, the same when it is delivered again; tells messages apart that carry no id of their own */
  ref?: string
  bytes: Uint8Array
}

/** Why a message or a part of it became no signal. `reason` is a code, `detail` a sentence for people. */
export interface Reject {
  reason: 'malformed' | 'unknown-type' | 'unknown-device' | 'invalid-data' | 'wrong-feed' | 'too-old' | 'not-understood' | (string & {})
  detail: string
  /** JSON pointer or byte offset where reading stopped */
  where?: string
  /** the feed and the address as far as known */
  feed?: string
  address?: string
  /** the part that was not understood, when it is not the whole message; text or JSON */
  part?: string
  id?: string
  guess?: Guess
}

/** What a sender that no register knows seems to be, by what it says. */
export interface Guess {
  /** of the draft */
  type?: string
  kind?: import('./device.ts').DeviceKind
  /** what else it is called: any of them may be bound */
  aliases?: readonly string[]
}

/** What a source makes of one message. `problem` refuses the message as a whole (malformed envelope: 400). */
export interface Decoded {
  drafts: SignalDraft[]
  rejects: Reject[]
  /** the part of the message that a draft came from, as text: kept when the draft turns out not to be understood */
  part?: (draft: SignalDraft) => string
  /** messages that are understood and mean nothing to us (bridge logs, thumbnails): counted, not kept */
  ignored?: number
  /** what the message says of the way to a feed's devices (a bridge or a server went away), where no transport of ours can tell */
  links?: readonly { feed: string; state: 'up' | 'down'; reason?: string }[]
  problem?: Problem
}

/** The answer to the sender, given after the commit. */
export type Receipt = { accepted: number; duplicates: number; quarantined: number; ids: string[] } | { problem: Problem }

/** A message → signals. Pure: the same message, time and feed give the same result. */
export type Source = (arrival: Arrival, context: SourceContext) => Decoded
export interface SourceContext {
  /** domain time of receipt, ms */
  now: number
  /** what the register knows of this address (camera rules) */
  device(feed: string, address: string): import('./device.ts').Device | undefined
  /** all devices of a feed, for news that concern each of them */
  devices?(feed: string): readonly import('./device.ts').Device[]
  /** what people set of this feed: zone, strictness, field map */
  feed?(id: string): import('./feed.ts').Feed | undefined
  /** whether the register has a resident of this id: whoever else a vendor names is dropped */
  resident?(id: string): boolean
  /** minutes east of UTC at the community, for local hours and zone-less times */
  utcOffset: number
}
