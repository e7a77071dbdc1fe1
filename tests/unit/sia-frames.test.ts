import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decipher, encipher, keysOf } from '../../server/feeds/sia-cipher.ts'
import { createFraming, LONGEST_FRAME, type Piece } from '../../server/feeds/sia-framing.ts'
import { contactIdMeaning } from '../../server/feeds/sources/sia/contact-id-meaning.ts'
import { crc16 } from '../../server/feeds/sources/sia/crc.ts'
import { readDcs } from '../../server/feeds/sources/sia/dcs.ts'
import { readExtended } from '../../server/feeds/sources/sia/extended.ts'
import { makeFrame, readFrame } from '../../server/feeds/sources/sia/frame.ts'
import { readContent, readHeader } from '../../server/feeds/sources/sia/message.ts'
import { momentOf, parseStamp } from '../../server/feeds/sources/sia/moment.ts'
import { SIA_CODES } from '../../server/feeds/sources/sia/sia-codes.ts'
import { siaMeaning } from '../../server/feeds/sources/sia/sia-meaning.ts'
import { frame, KEY_HEX } from '../support/sia.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')
const shown = (pieces: Piece[]) => pieces.map(({ kind, bytes: piece }) => [kind, Buffer.from(piece).toString('latin1')])

describe('frames', () => {
  test('[I3] the CRC is CRC-16/ARC', () => {
    expect(crc16(bytes('123456789'))).toBe(0xbb3d)
    expect(crc16(bytes('"NULL"0000#1234[]'))).toBe(0x7771)
  })

  test('[I3] a CRC of two raw bytes, even if one is a CR or LF', () => {
    for (let n = 0; n < 400; n++) {
      const body = `"NULL"${`${n}`.padStart(4, '0')}#1234[]`
      const made = makeFrame(body, 'binary')
      const [piece, ...more] = createFraming().push(made)
      expect(more).toEqual([])
      expect(readFrame(piece!.bytes)).toMatchObject({ text: body, crcForm: 'binary', said: { crc: crc16(bytes(body)) } })
    }
  })

  const FRAMES = [frame('"NULL"0001L0#1234[]'), frame('"ADM-CID"0002#1234[#1234|1110 00 129]'), 'SR0001L0001    006969XX    [ID00000000]']

  test('[I3] several in one read, zeros and line ends between them', () => {
    const text = `${FRAMES[0]}\0\0${FRAMES[1]}\r\n${FRAMES[2]}${FRAMES[0]}`
    expect(shown(createFraming().push(bytes(text)))).toEqual([
      ['frame', FRAMES[0]],
      ['frame', FRAMES[1]],
      ['frame', `\n${FRAMES[2]}`],
      ['frame', FRAMES[0]],
    ])
  })

  test('[I3] cut into reads anywhere, the same frames come out', () => {
    const text = bytes(`${FRAMES[0]}\0${FRAMES[1]}${FRAMES[0]}junk${FRAMES[1]}`)
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const framing = createFraming()
        const edges = [0, ...cuts.sort((a, b) => a - b), text.length]
        const pieces = edges.slice(1).flatMap((end, i) => framing.push(text.subarray(edges[i]!, end)))
        expect(shown([...pieces, ...framing.end()])).toEqual([
          ['frame', FRAMES[0]],
          ['frame', FRAMES[1]],
          ['frame', FRAMES[0]],
          ['garbage', 'junk'],
          ['frame', FRAMES[1]],
        ])
      }),
      { numRuns: 300 },
    )
  })

  test('[I3] a frame that was cut off does not take the next one with it', () => {
    expect(shown(createFraming().push(bytes(`${FRAMES[1]!.slice(0, 20)}${FRAMES[0]}`)))).toEqual([
      ['garbage', FRAMES[1]!.slice(0, 20)],
      ['frame', FRAMES[0]],
    ])
  })

  test('[I3] whatever comes, no more than one frame is held, and no byte is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 12 }), (chunks) => {
        const framing = createFraming()
        for (const chunk of chunks) {
          framing.push(chunk)
          expect(framing.held).toBeLessThanOrEqual(LONGEST_FRAME + 1)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('headers', () => {
  test.each([
    ['"SIA-DCS"0001R579BDFL789ABC#12345A[#12345A|NBA1]', { receiver: 'R579BDF', line: 'L789ABC', account: '12345A' }],
    ['"NULL"0001L#7303658550[]', { receiver: '', line: 'L', account: '7303658550' }],
    ['"NULL"0000#1234[]', { receiver: '', line: '', account: '1234' }],
    ['"NULL"0000R0L0#xtrm189[]', { account: 'XTRM189', accountText: '#xtrm189' }],
    ['"*NULL"0000L0#AAA[00', { encrypted: true, rest: '00' }],
    ['"SIA-DCS"0007R0075L0001[#001465|NRP000]', { account: '', rest: '#001465|NRP000]' }],
  ])('[I3] %s', (text, expected) => expect(readHeader(text)).toMatchObject(expected))
  test.each(['"SIA-DCS"12R0L0#1[]', 'SIA-DCS"0001#1[]', '"SIA-DCS"0001#1234', '""0001#1[]'])('[I3] %s is none', (text) =>
    expect(readHeader(text)).toBeUndefined(),
  )

  test('[I3] blocks, extended data, time, and a bracket inside a name', () => {
    const content = readContent("#001465|NUA021*'hall [1]'NM][#001465|NUR021][M0026B9E4268B][X093W23.456]_14:12:04,09-25-2019")
    expect(content?.blocks).toEqual(["#001465|NUA021*'hall [1]'NM", '#001465|NUR021'])
    expect(content?.extended).toEqual(new Map(Object.entries({ M: '0026B9E4268B', X: '093W23.456' })))
    expect(content?.stamp).toBe('14:12:04,09-25-2019')
    expect(readContent('#1|NBA1')).toBeUndefined()
  })

  test('[S2] of extended data the MAC, the place and a link without its password are kept', () => {
    const of = (fields: Record<string, string>) => readExtended(new Map(Object.entries(fields)))
    expect(of({ M: '0026B9E4268B', X: '093W23.456', Y: '44N34.789' })).toEqual({
      mac: '00:26:b9:e4:26:8b',
      lon: -93.390933,
      lat: 44.579817,
    })
    expect(of({ X: '106.63', Y: '-26.65' })).toEqual({ lon: 106.63, lat: -26.65 })
    expect(of({ V: 'http://admin:geheim@10.0.0.5:80/snap?token=1' })).toEqual({ verification: 'http://10.0.0.5/snap' })
    expect(of({ M: 'x', X: '400', Y: 'north', V: 'javascript:1', S: '张三' })).toEqual({})
  })
})

describe('events of SIA DC-03', () => {
  const events = (block: string) => readDcs(block)?.events.map(({ code, point, area, text, old }) => [code, point, area, text, old])
  test.each([
    ['#1234|NRR|AStart of dialler', [['RR', '', undefined, 'Start of dialler', false]]],
    ['#1234|Nri2^Boven etage^ti19:42:40BA3^Entree^|AInbraak', [['BA', '3', '2', 'Entree', false]]],
    ['|Nri1/CL501', [['CL', '501', '1', undefined, false]]],
    ['#123456|Nri1CL0^VX FRONTE ^', [['CL', '0', '1', 'VX FRONTE', false]]],
    ["#001365|NUA021*'detector hall'NM", [['UA', '021', undefined, 'detector hall', false]]],
    ['#006969|Nri04/OP001NM', [['OP', '001', '04', undefined, false]]],
    ['#3080|Nti19:44/id1/ri4/RP', [['RP', '', '4', undefined, false]]],
    [
      '#1234|Nri1/BA1/BA12',
      [
        ['BA', '1', '1', undefined, false],
        ['BA', '12', '1', undefined, false],
      ],
    ],
    ['#1234|OBA3', [['BA', '3', undefined, undefined, true]]],
    ['#1234|OP3', [['OP', '3', undefined, undefined, false]]],
    ['#1234|NNL4', [['NL', '4', undefined, undefined, false]]],
    ['.Rr\u001d PaG|Nri1/WA000', [['WA', '000', '1', undefined, false]]],
    ['#1234|', undefined],
  ])('[I3] %s', (block, expected) => expect(events(block)).toEqual(expected))

  test('[I3] names in UTF-8 or in GB 18030', () => {
    expect(readDcs(`#1|NBA3^${Buffer.from('厨房').toString('latin1')}^`)?.events[0]?.text).toBe('厨房')
    const gb = Buffer.from([0xb3, 0xf8, 0xb7, 0xbf]).toString('latin1')
    expect(readDcs(`#1|NBA3^${gb}^`)?.events[0]?.text).toBe('厨房')
  })
})

describe('meanings', () => {
  const sia = (code: string) => siaMeaning(code)?.meaning
  const cid = (event: string) => contactIdMeaning(event[0] as '1' | '3' | '6', event.slice(1))?.meaning
  test('[I3] every code of the book means something, and none else does', () => {
    for (const code of Object.keys(SIA_CODES)) expect(sia(code), code).toBeDefined()
    expect([sia('JC'), sia('XC'), sia('NM'), sia('toString')]).toEqual([undefined, undefined, undefined, undefined])
  })
  test.each([
    ['BA', { is: 'hazard', hazard: 'intrusion', active: true }],
    ['BH', { is: 'hazard', hazard: 'intrusion', active: false }],
    ['FA', { is: 'hazard', hazard: 'fire', active: true }],
    ['FR', { is: 'hazard', hazard: 'fire', active: false }],
    ['KR', { is: 'hazard', hazard: 'heat', active: false }],
    ['GA', { is: 'hazard', hazard: 'gas', active: true }],
    ['WA', { is: 'hazard', hazard: 'leak', active: true }],
    ['TA', { is: 'hazard', hazard: 'tamper', active: true }],
    ['TR', { is: 'hazard', hazard: 'tamper', active: false }],
    ['FT', { is: 'hazard', hazard: 'trouble', active: true }],
    ['AT', { is: 'hazard', hazard: 'power-loss', active: true }],
    ['YR', { is: 'hazard', hazard: 'low-battery', active: false }],
    ['HA', { is: 'help', cause: 'duress', silent: true }],
    ['PA', { is: 'help', cause: 'panic' }],
    ['PH', { is: 'note' }],
    ['RP', { is: 'note' }],
    ['TX', { is: 'note', test: true }],
    ['FX', { is: 'note', test: true }],
    ['CL', { is: 'note', armed: true }],
    ['BB', { is: 'note' }],
  ])('[I3] %s', (code, expected) => expect(sia(code)).toEqual(expected))
  test.each([
    ['1110', { is: 'hazard', hazard: 'fire', active: true }],
    ['3110', { is: 'hazard', hazard: 'fire', active: false }],
    ['6131', { is: 'hazard', hazard: 'intrusion', active: true }],
    ['1111', { is: 'hazard', hazard: 'smoke', active: true }],
    ['1151', { is: 'hazard', hazard: 'gas', active: true }],
    ['1154', { is: 'hazard', hazard: 'leak', active: true }],
    ['1113', { is: 'hazard', hazard: 'fire', active: true }],
    ['1100', { is: 'help', cause: 'medical' }],
    ['1101', { is: 'help', cause: 'emergency' }],
    ['3101', { is: 'note' }],
    ['1102', { is: 'hazard', hazard: 'no-report', active: true }],
    ['1120', { is: 'help', cause: 'panic' }],
    ['1121', { is: 'help', cause: 'duress', silent: true }],
    ['1122', { is: 'help', cause: 'duress', silent: true }],
    ['1301', { is: 'hazard', hazard: 'power-loss', active: true }],
    ['3302', { is: 'hazard', hazard: 'low-battery', active: false }],
    ['1354', { is: 'hazard', hazard: 'comm-trouble', active: true }],
    ['1401', { is: 'note', armed: false }],
    ['3401', { is: 'note', armed: true }],
    ['1602', { is: 'note' }],
    ['1607', { is: 'note', test: true }],
    ['1198', { is: 'hazard', hazard: 'alarm', active: true }],
    ['1399', { is: 'hazard', hazard: 'trouble', active: true }],
    ['1503', { is: 'note' }],
    ['1900', { is: 'note' }],
    ['1777', undefined],
  ])('[I3] Contact ID %s', (event, expected) => expect(cid(event)).toEqual(expected))
})

describe('times', () => {
  const NOW = Date.parse('2026-11-23T06:00:00Z')
  const at = (stamp: string | undefined, more = {}) => momentOf(stamp, { now: NOW, utcOffset: 480, strict: false, ...more })
  test('[I4] UTC by the standard', () => expect(at('05:59:50,11-23-2026')).toEqual({ time: NOW - 10_000, offset: 0 }))
  test('[I4] a panel set to local time is understood, and what it said is kept', () =>
    expect(at('13:59:50,11-23-2026')).toEqual({ time: NOW - 10_000, offset: 480, said: '13:59:50,11-23-2026' }))
  test('[I4] strict takes it at its word', () =>
    expect(at('13:59:50,11-23-2026', { strict: true })).toEqual({ time: NOW + 8 * 3_600_000 - 10_000, offset: 0 }))
  test('[I4] the zone that people set', () => expect(at('14:59:50,11-23-2026', { zone: 540 })).toEqual({ time: NOW - 10_000, offset: 540 }))
  test('[I4] hours late is late', () => expect(at('03:00:00,11-23-2026')).toEqual({ time: NOW - 3 * 3_600_000, offset: 0 }))
  test.each(['14:12:04,09-25-2011', '25:00:00,11-23-2026', '05:00:00,02-30-2026'])(
    '[I4] %s is no time: it counts from its receipt',
    (said) => expect(at(said)).toEqual({ time: NOW, offset: null, timeAssumed: true, said }),
  )
  test.each(['00:00:07,01-01-1970', '06:00:00,11-20-2026', '06:00:00,11-23-2036'])(
    '[I4] %s is a clock that was never set: shown as such, and not gone by',
    (said) => expect(at(said)).toEqual({ time: parseStamp(said), offset: 0, timeAssumed: true, said }),
  )
  test('[I4] no time at all', () => expect(at(undefined)).toEqual({ time: NOW, offset: null, timeAssumed: true }))
})

describe('enciphered', () => {
  const [hex] = keysOf(KEY_HEX)
  test('[I3] keys as hexadecimal digits or as characters, of the three lengths of AES', () => {
    expect(keysOf(KEY_HEX).map(({ length }) => length)).toEqual([16, 32])
    expect(keysOf('AAAAAAAAAAAAAAAA').map(({ length }) => length)).toEqual([16])
    expect(keysOf('0123456789abcdef01234567').map(({ length }) => length)).toEqual([24])
    expect(keysOf('ab'.repeat(24)).map(({ length }) => length)).toEqual([24])
    expect(keysOf('short')).toEqual([])
  })
  test('[I3] there and back, whatever the length of the text', () => {
    for (let n = 0; n < 40; n++) {
      const text = `#1234|NBA${'1'.repeat(n)}]_19:42:41,11-22-2026`
      const sent = encipher(text, hex!)
      expect(sent.length % 32).toBe(0)
      expect(decipher(sent, [hex!])?.text).toBe(text)
    }
  })
  test('[I3] padding without its bar, where no data follows; a bar further on is none', () => {
    const aes = (text: string, key: Buffer) => {
      const encoder = createCipheriv('aes-128-cbc', key, Buffer.alloc(16)).setAutoPadding(false)
      return encoder.update(text, 'latin1', 'hex')
    }
    const [ascii] = keysOf('AAAAAAAAAAAAAAAA')
    expect(decipher(aes('ppppppppppp]_18:24:52,07-05-2020', ascii!), [ascii!])?.text).toBe(']_18:24:52,07-05-2020')
    const more = '][Vhttp://a|b]_18:24:52,07-05-2020'
    expect(decipher(aes(more.padStart(48, 'p'), hex!), [hex!])?.text).toBe(more)
  })
  test('[I3] another key, half a block, and no digits at all open nothing', () => {
    const sent = encipher(']_19:42:41,11-22-2026', hex!)
    expect(decipher(sent, keysOf('AAAAAAAAAAAAAAAA'))).toBeUndefined()
    expect(decipher(sent.slice(2), [hex!])).toBeUndefined()
    expect(decipher('hello', [hex!])).toBeUndefined()
    expect(decipher('', [hex!])).toBeUndefined()
  })
})
