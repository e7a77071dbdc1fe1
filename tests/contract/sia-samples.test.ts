import { describe, expect, test } from 'vitest'
import { decipher, keysOf } from '../../server/feeds/sia-cipher.ts'
import { makeFrame, readFrame } from '../../server/feeds/sources/sia/frame.ts'
import { readHeader } from '../../server/feeds/sources/sia/message.ts'
import { sia } from '../../server/feeds/sources/sia/sia.ts'
import type { Arrival, SourceContext } from '../../shared/arrival.ts'
import type { Feed } from '../../shared/feed.ts'
import { fixture, lines, sample, sampleThere } from '../support/samples.ts'
import { frame, KEY_HEX, siaFeed } from '../support/sia.ts'

const NOW = Date.parse('2026-11-22T19:43:00Z')
const contextOf = (feed?: Feed): SourceContext => ({ now: NOW, utcOffset: 480, device: () => undefined, feed: () => feed })
const arrival = (bytes: Uint8Array | string, more: Partial<Arrival> = {}): Arrival => ({
  source: 'sia-dc09',
  transport: 'tcp',
  feed: 'panels',
  ref: 'first',
  bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes,
  ...more,
})
const read = (bytes: Uint8Array | string, feed?: Feed, more?: Partial<Arrival>) => sia(arrival(bytes, more), contextOf(feed))

const beat = (address: string, more: object = {}) => ({ type: 'linwang.heartbeat', address, data: { online: true, ...more } })
const hazard = (code: string, active: boolean, address: string, more: object = {}) => ({
  type: 'linwang.hazard',
  address,
  data: { hazard: code, active, ...more },
})
const wrongCrc = { reason: 'malformed', detail: expect.stringMatching(/^the CRC says [0-9A-F]{4}, the bytes give [0-9A-F]{4}/) }
const notRead = (detail: string | RegExp) => ({ reason: 'not-understood', detail: expect.stringMatching(detail) })

interface Told {
  signals?: object[]
  rejects?: object[]
  ignored?: number
}

describe('made by dc09_spt, a dialler that others wrote', () => {
  const frames = lines<{ via: string; frame: string; plain: string }>(fixture('sia-dc09/accepted/generated-by-dc09_spt.jsonl'))
  const expected: object[] = [
    beat('1234', { code: 'NULL' }),
    beat('1234', { code: 'RR' }),
    beat('0123', { code: 'NULL' }),
    hazard('fire', true, '1234/129', { code: 'E110' }),
    { type: 'linwang.help', address: '1234/3', aliases: ['1234/003', '1234'], data: { cause: 'emergency', code: 'E101', area: '2' } },
    { type: 'linwang.help', address: '0123/3', time: Date.parse('2026-11-22T19:42:41Z'), offset: 0, data: { code: 'E101' } },
    hazard('intrusion', false, '0123/14', { code: 'R130' }),
    hazard('intrusion', true, '1234/3', { code: 'BA', label: 'Entree', area: '2' }),
    hazard('comm-trouble', false, '1234', { code: 'YK' }),
    hazard('comm-trouble', false, '0123', { code: 'YK' }),
    beat('0123', { code: 'NULL' }),
    beat('1234', { code: 'NULL' }),
  ]
  test('[I3] every one is expected', () => expect(frames.length).toBe(expected.length))
  test.each(frames.map((line, i) => [i, line] as const))('[I3] frame %i', (i, { frame: text, plain }) => {
    const bytes = Buffer.from(text, 'latin1')
    const { drafts, rejects } = read(plain === '' ? bytes : deciphered(bytes, plain))
    expect(rejects).toEqual([])
    expect(drafts).toMatchObject([expected[i]])
  })

  /** as the transport hands it on */
  function deciphered(bytes: Uint8Array, plain: string) {
    const header = readHeader(readFrame(bytes)!.text)!
    const clear = decipher(header.rest, keysOf(KEY_HEX))!
    expect(plain.endsWith(clear.text)).toBe(true)
    return makeFrame(`"${header.token}"${header.sequence}#${header.account}[${clear.text}`)
  }

  test('[I3] without its key an enciphered one is kept with the reason', () => {
    const [line] = frames.filter(({ plain }) => plain !== '')
    expect(read(line!.frame)).toMatchObject({ drafts: [], rejects: [{ address: '0123', ...notRead('enciphered and 0123 has no key') }] })
  })
})

const FRAMES = 'sia-dc09/frames.jsonl'
describe.skipIf(!sampleThere(FRAMES))('frames logged by people', () => {
  const frames = new Map(
    lines<{ id: string; frame: string }>(sampleThere(FRAMES) ? sample(FRAMES) : '').map((line) => [line.id, line.frame]),
  )
  const expected: Record<string, Told> = {
    'pysia-bug11': { rejects: [wrongCrc] },
    'pysia-bug42': { rejects: [wrongCrc] },
    'dc09-std-admcid': { rejects: [wrongCrc] },
    'eldes-issue17': { signals: [beat('4F39', { armed: true, code: 'R401', point: '57' })] },
    'eldes-9999-1900': { rejects: [wrongCrc] },
    'eldes-9999-1602': { rejects: [wrongCrc] },
    jc: { rejects: [notRead('JC is no code')] },
    'xdata-M': { signals: [beat('AAA', { armed: true, mac: '00:26:b9:e4:26:8b', said: '14:12:04,09-25-2019' })] },
    'enc-siadcs': { rejects: [notRead('has no key')] },
    'enc-admcid': { rejects: [notRead('has no key')] },
    'enc-null2': { rejects: [notRead('has no key')] },
    'enc-siadcs2': { rejects: [notRead('has no key')] },
    'null-issue42': { signals: [beat('7890', { code: 'NULL' })] },
    'iobroker-null-issue11': { signals: [beat('7303658550', { code: 'NULL' })] },
    'siaultimate-rp': { signals: [beat('0000', { code: 'RP' })] },
    'xtrm-null': { signals: [beat('XTRM189', { code: 'NULL' })] },
    'xtrm-131': { signals: [hazard('intrusion', true, 'XTRM189/9', { code: 'E131' })] },
    'xtrm-131b': { signals: [hazard('intrusion', true, 'XTRM189/9', { code: 'E131' })] },
    'xtrm-null2': { signals: [beat('3456', { code: 'NULL' })] },
    't1002-602': { signals: [beat('1002', { code: 'E602' })] },
    'cyrillic-S': { rejects: [wrongCrc] },
    'rust-1': { signals: [beat('1234', { code: 'RR' })] },
    'rust-nak': { ignored: 1 },
    oh: { signals: [beat('006969', { code: 'OH' })] },
  }
  test.each(Object.entries(expected))('[I3] %s', (id, { signals = [], rejects = [], ignored }) => {
    const decoded = read(frames.get(id)!)
    expect(decoded.drafts).toMatchObject(signals)
    expect(decoded.rejects).toMatchObject(rejects)
    expect(decoded.ignored).toBe(ignored)
  })
  test('[I3] every frame of the file is expected', () => expect([...frames.keys()].sort()).toEqual(Object.keys(expected).sort()))

  test('[I2] a resend with a new sequence number is the same happening', () => {
    const [first, again] = ['xtrm-131', 'xtrm-131b'].map((id) => read(frames.get(id)!).drafts[0]!)
    expect(first!.id).not.toBe(again!.id)
    expect(first!.sameAs).toBe(again!.sameAs)
  })

  test('[I3] an account may be told to overlook wrong CRCs, and then says what was said', () => {
    const lenient = siaFeed({
      accounts: [
        { account: '123456', strict: false },
        { account: '12345a', strict: false },
      ],
    })
    const said = (id: string) => read(frames.get(id)!, lenient).drafts
    expect(said('dc09-std-admcid')).toMatchObject([hazard('fire', true, '12345A/129', { code: 'E110' })])
    expect(said('pysia-bug42')).toMatchObject(
      [hazard('heat', false, '123456/1', { label: 'TAST. 001' })].map(({ address: _, ...rest }) => rest),
    )
    // the text beside a closing is a person's name
    expect(JSON.stringify(said('pysia-bug11'))).not.toContain('FRONTE')
  })

  test('[I3] strict: a wrong length and an account that is not hexadecimal are refused', () => {
    const strict = siaFeed({ strict: true })
    expect(read(frames.get('eldes-issue17')!, strict).rejects).toMatchObject([{ detail: 'the length says 0047, there are 002F bytes' }])
    expect(read(frames.get('xtrm-131')!, strict).rejects).toMatchObject([{ detail: expect.stringContaining('hexadecimal') }])
    expect(read(frames.get('t1002-602')!, strict).rejects).toEqual([])
    const one = siaFeed({ strict: true, accounts: [{ account: '4F39', strict: false }] })
    expect(read(frames.get('eldes-issue17')!, one).rejects).toEqual([])
  })
})

describe('identity', () => {
  const alarm = (sequence: string, stamp = '') => frame(`"ADM-CID"${sequence}#1234[#1234|1110 00 129]${stamp}`)
  const idOf = (text: string, more: Partial<Arrival> = {}) => read(text, undefined, more).drafts[0]!.id
  test('[I2] without a time the mark of the transport tells a resend from tomorrow', () => {
    expect(idOf(alarm('0001'))).toBe(idOf(alarm('0001')))
    expect(idOf(alarm('0001'), { ref: 'next day' })).not.toBe(idOf(alarm('0001')))
  })
  test('[I2] with a time it is the same after a restart of ours too', () => {
    const text = alarm('0001', '_19:42:50,11-22-2026')
    expect(idOf(text, { ref: 'other' })).toBe(idOf(text))
    expect(idOf(alarm('0001', '_19:42:51,11-22-2026'))).not.toBe(idOf(text))
  })
  test('[I2] a clock that was never set is no time to know a message by', () => {
    const text = alarm('0001', '_00:00:07,01-01-1970')
    expect(idOf(text, { ref: 'other' })).not.toBe(idOf(text))
  })
  test('[I2] one number for two things is two things, and two events of one message are two', () => {
    expect(idOf(alarm('0001'))).not.toBe(idOf(frame('"ADM-CID"0001#1234[#1234|1131 00 129]')))
    const { drafts } = read(frame('"SIA-DCS"0001#1234[#1234|Nri1/BA1/BA2]'))
    expect(drafts.map(({ address }) => address)).toEqual(['1234/1', '1234/2'])
    expect(new Set(drafts.map(({ id }) => id)).size).toBe(2)
  })
  test('[I2] the account of the panel inside the message is looked for too', () => {
    expect(read(frame('"ADM-CID"0001#1234[#77|1110 00 5]')).drafts[0]).toMatchObject({
      address: '1234/5',
      aliases: ['1234/005', '77/5', '77/005', '77', '1234'],
    })
  })
})

describe('more of the protocol', () => {
  const event = (body: string) => read(frame(body)).drafts[0]
  test('[I3] Contact ID 6 says again what is still so', () =>
    expect(event('"ADM-CID"0001#1234[#1234|6110 00 001]')).toMatchObject({ repeat: true, data: { active: true } }))
  test('[I4] what comes out of the memory of a panel is a backlog', () => {
    expect(event('"SIA-DCS"0001#1234[#1234|OBA3]')).toMatchObject({ backlog: true })
    const late = event('"SIA-DCS"0001#1234[#1234|NBA3][H17:42:50,11-22-2026]_19:42:50,11-22-2026')
    expect(late).toMatchObject({ backlog: true, time: Date.parse('2026-11-22T17:42:50Z'), offset: 0 })
  })
  test('[X1] a test by hand is a test', () => expect(event('"ADM-CID"0001#1234[#1234|1601 00 000]')).toMatchObject({ status: 'test' }))
  test('[I3] duress is silent', () =>
    expect(event('"ADM-CID"0001#1234[#1234|1121 00 003]')).toMatchObject({ type: 'linwang.help', data: { cause: 'duress', silent: true } }))
  test('[I3] data of another protocol, an open bracket, no account', () => {
    const why = (body: string) => read(frame(body)).rejects.map(({ detail }) => detail)
    expect(why('"SCN-S8"0001#1234[#1234|5555]')).toEqual(['data of kind SCN-S8 is not read'])
    expect(why('"ADM-CID"0001#1234[#1234|1110')).toEqual(['a bracket of the data is not closed'])
    expect(why('"ADM-CID"0001[1110 00 001]')).toEqual(['no account says which panel spoke'])
    expect(why('"ADM-CID"0001#1234[#1234|hello]')).toEqual(['the data is no Contact ID event (QEEE GG CCC)'])
  })
  test('[I3] the account only inside, a signature behind: as Galaxy panels send it', () => {
    const { drafts, rejects } = read(frame(`"SIA-DCS"0007R0075L0001[#001465|NUA021*'hall'NM]7C9677F21948CC12|#001465`))
    expect(rejects).toEqual([])
    expect(drafts).toMatchObject([hazard('alarm', true, '001465/21', { label: 'hall' })])
  })
  test('[A2] a promise that was broken is a panel offline', () => {
    const { drafts } = read('', undefined, { transport: 'supervision', headers: { account: '1234' } })
    expect(drafts).toMatchObject([{ address: '1234', data: { online: false, code: 'SUPERVISION' } }])
  })
  test.each(['', 'GET / HTTP/1.1\r\n', '\n', '\n0000000', '\n00000000"', '\u0000', '\n77710011"NULL"0000#1234['])(
    '[I3] %j ends nothing',
    (text) => {
      const { drafts, rejects } = read(text)
      expect(drafts.length + rejects.length).toBe(1)
    },
  )
})
