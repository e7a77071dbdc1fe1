/**
 * Vendors' XML → plain objects, in one pass over the text. Read here rather than by a general parser since it must go on where devices write
 * `&` and `<` unescaped, say where it stopped, and never expand anything: a DOCTYPE is skipped, and of entities only the five of XML and
 * character numbers are known. Depth, elements and length are bounded; the work is linear in the length.
 */

/** A leaf without attributes is its text. Otherwise an object of children by name without prefix, attributes as `@name`, text as `#text`. */
export type XmlValue = string | XmlElement | XmlValue[]
export interface XmlElement {
  [name: string]: XmlValue
}

export interface XmlLimits {
  /** characters of the text */
  length: number
  depth: number
  /** elements and attributes */
  nodes: number
}
const LIMITS: XmlLimits = { length: 1024 * 1024, depth: 48, nodes: 20_000 }

export type XmlRead =
  | { root: string; value: XmlValue /** where the document ended */; end: number /** it was not well-formed */; mended?: true }
  | { flaw: string /** the character at which reading stopped */; at: number }

/** The first document of the text, from `from` on. */
export function readXml(text: string, { from = 0, limits = LIMITS }: { from?: number; limits?: XmlLimits } = {}): XmlRead {
  if (text.length - from > limits.length) return { flaw: `the XML has more than ${limits.length} characters`, at: limits.length }
  try {
    return new Reader(text, from, limits).document()
  } catch (error) {
    if (error instanceof XmlFlaw) return { flaw: error.message, at: error.at }
    throw error
  }
}

class XmlFlaw extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

interface Open {
  name: string
  start: number
  /** made with the first child or attribute */
  element: XmlElement | undefined
  text: string
}

const ROOT = ''
const CLOSE = 47
const BANG = 33
const QUESTION = 63
/** letters, underscore, and everything beyond ASCII (Chinese tag names exist) */
const isNameStart = (code: number) => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code > 127
const isNameEnd = (code: number) => code <= 32 || code === 62 || code === 47 || code === 61 || Number.isNaN(code)

class Reader {
  readonly #text: string
  readonly #limits: XmlLimits
  readonly #stack: Open[] = []
  #at: number
  #nodes = 0
  #mended = false

  constructor(text: string, from: number, limits: XmlLimits) {
    this.#text = text
    this.#at = from
    this.#limits = limits
  }

  document(): XmlRead {
    const base: Open = { name: ROOT, start: this.#at, element: undefined, text: '' }
    this.#stack.push(base)
    this.#toRoot()
    while (this.#at < this.#text.length) {
      this.#step()
      if (this.#stack.length === 1 && base.element) return this.#done(base.element)
    }
    const open = this.#stack.at(-1)!
    throw new XmlFlaw(open === base ? 'there is no element' : `the text ends before </${open.name}>`, this.#text.length)
  }

  #done(element: XmlElement): XmlRead {
    const [root, value] = Object.entries(element)[0]!
    return { root, value, end: this.#at, ...(this.#mended && { mended: true as const }) }
  }

  /** a byte order mark, blanks and NULs may stand before; anything else is no XML */
  #toRoot() {
    while (this.#at < this.#text.length && (this.#text.charCodeAt(this.#at) <= 32 || this.#text[this.#at] === '\ufeff')) this.#at++
    if (this.#text[this.#at] !== '<') throw new XmlFlaw('the text is no XML', this.#at)
  }

  #step() {
    const text = this.#text
    const next = text.indexOf('<', this.#at)
    if (next < 0) {
      this.#at = text.length
      return
    }
    const open = this.#stack.at(-1)!
    if (next > this.#at) open.text += unescaped(text.slice(this.#at, next))
    this.#at = next
    const code = text.charCodeAt(next + 1)
    if (code === CLOSE) this.#close()
    else if (code === BANG) this.#bang()
    else if (code === QUESTION) this.#skipTo('?>', 'a processing instruction')
    else if (!isNameStart(code) || !this.#open()) this.#literal()
  }

  /** a `<` that begins no tag is text */
  #literal() {
    if (this.#stack.length === 1) throw new XmlFlaw('no tag begins here', this.#at)
    this.#stack.at(-1)!.text += '<'
    this.#at++
    this.#mended = true
  }

  #bang() {
    const text = this.#text
    if (text.startsWith('<!--', this.#at)) return this.#skipTo('-->', 'a comment')
    if (text.startsWith('<![CDATA[', this.#at)) {
      const start = this.#at + 9
      this.#skipTo(']]>', 'a CDATA section')
      this.#stack.at(-1)!.text += text.slice(start, this.#at - 3)
      return
    }
    if (text.startsWith('<!DOCTYPE', this.#at) && this.#stack.length === 1) return this.#doctype()
    this.#literal()
  }

  /** skipped with all that it declares */
  #doctype() {
    const end = this.#text.indexOf('>', this.#at)
    const subset = this.#text.indexOf('[', this.#at)
    if (subset < 0 || (end >= 0 && end < subset)) return this.#skipTo('>', 'a DOCTYPE')
    const close = /\]\s*>/g
    close.lastIndex = subset
    if (!close.exec(this.#text)) throw new XmlFlaw('a DOCTYPE does not end', this.#at)
    this.#at = close.lastIndex
  }

  #skipTo(mark: string, what: string) {
    const end = this.#text.indexOf(mark, this.#at)
    if (end < 0) throw new XmlFlaw(`${what} does not end`, this.#at)
    this.#at = end + mark.length
  }

  /** false when what stands here is no tag */
  #open(): boolean {
    const text = this.#text
    let at = this.#at + 1
    while (!isNameEnd(text.charCodeAt(at)) && text[at] !== '<') at++
    const name = localName(text.slice(this.#at + 1, at))
    const open: Open = { name, start: this.#at, element: undefined, text: '' }
    at = this.#attributes(open, at)
    if (at < 0) return false
    const empty = text.charCodeAt(at) === CLOSE
    this.#at = at + (empty ? 2 : 1)
    this.#count(1)
    if (empty) this.#add(open)
    else if (this.#stack.length > this.#limits.depth) throw new XmlFlaw(`the elements nest deeper than ${this.#limits.depth}`, open.start)
    else this.#stack.push(open)
    return true
  }

  /** where `>` or `/>` stands; -1 when these are no attributes */
  #attributes(open: Open, from: number): number {
    const text = this.#text
    let at = from
    for (;;) {
      while (text.charCodeAt(at) <= 32) at++
      const code = text.charCodeAt(at)
      if (code === 62 || (code === CLOSE && text[at + 1] === '>')) return at
      if (!isNameStart(code)) return this.#noTag(at)
      const start = at
      while (!isNameEnd(text.charCodeAt(at)) && text[at] !== '<') at++
      const name = text.slice(start, at)
      while (text.charCodeAt(at) <= 32) at++
      if (text[at] !== '=') return this.#noTag(at)
      at++
      while (text.charCodeAt(at) <= 32) at++
      const quote = text[at]
      if (quote !== '"' && quote !== "'") return this.#noTag(at)
      const end = text.indexOf(quote, at + 1)
      if (end < 0) throw new XmlFlaw(`the value of ${name} does not end`, at)
      if (name !== 'xmlns' && !name.startsWith('xmlns:')) this.#attribute(open, localName(name), text.slice(at + 1, end))
      at = end + 1
    }
  }

  #noTag(at: number): -1 {
    if (at >= this.#text.length) throw new XmlFlaw('the text ends inside a tag', this.#at)
    return -1
  }

  #attribute(open: Open, name: string, value: string) {
    this.#count(1)
    open.element ??= Object.create(null) as XmlElement
    open.element[`@${name}`] = unescaped(value)
  }

  #close() {
    const text = this.#text
    const end = text.indexOf('>', this.#at)
    if (end < 0) throw new XmlFlaw('the text ends inside a tag', this.#at)
    const name = localName(text.slice(this.#at + 2, end).trim())
    const depth = this.#depthOf(name)
    if (depth === undefined) throw new XmlFlaw(`</${name.slice(0, 40)}> closes nothing that is open`, this.#at)
    if (depth < this.#stack.length - 1) this.#fold(depth)
    this.#at = end + 1
    this.#add(this.#stack.pop()!)
  }

  #depthOf(name: string): number | undefined {
    for (let depth = this.#stack.length - 1; depth > 0; depth--) if (this.#stack[depth]!.name === name) return depth
    return undefined
  }

  /** what was never closed was no tag: it is text of the element that is closed now */
  #fold(depth: number) {
    const lost = this.#stack[depth + 1]!
    this.#stack.length = depth + 1
    this.#stack[depth]!.text += unescaped(this.#text.slice(lost.start, this.#at))
    this.#mended = true
  }

  #add({ name, element, text }: Open) {
    const parent = this.#stack.at(-1)!
    const trimmed = text.trim()
    if (element && trimmed !== '') element['#text'] = trimmed
    const value: XmlValue = element ?? trimmed
    parent.element ??= Object.create(null) as XmlElement
    const before = parent.element[name]
    if (before === undefined) parent.element[name] = value
    else if (Array.isArray(before)) before.push(value)
    else parent.element[name] = [before, value]
  }

  #count(more: number) {
    this.#nodes += more
    if (this.#nodes > this.#limits.nodes) throw new XmlFlaw(`there are more than ${this.#limits.nodes} elements`, this.#at)
  }
}

const localName = (name: string) => {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** An `&` that begins none of the known entities stays as it is. */
function unescaped(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(ENTITY, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name) return NAMED[name.toLowerCase()]!
    const code = decimal ? Number(decimal) : Number.parseInt(hex!, 16)
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole
  })
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })
const GB18030 = new TextDecoder('gb18030')

/** UTF-8 when it is, whatever the declaration says; else GB18030, which holds GB2312 and GBK. */
export function xmlText(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    return GB18030.decode(bytes)
  }
}

export const isElement = (value: XmlValue | undefined): value is XmlElement => typeof value === 'object' && !Array.isArray(value)

/** The children of one name, none, one or many. */
export function childrenOf(value: XmlValue | undefined, name: string): XmlValue[] {
  if (!isElement(value)) return []
  const found = value[name]
  return found === undefined ? [] : Array.isArray(found) ? found : [found]
}
export const childOf = (value: XmlValue | undefined, name: string): XmlValue | undefined => childrenOf(value, name)[0]

/** The text of an element, or of its child along the path; undefined when there is none or it is empty. */
export function xmlTextAt(value: XmlValue | undefined, ...path: string[]): string | undefined {
  let here: XmlValue | undefined = value
  for (const name of path) here = childOf(here, name)
  const first = Array.isArray(here) ? here[0] : here
  const text = isElement(first) ? first['#text'] : first
  return typeof text === 'string' && text !== '' ? text : undefined
}
