/** The body of a frame, taken apart (DC-09, 5.5.1.4 to 5.5.1.9). Texts are latin1 as they came. */
export interface Header {
  encrypted: boolean
  /** SIA-DCS, ADM-CID, NULL, ACK … */
  token: string
  sequence: string
  /** with their letter, as they came; '' when they were left out */
  receiver: string
  line: string
  /** upper case, without its '#'; '' when it stands in the data alone */
  account: string
  /** as it came, with its '#' */
  accountText: string
  /** what follows the first '[' */
  rest: string
}

// receiver and line are up to six digits; panels leave either out, or the digits; accounts are hexadecimal by the standard, and letters in life
const HEADER = /^"(\*?)([A-Z0-9-]{1,20})"(\d{4})(R[0-9A-F]{0,8})?(L[0-9A-F]{0,8})?(#[0-9A-Za-z_-]{1,16}|A[0-9A-F]{0,16})?(?:\[([\s\S]*))?$/

export function readHeader(text: string): Header | undefined {
  const found = HEADER.exec(text)
  if (!found) return undefined
  const [, star, token, sequence, receiver = '', line = '', accountText = '', rest] = found
  if (rest === undefined && token !== 'NULL') return undefined
  return {
    encrypted: star === '*',
    token: token!,
    sequence: sequence!,
    receiver,
    line,
    account: accountText[0] === '#' ? accountText.slice(1).toUpperCase() : '',
    accountText,
    rest: rest ?? ']',
  }
}

export interface Content {
  /** the texts between the brackets that hold events */
  blocks: string[]
  /** the other brackets, by their letter: M a MAC, X and Y a position, V where it can be verified … */
  extended: Map<string, string>
  /** HH:MM:SS,MM-DD-YYYY */
  stamp?: string
  /** what follows that the standard does not know */
  trailing: string
}

// a ']' inside *'text' does not end the block
const BLOCK = /^((?:\*'[^']*'|[^\]])*)\]/
const STAMP = /_(\d{2}:\d{2}:\d{2},\d{2}-\d{2}-\d{4})$/
const MOST_BLOCKS = 32

/** What follows the first '[': blocks, extended data, time. Undefined when no bracket closes. */
export function readContent(rest: string): Content | undefined {
  const stamp = STAMP.exec(rest)
  const content: Content = { blocks: [], extended: new Map(), trailing: '', ...(stamp && { stamp: stamp[1]! }) }
  let left = `[${stamp ? rest.slice(0, stamp.index) : rest}`
  for (let n = 0; left[0] === '[' && n < MOST_BLOCKS; n++) {
    const block = BLOCK.exec(left.slice(1))
    if (!block) return undefined
    addBlock(content, block[1]!, n === 0)
    left = left.slice(block[0].length + 1)
  }
  return { ...content, trailing: left }
}

function addBlock(content: Content, text: string, first: boolean) {
  if (first || text[0] === '#' || text[0] === '|') content.blocks.push(text)
  else if (text !== '') content.extended.set(text[0]!, text.slice(1))
}

/** `#1234|NBA1` → account and data. Before the '|' may stand padding of what was enciphered. */
export function splitBlock(block: string): { account: string; data: string } {
  const bar = block.indexOf('|')
  if (bar < 0) return { account: '', data: block }
  return { account: /#([0-9A-Za-z_-]{1,16})$/.exec(block.slice(0, bar))?.[1]?.toUpperCase() ?? '', data: block.slice(bar + 1) }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })
const GB18030 = new TextDecoder('gb18030')

/** Names in a message: UTF-8 where it is that, else GB 18030 as panels sold in China write it. */
export function words(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1')
  try {
    return UTF8.decode(bytes).trim()
  } catch {
    return GB18030.decode(bytes).trim()
  }
}
