import { createHash, type Hash } from 'node:crypto'

/**
 * Multipart bodies as devices send them (mixed, form-data, x-mixed-replace), cut while they arrive. Tolerated: a delimiter with more or fewer
 * dashes than the header says, LF for CRLF, a blank line after the delimiter, a wrong Content-Length (the delimiter alone ends a part), a field
 * name used twice, a `;` after the file name, no closing delimiter. Parts that nobody asked for are measured, never kept.
 */
export interface MultipartPart {
  /** names in lower case */
  headers: Readonly<Record<string, string>>
  name: string | undefined
  filename: string | undefined
  /** undefined when it was skipped or too long */
  body: Buffer | undefined
  length: number
  /** of a skipped part, hexadecimal; only when asked for */
  sha256: string | undefined
  /** false: the bytes ended before a delimiter did */
  whole: boolean
  tooLong: boolean
  /** where its first byte stands, counted from the first push */
  offset: number
}

export interface SplitterOptions {
  /** as the Content-Type says; undefined: taken from the first line that begins with dashes */
  boundary?: string | undefined
  onPart(part: MultipartPart): void
  /** whose bytes are wanted; absent: everything but pictures, sound and video */
  wanted?(headers: Readonly<Record<string, string>>): boolean
  /**
   * A wanted part that says so is handed over before its delimiter comes: on a stream that may be long after. `tail`: its last characters
   * without blanks; `length`: its bytes so far.
   */
  complete?(tail: string, length: number, headers: Readonly<Record<string, string>>): boolean
  /** bytes of one wanted part */
  maxPart?: number
  hashSkipped?: boolean
}

const MAX_PART = 1024 * 1024
const MAX_HEADERS = 16 * 1024
const DASH = 45
const LF = 10
const CR = 13
/** in front of a boundary, at most */
const MAX_DASHES = 40
/** blanks between a delimiter and its line end, at most */
const LINE_REST = 8
const EMPTY = Buffer.alloc(0)

const BINARY = /^(?:image|video|audio)\/|^application\/octet-stream/i
const isText = (headers: Readonly<Record<string, string>>) => {
  const type = headers['content-type']
  if (type !== undefined) return !BINARY.test(type)
  return !/filename="?[^";]+\.(?:jpe?g|png|bmp|gif|mp4)/i.test(headers['content-disposition'] ?? '')
}

export function boundaryOf(contentType: string | undefined): string | undefined {
  const found = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^;,\s]{1,200}))/i.exec(contentType ?? '')
  return found?.[1] ?? found?.[2]
}
export const isMultipart = (contentType: string | undefined) => /^\s*multipart\//i.test(contentType ?? '')

/** All parts of a body that is there as a whole. */
export function splitMultipart(bytes: Uint8Array, options: Omit<SplitterOptions, 'onPart'> & { maxParts?: number } = {}): MultipartPart[] {
  const parts: MultipartPart[] = []
  const most = options.maxParts ?? 1000
  const splitter = createSplitter({
    ...options,
    onPart: (part) => {
      if (parts.length < most) parts.push(part)
    },
  })
  splitter.push(bytes)
  splitter.end()
  return parts
}

export const createSplitter = (options: SplitterOptions): { push(chunk: Uint8Array): void; end(): void } => new Splitter(options)

class Splitter {
  readonly #options: SplitterOptions
  readonly #wanted: (headers: Readonly<Record<string, string>>) => boolean
  readonly #maxPart: number
  /** the boundary without its leading dashes, and how many those may be at most */
  #core: Buffer | undefined
  #dashes = 2
  #state: 'between' | 'headers' | 'body' = 'between'
  /** bytes not looked at yet; what may be the beginning of a delimiter waits here */
  #held: Buffer = EMPTY
  /** offset of #held[0] */
  #offset = 0
  #headerStart = 0
  #headers: Record<string, string> = {}
  #kept: Buffer[] = []
  #length = 0
  #bodyStart = 0
  #keeps = false
  #handedOver = false
  #hash: Hash | undefined

  constructor(options: SplitterOptions) {
    this.#options = options
    this.#wanted = options.wanted ?? isText
    this.#maxPart = options.maxPart ?? MAX_PART
    if (options.boundary !== undefined) this.#learn(options.boundary)
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    while (this.#advance());
    if (this.#state === 'body') this.#early()
  }

  end(): void {
    if (this.#state === 'body') {
      const { at, whole } = this.#begunDelimiter()
      this.#take(at)
      this.#finish(whole)
    }
    this.#state = 'between'
    this.#held = EMPTY
  }

  /** Where the line end of a delimiter stands of which only the beginning is here; `whole`: all of it but its own line end. */
  #begunDelimiter(): { at: number; whole: boolean } {
    const held = this.#held
    const core = this.#core?.toString('latin1')
    const from = Math.max(0, held.length - (core?.length ?? 0) - MAX_DASHES - LINE_REST)
    const found = /(?:^|\r?\n)(-{1,40})([^-\r\n][^\r\n]*?)?[ \t]*\r?$/.exec(held.toString('latin1', from))
    const begun = found?.[2] ?? ''
    const atLineStart = found && (from === 0 || /^[\r\n]/.test(found[0]))
    if (!atLineStart || !core?.startsWith(begun)) return { at: held.length, whole: false }
    return { at: from + found.index, whole: begun === core }
  }

  #learn(boundary: string) {
    const core = boundary.replace(/^-+/, '')
    this.#dashes = 2 + boundary.length - core.length
    this.#core = Buffer.from(core === '' ? boundary : core, 'latin1')
  }

  /** true: go on, there may be more */
  #advance(): boolean {
    if (!this.#core && !this.#findBoundary()) return false
    if (this.#state === 'headers') return this.#readHeaders()
    const found = this.#findDelimiter()
    if (found === undefined) {
      this.#take(Math.max(0, this.#held.length - this.#tail()))
      return false
    }
    this.#take(found.start)
    if (this.#state === 'body') this.#finish(true)
    this.#drop(found.end - found.start)
    this.#state = found.closing ? 'between' : 'headers'
    this.#headerStart = this.#offset
    return true
  }

  /** without a header the first line that begins with two dashes says it */
  #findBoundary(): boolean {
    const text = this.#held.toString('latin1', 0, Math.min(this.#held.length, 1024))
    const found = /(?:^|\n)--([^\r\n]{1,200}?)(?:--)?[ \t]*\r?\n/.exec(text)
    if (found) this.#learn(found[1]!)
    else if (this.#held.length > 1024) this.#drop(this.#held.length - 512)
    return found !== null
  }

  /** longest beginning of a delimiter that may stand at the end of what came so far: line end, dashes, boundary, the rest of its line */
  #tail(): number {
    return 2 + MAX_DASHES + this.#core!.length + 2 * LINE_REST
  }

  /** The next delimiter that is here as a whole: where its line end or dashes begin, and the byte after its line. */
  #findDelimiter(): { start: number; end: number; closing: boolean } | undefined {
    const held = this.#held
    const core = this.#core!
    for (let at = held.indexOf(core); at >= 0; at = held.indexOf(core, at + 1)) {
      const dashes = this.#dashesBefore(at)
      if (dashes < 2) continue
      let end = at + core.length
      if (end + 2 > held.length) return this.#waits(at - dashes)
      const closing = held[end] === DASH && held[end + 1] === DASH
      if (closing) end += 2
      while (held[end] === 32 || held[end] === 9) end++
      if (end < held.length && held[end] !== CR && held[end] !== LF && !closing) continue
      if (closing) return { start: this.#lineStart(at - dashes), end, closing }
      const line = held.indexOf(LF, end)
      if (line < 0 && held.length - end > LINE_REST) continue
      if (line < 0) return this.#waits(at - dashes)
      return { start: this.#lineStart(at - dashes), end: line + 1, closing }
    }
    return undefined
  }

  /** all that begin a line, wherever else no more than belong to the boundary */
  #dashesBefore(at: number): number {
    let dashes = 0
    while (dashes < MAX_DASHES && this.#held[at - 1 - dashes] === DASH) dashes++
    const before = this.#held[at - 1 - dashes]
    return before === undefined || before === LF ? dashes : Math.min(dashes, this.#dashes)
  }

  /** it may be a delimiter: everything before it is taken, itself waits for more bytes */
  #waits(dashesAt: number): undefined {
    this.#take(this.#lineStart(dashesAt))
    return undefined
  }

  /** the line end before a delimiter belongs to it */
  #lineStart(at: number): number {
    if (this.#held[at - 1] !== LF) return at
    return this.#held[at - 2] === CR ? at - 2 : at - 1
  }

  #drop(count: number) {
    this.#held = this.#held.subarray(count)
    this.#offset += count
  }

  /** so many of the bytes that wait belong to what is read now */
  #take(count: number) {
    if (count <= 0) return
    const bytes = this.#held.subarray(0, count)
    this.#drop(count)
    if (this.#state !== 'body') return
    this.#length += count
    if (this.#keeps && this.#length <= this.#maxPart) this.#kept.push(bytes)
    else if (this.#keeps) this.#kept = []
    this.#hash?.update(bytes)
  }

  /** One line of them; true: go on. */
  #readHeaders(): boolean {
    const line = this.#held.indexOf(LF)
    if (line < 0) return this.#headersWait()
    const text = this.#held.toString('latin1', 0, line).trim()
    if (text === '') {
      const more = Object.keys(this.#headers).length > 0 ? false : this.#headersFollow(line + 1)
      if (more === undefined) return this.#headersWait()
      if (!more) return this.#beginBody(line + 1)
    } else if (text[0] === '<' || text[0] === '{') return this.#beginBody(0)
    else if (text.startsWith('--') && text.endsWith(this.#core!.toString('latin1'))) this.#headers = {}
    else this.#header(text)
    this.#drop(line + 1)
    return true
  }

  /** A blank line right after the delimiter does not end headers that come behind it. Undefined: too few bytes to tell. */
  #headersFollow(at: number): boolean | undefined {
    const word = 'content-'
    const next = this.#held.toString('latin1', at, at + word.length).toLowerCase()
    if (next === word) return true
    if (word.startsWith(next)) return undefined
    return next.startsWith('\n') || next.startsWith('\r')
  }

  #headersWait(): boolean {
    if (this.#offset + this.#held.length - this.#headerStart <= MAX_HEADERS) return false
    this.#state = 'between'
    return true
  }

  #header(line: string) {
    const colon = line.indexOf(':')
    if (colon <= 0 || this.#offset - this.#headerStart > MAX_HEADERS) return
    const name = line.slice(0, colon).trim().toLowerCase()
    if (name !== '__proto__') this.#headers[name] = Buffer.from(line.slice(colon + 1).trim(), 'latin1').toString('utf8')
  }

  #beginBody(at: number): true {
    this.#drop(at)
    this.#state = 'body'
    this.#length = 0
    this.#kept = []
    this.#handedOver = false
    this.#bodyStart = this.#offset
    this.#keeps = this.#wanted(this.#headers)
    this.#hash = !this.#keeps && this.#options.hashSkipped ? createHash('sha256') : undefined
    return true
  }

  /** what stands after the last byte of a part that is complete is blank until the delimiter */
  #early() {
    const { complete } = this.#options
    // the beginning of the next delimiter may be here already
    const { at } = this.#begunDelimiter()
    const length = this.#length + at
    if (!complete || !this.#keeps || length > this.#maxPart) return
    const tail = lastText([...this.#kept.slice(-2), this.#held.subarray(0, at)])
    if (tail === '' || !complete(tail, length, this.#headers)) return
    this.#take(at)
    this.#emit(true, joined(this.#kept))
    this.#handedOver = true
    this.#kept = []
    this.#bodyStart = this.#offset
    this.#length = 0
  }

  #finish(whole: boolean) {
    const body = this.#keeps && this.#length <= this.#maxPart ? joined(this.#kept) : undefined
    if (!this.#handedOver || (body && !isBlank(body))) this.#emit(whole, body)
    this.#headers = {}
    this.#kept = []
  }

  #emit(whole: boolean, body: Buffer | undefined) {
    const disposition = this.#headers['content-disposition'] ?? ''
    this.#options.onPart({
      headers: this.#headers,
      name: parameter(disposition, 'name'),
      filename: parameter(disposition, 'filename'),
      body,
      length: this.#length,
      sha256: this.#hash?.digest('hex'),
      whole,
      tooLong: this.#keeps && body === undefined,
      offset: this.#bodyStart,
    })
    this.#hash = undefined
  }
}

const joined = (parts: Buffer[]) => (parts.length === 1 ? parts[0]! : Buffer.concat(parts))

const TAIL = 128
const lastText = (parts: Buffer[]) => {
  const all = joined(parts)
  return all.toString('utf8', Math.max(0, all.length - TAIL)).trimEnd()
}

function isBlank(body: Buffer): boolean {
  for (const byte of body) if (byte > 32) return false
  return true
}

const parameter = (disposition: string, name: string): string | undefined => {
  const found = new RegExp(`(?:^|[;\\s])${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(disposition)
  return found?.[1] ?? found?.[2]
}
