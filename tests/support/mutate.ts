import type { Random } from '../../shared/random.ts'

/** Words that parsers stumble over. */
const SCRAPS = [
  'null',
  '{}',
  '[]',
  '""',
  '-1',
  '1e999',
  '"\\ud800"',
  'true',
  '{"__proto__":{"x":1}}',
  '"/9j/',
  '[[[[[[',
  '\u0000',
  '\r\n',
  '\r\n\r\n',
  '--boundary',
  '----boundary--',
  'Content-Length: -1\r\n',
  'Content-Length: 99999999999\r\n',
  '<',
  '&',
  '&#x10FFFF;',
  '&lol;',
  '<![CDATA[',
  '<!--',
  ']]>',
  '<?xml version="1.0" encoding="UTF-16"?>',
  '"2026-02-30T00:00:00Z"',
  '9007199254740993',
  '"NULL"0000#',
  '\n1234ABCD"*SIA-DCS"',
]

/** Cut, doubled, flipped, spliced with another: what a broken sender or line makes of a good message. */
export function mutated(good: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = good
  for (let n = random.int(1, 4); n > 0; n--) bytes = random.pick(WAYS)(bytes, other, random)
  return bytes
}

type Way = (bytes: Uint8Array, other: Uint8Array, random: Random) => Uint8Array

const join = (...parts: Uint8Array[]) => Buffer.concat(parts)
const place = (bytes: Uint8Array, random: Random) => random.int(0, bytes.length)

const WAYS: readonly Way[] = [
  // cut off
  (bytes, _, random) => bytes.subarray(0, place(bytes, random)),
  // a piece lost
  (bytes, _, random) => {
    const at = place(bytes, random)
    return join(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + random.int(1, 40))))
  },
  // a piece twice
  (bytes, _, random) => {
    const at = place(bytes, random)
    return join(bytes.subarray(0, Math.min(bytes.length, at + random.int(1, 40))), bytes.subarray(at))
  },
  // a scrap in between
  (bytes, _, random) => {
    const at = place(bytes, random)
    return join(bytes.subarray(0, at), Buffer.from(random.pick(SCRAPS)), bytes.subarray(at))
  },
  // one byte flipped
  (bytes, _, random) => {
    const at = place(bytes, random)
    return join(bytes.subarray(0, at), Buffer.from([random.int(0, 255)]), bytes.subarray(at + 1))
  },
  // the head of one and the tail of another: two frames run together
  (bytes, other, random) => join(bytes.subarray(0, place(bytes, random)), other.subarray(place(other, random))),
  // several in one
  (bytes, other) => join(bytes, other, bytes),
  // a number that is another
  (bytes, _, random) =>
    Buffer.from(
      Buffer.from(bytes)
        .toString('latin1')
        .replace(/\d+/g, (digits) => (random.chance(0.1) ? random.pick(['0', '-1', '1e308', '99999999999999999999', '']) : digits)),
      'latin1',
    ),
]

/** Bytes of no format at all. */
export const randomBytes = (random: Random): Uint8Array => Uint8Array.from({ length: random.int(0, 600) }, () => random.int(0, 255))

const MB = 1024 * 1024
const text = (value: string) => Buffer.from(value)

/** Small to send, huge to read; each must end in a moment and with bounded memory. */
export const BOMBS: Readonly<Record<string, () => Uint8Array>> = {
  'XML a hundred thousand deep': () => text(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`),
  'XML that never closes': () => text('<EventNotificationAlert>'.repeat(40_000)),
  'ten to the ninth entities': () => text(laughs()),
  'an outside entity': () =>
    text('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><EventNotificationAlert>&x;</EventNotificationAlert>'),
  'a million attributes': () => text(`<a ${'b="c" '.repeat(200_000)}/>`),
  'JSON a hundred thousand deep': () => text(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  'an object of a hundred thousand': () => text(`{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":${n}`).join(',')}}`),
  'ten thousand parts': () =>
    text(`${'--boundary\r\nContent-Type: application/xml\r\nContent-Length: 4\r\n\r\n<a/>\r\n'.repeat(10_000)}--boundary--\r\n`),
  'a part of four megabytes': () =>
    Buffer.concat([text('--boundary\r\nContent-Type: image/jpeg\r\n\r\n'), Buffer.alloc(4 * MB, 0x2d), text('\r\n--boundary--\r\n')]),
  'a header without end': () => text(`--boundary\r\nContent-Disposition: ${'x'.repeat(MB)}`),
  'four megabytes of one line': () => Buffer.alloc(4 * MB, 0x61),
  'a megabyte of spaces': () => Buffer.alloc(MB, 0x20),
  'a megabyte of quotes': () => Buffer.alloc(MB, 0x22),
  'a megabyte of line feeds': () => Buffer.alloc(MB, 0x0a),
  'nothing at all': () => new Uint8Array(0),
}

function laughs(): string {
  const entities = ['<!ENTITY l0 "lol">', ...Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`)]
  return `<?xml version="1.0"?><!DOCTYPE e [${entities.join('')}]><EventNotificationAlert><eventType>&l9;</eventType></EventNotificationAlert>`
}
