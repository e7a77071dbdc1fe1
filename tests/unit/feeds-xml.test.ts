import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { childrenOf, readXml, xmlText, xmlTextAt } from '../../server/feeds/sources/xml.ts'

const plain = (text: string) => {
  const read = readXml(text)
  if ('flaw' in read) throw new Error(`${read.flaw} at ${read.at}`)
  return JSON.parse(JSON.stringify(read.value)) as unknown
}

describe('vendors’ XML', () => {
  test('[I3] leaves are texts as they stand, repeated names are lists, attributes keep their names', () => {
    expect(plain('<?xml version="1.0"?>\r\n<a:r xmlns:a="u" v="2"><code>0102</code><code>1</code><e/><n k="&lt;x">t</n></a:r>\n')).toEqual({
      '@v': '2',
      code: ['0102', '1'],
      e: '',
      n: { '@k': '<x', '#text': 't' },
    })
  })

  test.each([
    ['an ampersand', '<r><a>A & B</a></r>', { a: 'A & B' }],
    ['a smaller-than', '<r><a>1 < 2</a></r>', { a: '1 < 2' }],
    ['a smaller-than before a letter', '<r><a>x<y and z</a></r>', { a: 'x<y and z' }],
    ['something in pointed brackets', '<r><a>gate <north> side</a><b>1</b></r>', { a: 'gate <north> side', b: '1' }],
    ['an unknown entity', '<r><a>&nbsp;x</a></r>', { a: '&nbsp;x' }],
  ])('[I3] %s that was not escaped is text', (_what, text, value) => {
    expect(plain(text)).toEqual(value)
    if (text.includes('<a>&') || text.includes('A &')) return
    expect(readXml(text)).toMatchObject({ mended: true })
  })

  test('[I3] character numbers and CDATA', () => {
    expect(plain('<r><a>&#20013;&#x56FD; &amp;lt;</a><b><![CDATA[<x>&amp;]]></b></r>')).toEqual({ a: '中国 &lt;', b: '<x>&amp;' })
  })

  test.each([
    ['{"a":1}', 'the text is no XML', 0],
    ['<r><a>1</a>', 'the text ends before </r>', 11],
    ['<r><a', 'the text ends inside a tag', 3],
    ['<r></s></r>', '</s> closes nothing that is open', 3],
    ['<r><!-- x</r>', 'a comment does not end', 3],
    ['', 'the text is no XML', 0],
  ])('[I3] %j says what is wrong and where', (text, flaw, at) => {
    expect(readXml(text)).toEqual({ flaw, at })
  })

  test('[I3] a second document begins where the first ended', () => {
    const text = '<r>1</r>\r\n<r>2</r>'
    const first = readXml(text)
    expect(first).toMatchObject({ value: '1', end: 8 })
    expect(readXml(text, { from: 8 })).toMatchObject({ value: '2' })
  })

  test('[I5] entities are never expanded, depth and number are bounded', () => {
    const bomb = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><r>&b;</r>'
    expect(plain(bomb)).toBe('&b;')
    expect(readXml('<a>'.repeat(100_000))).toMatchObject({ flaw: 'the elements nest deeper than 48' })
    expect(readXml(`<r>${'<a/>'.repeat(50_000)}</r>`)).toMatchObject({ flaw: 'there are more than 20000 elements' })
    expect(readXml(`<r>${'x'.repeat(2_000_000)}</r>`)).toMatchObject({ flaw: 'the XML has more than 1048576 characters' })
  })

  test('[I5] names of the language itself do no harm', () => {
    expect(plain('<r><__proto__><x>1</x></__proto__><constructor>2</constructor></r>')).toMatchObject({ constructor: '2' })
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  test('[I3] no text makes it throw, and it never reads beyond the end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<a>', '</a>', '<b x="1">', '</b>', '<', '>', '&', '"', "'", '/', '<!', '<?', ']]>', 't'), {
          maxLength: 60,
        }),
        (bits) => {
          const text = bits.join('')
          const read = readXml(text)
          expect('flaw' in read ? read.at : read.end).toBeLessThanOrEqual(text.length)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('[I3] GB2312 that was announced or not is read', () => {
    expect(xmlText(new Uint8Array([0xb2, 0xe2, 0xca, 0xd4]))).toBe('测试')
    expect(xmlText(new TextEncoder().encode('测试'))).toBe('测试')
  })

  test('[I3] texts along a path', () => {
    const read = readXml('<r><l><e><id>3</id></e><e><id>4</id></e></l><none/></r>')
    const value = 'value' in read ? read.value : ''
    expect(xmlTextAt(value, 'l', 'e', 'id')).toBe('3')
    expect(xmlTextAt(value, 'none')).toBeUndefined()
    expect(xmlTextAt(value, 'l', 'x', 'id')).toBeUndefined()
    expect(childrenOf(childrenOf(value, 'l')[0], 'e')).toHaveLength(2)
  })
})
