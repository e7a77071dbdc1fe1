import type { Arrival } from '../../shared/arrival.ts'
import type { Gates } from './gates.ts'
import { patiently } from './patience.ts'
import type { Log, Receiver } from './receiver.ts'
import type { SiaAccounts, SiaLine } from './sia-accounts.ts'
import { decipher } from './sia-cipher.ts'
import { createDeafness, createMarks } from './sia-memory.ts'
import { type Asked, ack, duh, nak } from './sia-replies.ts'
import { isUnread, READERS, readEvents } from './sources/sia/events.ts'
import { type Frame, makeFrame, readFrame } from './sources/sia/frame.ts'
import { type Header, readContent, readHeader, splitBlock } from './sources/sia/message.ts'
import { parseStamp } from './sources/sia/moment.ts'
import { readOhHeartbeat } from './sources/sia/oh.ts'
import { ANSWERS } from './sources/sia/sia.ts'

export interface SiaDoorOptions {
  engine: Receiver
  accounts: SiaAccounts
  gates: Gates
  log: Log
  /** ms; the real time, which panels set their clocks by */
  wallClock?: () => number
  /** ms for which a full engine is asked again */
  patience?: number
  /** demo mode: a feed that nobody made comes into being with its first message */
  meet?: ((feed: string) => Promise<unknown>) | undefined
  /** a message of this account was sound */
  heard?: (account: string) => void
}

/** From where a message came. */
export interface SiaSender {
  transport: 'tcp' | 'udp'
  remote: string
}
/** `valid`: it was a frame with a right CRC; `reply`: after the commit (I1), none where the panel shall try again */
export interface SiaOutcome {
  valid: boolean
  reply?: Buffer
}
export type SiaDoor = (bytes: Uint8Array, sender: SiaSender) => Promise<SiaOutcome>

/** After a power cut all panels speak at once: rather late than not at all, but sooner than a panel gives up (5 s at least), ms. */
const PATIENCE = 4_000
/** An enciphered message outside of this is old or played again (DC-09, 5.5.1.9), ms. */
const WINDOW = { behind: 40_000, ahead: 20_000 }
/** What an Osborne-Hoffman receiver takes for an answer. */
const OH_ACK = Buffer.from('"ACK"')

interface Message {
  bytes: Uint8Array
  frame: Frame
  header: Header
  account: string
  line: SiaLine
  sender: SiaSender
}

/** One frame in, the answer out. What is refused here still goes to quarantine with its reason, unless it is sure to come again. */
export function createSiaDoor({
  engine,
  accounts,
  gates,
  log,
  meet,
  patience = PATIENCE,
  wallClock = Date.now,
  heard = () => {},
}: SiaDoorOptions): SiaDoor {
  const markOf = createMarks(wallClock)
  const isDeaf = createDeafness(wallClock)

  /** whether it is kept */
  async function keep(bytes: Uint8Array, feed: string, { transport, remote }: SiaSender, more: Partial<Arrival> = {}): Promise<boolean> {
    const gate = gates.of(feed)
    try {
      gate.assertAddress(remote)
      gate.assertSize(bytes.length)
      gate.assertOpen()
      gate.assertRate()
      gate.count(bytes.length)
      await meet?.(feed)
      const arrival = { source: 'sia-dc09', transport, feed, remote, bytes, ...more }
      const receipt = await patiently(patience, () => gate.lane.run(bytes.length, () => engine.receive(arrival)))
      return !('problem' in receipt)
    } catch (error) {
      log.info({ feed, remote, error: (error as Error).message }, 'a message of a panel was not taken: it gets no answer')
      return false
    }
  }

  async function take(bytes: Uint8Array, sender: SiaSender): Promise<SiaOutcome> {
    const oh = readOhHeartbeat(Buffer.from(bytes.subarray(0, 120)).toString('latin1'))
    if (oh) return beat(bytes, oh.account, sender)
    const frame = readFrame(bytes)
    const header = frame && readHeader(frame.text)
    if (!frame || !header) return unread(bytes, sender)
    if (ANSWERS.has(header.token)) return { valid: false }
    const account = header.account || splitBlock(header.rest).account
    return judge({ bytes, frame, header, account, line: accounts.of(account), sender })
  }

  async function beat(bytes: Uint8Array, account: string, sender: SiaSender): Promise<SiaOutcome> {
    const kept = await keep(bytes, accounts.of(account).feed, sender)
    if (kept) heard(account)
    return kept ? { valid: true, reply: OH_ACK } : { valid: true }
  }

  async function unread(bytes: Uint8Array, sender: SiaSender): Promise<SiaOutcome> {
    await keep(bytes, accounts.of('').feed, sender)
    return { valid: false }
  }

  async function judge(message: Message): Promise<SiaOutcome> {
    const { bytes, frame, account, line, sender } = message
    if (!isSound(message)) {
      await keep(bytes, line.feed, sender)
      return { valid: frame.said.crc === frame.is.crc }
    }
    if (!line.listed && line.tolerance === 'strict')
      return refuse(message, `${account} is no account of ${line.feed}, which is strict`, undefined)
    return message.header.encrypted ? open(message) : plain(message)
  }

  /** kept with the reason; the panel is told `answer`, or nothing */
  async function refuse({ bytes, line, sender }: Message, refused: string, answer: Buffer | undefined): Promise<SiaOutcome> {
    const kept = await keep(bytes, line.feed, sender, { headers: { refused } })
    return kept && answer ? { valid: true, reply: answer } : { valid: true }
  }

  async function plain(message: Message): Promise<SiaOutcome> {
    const { account, line } = message
    if (line.keys.length > 0 && line.tolerance !== 'lenient')
      return refuse(message, `${account} has a key, and this message is not enciphered`, duh(asked(message), wallClock()))
    return deliver(message, message.bytes)
  }

  async function open(message: Message): Promise<SiaOutcome> {
    const { account, header, frame, line } = message
    const clear = decipher(header.rest, line.keys)
    const now = wallClock()
    if (line.keys.length === 0)
      return refuse(message, `the message is enciphered, and ${account} has no key here`, duh(asked(message), now))
    if (!clear) return refuse(message, `the key of ${account} does not open this message`, nak(frame.crcForm, now))
    const stamp = readContent(clear.text)?.stamp
    const off = (parseStamp(stamp ?? '') ?? 0) - now
    const bytes = makeFrame(clearText(header, clear.text))
    if (line.tolerance !== 'lenient' && (off < -WINDOW.behind || off > WINDOW.ahead)) {
      const words = `the panel's clock says ${stamp}, it is ${new Date(now).toISOString()}: an enciphered message must not be that old or early`
      if (isDeaf(account)) await keep(bytes, line.feed, message.sender, { headers: { refused: words } })
      return { valid: true, reply: nak(frame.crcForm, now) }
    }
    return deliver({ ...message, header: { ...header, encrypted: false, rest: clear.text } }, bytes, clear.key)
  }

  async function deliver(message: Message, bytes: Uint8Array, key?: Buffer): Promise<SiaOutcome> {
    const { account, header, line, sender } = message
    const ref = markOf(account, `${header.token} ${header.sequence} ${header.rest}`)
    const kept = await keep(bytes, line.feed, sender, { ref, ...(key && { headers: { enciphered: 'yes' } }) })
    if (!kept) return { valid: true }
    heard(account)
    const reply = isUnderstood(header) ? ack : duh
    return { valid: true, reply: reply(asked(message, key), wallClock()) }
  }
  return (bytes, sender) =>
    take(bytes, sender).catch((error: Error) => {
      log.warn({ remote: sender.remote, error: error.message }, 'a message of a panel made us stumble: it gets no answer')
      return { valid: false }
    })
}

/** What a wrong CRC or length stands for is for the source to say; the panel hears nothing and tries again. */
function isSound({ frame: { said, is }, account, line: { tolerance } }: Message): boolean {
  if (account === '') return false
  if (said.crc !== is.crc && tolerance !== 'lenient') return false
  return tolerance !== 'strict' || (said.length === is.length && /^[0-9A-F]{3,16}$/.test(account))
}

const asked = ({ header, frame }: Message, key?: Buffer): Asked => ({ header, crcForm: frame.crcForm, key })

/** A frame as the panel would have sent it without a key. */
const clearText = ({ token, sequence, receiver, line, account }: Header, rest: string) =>
  `"${token}"${sequence}${receiver}${line}#${account}[${rest}`

/** DUH is for what is said in another tongue; a code that no book has is quarantined, and acknowledged as kept. */
function isUnderstood({ token, rest }: Header): boolean {
  if (token === 'NULL') return true
  const content = Object.hasOwn(READERS, token) ? readContent(rest) : undefined
  return content !== undefined && readEvents(token, content).some((event) => !isUnread(event) || event.code !== undefined)
}
