import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundaryOf, createSplitter, type MultipartPart, type SplitterOptions, splitMultipart } from '../../server/feeds/multipart.ts'

const CRLF = (text: string) => Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1')
const bodies = (parts: MultipartPart[]) => parts.map(({ body }) => body?.toString('latin1'))

const TWO = CRLF(`--b
Content-Type: application/xml
Content-Length: 5

<a/>1
--b
Content-Disposition: form-data; name="a"; filename="x.jpg";
Content-Type: image/jpeg
Content-Length: 4

\xff\xd8\r\n--not\r\n\xff\xd9

--b
Content-Type: application/json; charset="UTF-8"

{"b":2}
--b--
`)

/** pushed in pieces of the given sizes, again and again */
function inPieces(bytes: Buffer, sizes: number[], more: Partial<SplitterOptions> = {}): MultipartPart[] {
  const parts: MultipartPart[] = []
  const splitter = createSplitter({ boundary: 'b', ...more, onPart: (part) => parts.push(part) })
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!
    splitter.push(bytes.subarray(at, at + size))
    at += size
  }
  splitter.end()
  return parts
}

describe('multipart bodies', () => {
  test('[I3] texts are handed over, pictures measured', () => {
    const parts = splitMultipart(TWO, { boundary: 'b', hashSkipped: true })
    expect(bodies(parts)).toEqual(['<a/>1', undefined, '{"b":2}'])
    expect(parts[1]).toMatchObject({ name: 'a', filename: 'x.jpg', length: 15, whole: true, tooLong: false })
    expect(parts[1]!.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(TWO.toString('latin1', parts[2]!.offset)).toMatch(/^\{"b"/)
  })

  test('[I3] split anywhere the same comes out', () => {
    const shape = (parts: MultipartPart[]) => parts.map(({ body, ...rest }) => ({ ...rest, body: body?.toString('latin1') }))
    const whole = shape(inPieces(TWO, [TWO.length], { hashSkipped: true }))
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }), (sizes) => {
        expect(shape(inPieces(TWO, sizes, { hashSkipped: true }))).toEqual(whole)
      }),
      { numRuns: 300 },
    )
    expect(shape(inPieces(TWO, [1], { hashSkipped: true }))).toEqual(whole)
  })

  test.each([
    ['more dashes on the wire than the header says', 'b', '----b'],
    ['the dashes as part of the boundary', '--b', '----b'],
    ['fewer dashes than the header says', '--b', '--b'],
    ['no header at all', undefined, '--b'],
  ])('[I3] %s', (_what, boundary, delimiter) => {
    const body = CRLF(`${delimiter}\nContent-Type: text/xml\n\n<a/>\n${delimiter}\nContent-Type: text/xml\n\n<b/>\n${delimiter}--\n`)
    expect(bodies(splitMultipart(body, { boundary }))).toEqual(['<a/>', '<b/>'])
    expect(bodies(inPieces(body, [1], { boundary }))).toEqual(['<a/>', '<b/>'])
  })

  test('[I3] LF alone, a blank line after the delimiter, a part without headers', () => {
    const body = Buffer.from('--b\n\nContent-Type: text/xml\n\n<a/>\n--b\n\n<b/>\n--b\n<c/>\n--b--')
    expect(bodies(splitMultipart(body, { boundary: 'b' }))).toEqual(['<a/>', '<b/>', '<c/>'])
    expect(bodies(inPieces(body, [1]))).toEqual(['<a/>', '<b/>', '<c/>'])
  })

  test('[I3] the last part may lack its delimiter', () => {
    const parts = splitMultipart(Buffer.from('--b\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n--b\r\nContent-Type: text/xml\r\n\r\n<b'), {
      boundary: 'b',
    })
    expect(parts.map(({ whole }) => whole)).toEqual([true, false])
    expect(bodies(splitMultipart(Buffer.from('--b\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n--b'), { boundary: 'b' }))).toEqual(['<a/>'])
  })

  test('[I3] words that look like the boundary are content', () => {
    const body = CRLF('--b\nContent-Type: text/xml\n\n<a>--bc -b --b x</a>\n--b--\n')
    expect(bodies(splitMultipart(body, { boundary: 'b' }))).toEqual(['<a>--bc -b --b x</a>'])
  })

  test('[I5] a part too long is told, not kept; headers without end are given up', () => {
    const [part] = inPieces(CRLF(`--b\nContent-Type: text/xml\n\n${'x'.repeat(5000)}\n--b--\n`), [100], { maxPart: 1000 })
    expect(part).toMatchObject({ body: undefined, length: 5000, tooLong: true })
    const parts = inPieces(CRLF(`--b\nContent-Type: ${'x'.repeat(100_000)}\n--b\nContent-Type: text/xml\n\n<a/>\n--b--\n`), [1000])
    expect(bodies(parts)).toEqual(['<a/>'])
  })

  test('[I3] a part that is complete need not wait for its delimiter, and comes once', () => {
    const parts: MultipartPart[] = []
    const splitter = createSplitter({ boundary: 'b', onPart: (part) => parts.push(part), complete: (tail) => tail.endsWith('</a>') })
    splitter.push(CRLF('--b\nContent-Type: text/xml\nContent-Length: 9999\n\n<a>1</'))
    expect(parts).toEqual([])
    splitter.push(CRLF('a>'))
    expect(bodies(parts)).toEqual(['<a>1</a>'])
    splitter.push(CRLF('\n--b\nContent-Type: text/xml\n\n<a>2</a>\n--b'))
    splitter.end()
    expect(bodies(parts)).toEqual(['<a>1</a>', '<a>2</a>'])
  })

  test.each(['\n', '\n-', '\n--', '\n--b', '\n--b\r', '\n\n--b', '\n--b\nContent-'])(
    '[I1] a complete part followed by %j and nothing more is taken',
    (rest) => {
      const parts: MultipartPart[] = []
      const options = { boundary: 'b', onPart: (part: MultipartPart) => void parts.push(part) }
      const early = createSplitter({ ...options, complete: (tail) => tail.endsWith('</a>') })
      early.push(Buffer.from(`--b\nContent-Type: text/xml\n\n<a>1</a>${rest}`))
      expect(parts.map(({ body }) => body?.toString().trim())).toEqual(['<a>1</a>'])
      early.end()
      const late = createSplitter(options)
      late.push(Buffer.from(`--b\nContent-Type: text/xml\n\n<a>1</a>${rest}`))
      late.end()
      expect(parts.map(({ body }) => body?.toString().trim())).toEqual(['<a>1</a>', '<a>1</a>'])
    },
  )

  test.each([
    ['multipart/form-data; boundary=xyz', 'xyz'],
    ['multipart/mixed; boundary="a b"', 'a b'],
    ['multipart/x-mixed-replace;boundary=--myboundary; charset=utf-8', '--myboundary'],
    ['application/xml', undefined],
  ])('[I3] the boundary of %s', (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary)
  })

  test('[I3] no bytes make it throw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('--b', '\r\n', '\n', '--', 'b', 'Content-Type: a', ':', '\0', ' ', '<a/>'), { maxLength: 40 }),
        (bits) => {
          inPieces(Buffer.from(bits.join('')), [3])
        },
      ),
      { numRuns: 500 },
    )
  })
})
