const UTF8 = new TextDecoder('utf-8', { fatal: true })
const GB18030 = new TextDecoder('gb18030')

const DECLARED_GB = /encoding\s*=\s*["']?\s*gb/i
const CHINESE = /[\u2e80-\uffef]/
/** two bytes of UTF-8: letters of Europe and the Near East, and by chance pairs of GB2312 */
const TWO_BYTES = /[\u0080-\u07ff]/

/**
 * Devices declare GB2312 and send GB18030, or UTF-8. What is sound UTF-8 is UTF-8, except that a few Chinese words in GB2312 happen to be sound
 * UTF-8, too: they would be strange letters there, without a single Chinese one.
 */
export function gbText(bytes: Uint8Array): string {
  let text: string
  try {
    text = UTF8.decode(bytes)
  } catch {
    return GB18030.decode(bytes)
  }
  return TWO_BYTES.test(text) && !CHINESE.test(text) && DECLARED_GB.test(text.slice(0, 200)) ? GB18030.decode(bytes) : text
}

const SIP_START = /^(?:(?:MESSAGE|NOTIFY|INFO) sips?:\S+ SIP\/2\.0|SIP\/2\.0 \d{3}[^\r\n]*)\r?\n/
const LONGEST_HEAD = 16 * 1024

/**
 * The body of a SIP message, and who sent it. Heads end with an empty line, in CRLF or LF; the body may have bare LF under CRLF heads, and
 * Content-Length may be padded or count what was lost on the way: what is there is the body.
 */
export function unwrapSip(bytes: Uint8Array): { body: Uint8Array; sender?: string } {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, LONGEST_HEAD)).toString('latin1')
  if (!SIP_START.test(head)) return { body: bytes }
  const end = /\r?\n\r?\n/.exec(head)
  if (!end) return { body: new Uint8Array(0) }
  const sender = /^(?:From|f)\s*:[^\r\n]*?sips?:([^@;>\s]{1,64})@/im.exec(head.slice(0, end.index))?.[1]
  return { body: bytes.subarray(end.index + end[0].length), ...(sender && { sender }) }
}
