import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createSiaAccounts } from '../../server/feeds/sia-accounts.ts'
import { decipher, encipher, keysOf } from '../../server/feeds/sia-cipher.ts'
import { createDeafness, createMarks } from '../../server/feeds/sia-memory.ts'
import { createSupervision } from '../../server/feeds/sia-supervision.ts'
import { makeFrame } from '../../server/feeds/sources/sia/frame.ts'
import { stampOf } from '../../server/feeds/sources/sia/moment.ts'
import { until } from '../support/receiver.ts'
import { fixture, lines } from '../support/samples.ts'
import { dialTcp, dialUdp, frame, KEY_HEX, siaFeed, siaReceiver, testBook } from '../support/sia.ts'

/** The moment at which dc09_spt made the frames of the fixture. */
const MADE_AT = Date.parse('2026-11-22T19:42:43Z')
const generated = lines<{ via: string; frame: string }>(fixture('sia-dc09/accepted/generated-by-dc09_spt.jsonl'))
const FIRE = frame('"ADM-CID"0002R1L2#1234[#1234|1110 00 129]')
const NULL = frame('"NULL"0000#1234[]')
const [key] = keysOf(KEY_HEX)
const KEYED = siaFeed({ accounts: [{ account: '0123', hasKey: true }] })

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})
async function open(options: Parameters<typeof siaReceiver>[0] = {}) {
  const receiver = await siaReceiver(options)
  cleanups.push(receiver.close)
  return receiver
}
async function dial(port: number) {
  const panel = await dialTcp(port)
  cleanups.push(panel.end)
  return panel
}
const quarantine = (receiver: Awaited<ReturnType<typeof open>>) =>
  receiver.engine.t.db.prepare('SELECT reason, detail, feed, address FROM quarantine ORDER BY rowid').all() as Record<string, string>[]
const enciphered = (body: string, text: string) => frame(`${body}[${encipher(text, key!)}`)
const keyed = (ms: number, data = '#0123|NPA3') => enciphered('"*SIA-DCS"0007R1L2#0123', `${data}]_${stampOf(ms)}`)

describe('answers', () => {
  test('[I1] an ACK repeats sequence, receiver, line and account, and leaves after the commit', async () => {
    const receiver = await open()
    receiver.engine.hold()
    const panel = await dial(receiver.port)
    panel.send(FIRE)
    await until(() => receiver.engine.arrivals.length === 1)
    expect(await panel.replies(1, 60)).toEqual([])
    receiver.engine.release()
    expect(await panel.replies(1)).toEqual(['"ACK"0002R1L2#1234[]'])
    expect(receiver.engine.signals).toMatchObject([
      { type: 'linwang.hazard', deviceId: 'smoke-129', data: { hazard: 'fire', active: true } },
    ])
  })

  test('[I1] a panel that closes its side at once still hears the answer', async () => {
    const receiver = await open()
    receiver.engine.hold()
    const panel = await dialTcp(receiver.port, { allowHalfOpen: true })
    cleanups.push(panel.end)
    panel.socket.end(FIRE)
    await sleep(50)
    receiver.engine.release()
    expect(await panel.replies(1)).toEqual(['"ACK"0002R1L2#1234[]'])
    expect(await panel.closed()).toBe(true)
  })

  test('[I5] an engine that is full for a moment is asked again, one that stays full gives no answer: the panel repeats', async () => {
    const receiver = await open({ patience: 60 })
    const panel = await dial(receiver.port)
    receiver.engine.refuse = 1
    panel.send(FIRE)
    expect(await panel.replies(1)).toEqual(['"ACK"0002R1L2#1234[]'])
    receiver.engine.refuse = 99
    panel.send(NULL)
    expect((await panel.replies(2, 200)).length).toBe(1)
    receiver.engine.refuse = 0
    panel.send(NULL)
    expect((await panel.replies(2)).length).toBe(2)
  })

  test('[I2] an exact duplicate is acknowledged and stored once; with a new number it is a repeat; another content is another', async () => {
    const receiver = await open()
    const panel = await dial(receiver.port)
    const again = frame('"ADM-CID"0003R1L2#1234[#1234|1110 00 129]')
    const other = frame('"ADM-CID"0003R1L2#1234[#1234|1101 00 003]')
    panel.send(FIRE + FIRE + again + other)
    expect((await panel.replies(4)).length).toBe(4)
    expect(receiver.engine.signals.map(({ deviceId, repeat }) => [deviceId, repeat])).toEqual([
      ['smoke-129', undefined],
      ['smoke-129', true],
      ['button-3', undefined],
    ])
  })

  test('[I3] frames cut and merged anywhere, zeros behind them: each answered, in order', async () => {
    const receiver = await open()
    const panel = await dial(receiver.port)
    const all = Buffer.from(`${NULL}\0${FIRE}\0\0${NULL}`, 'latin1')
    for (const at of [...all.keys()].filter((n) => n % 7 === 0)) {
      panel.send(all.subarray(at, at + 7))
      await sleep(1)
    }
    expect(await panel.replies(3)).toEqual(['"ACK"0000#1234[]', '"ACK"0002R1L2#1234[]', '"ACK"0000#1234[]'])
  })

  test('[I3] a wrong CRC gets no answer and lies in quarantine; a wrong length is overlooked', async () => {
    const receiver = await open()
    const panel = await dial(receiver.port)
    panel.send(FIRE.replace('129', '128'))
    panel.send(FIRE.replace(/^(\n....)..../, '$10099'))
    expect(await panel.replies(1)).toEqual(['"ACK"0002R1L2#1234[]'])
    expect(quarantine(receiver)).toMatchObject([{ reason: 'malformed', address: '1234' }])
  })

  test('[I3] another protocol gets DUH, an unknown code an ACK: both are kept', async () => {
    const receiver = await open()
    const panel = await dial(receiver.port)
    panel.send(frame('"SCN-S8"0005#1234[#1234|55]') + frame('"SIA-DCS"0006#1234[#1234|NJC1]'))
    expect(await panel.replies(2)).toEqual(['"DUH"0005#1234[]', '"ACK"0006#1234[]'])
    expect(quarantine(receiver).map(({ detail }) => detail)).toEqual(['data of kind SCN-S8 is not read', 'JC is no code of SIA DC-03'])
  })

  test('[I3] an answer is not answered, or two receivers would never stop', async () => {
    const receiver = await open()
    const panel = await dial(receiver.port)
    panel.send(frame('"NAK"0000R0L0A0[]_16:20:01,09-24-2025') + frame('"ACK"0001#1234[]') + NULL)
    expect(await panel.replies(1)).toEqual(['"ACK"0000#1234[]'])
    expect(receiver.engine.arrivals.length).toBe(1)
  })

  test('[I3] a CRC of raw bytes is answered alike, a heartbeat without a frame as its receivers expect', async () => {
    const receiver = await open()
    const panel = await dial(receiver.port)
    panel.send(makeFrame('"NULL"0000#1234[]', 'binary'))
    await until(() => panel.raw().length > 0)
    expect(Buffer.from(panel.raw(), 'latin1')).toEqual(makeFrame('"ACK"0000#1234[]', 'binary'))
    panel.send('SR0001L0001    001234XX    [ID00000000]')
    await until(() => panel.raw().endsWith('"ACK"'))
  })
})

describe('UDP', () => {
  test('[I1] every frame of dc09_spt is acknowledged, the enciphered ones enciphered', async () => {
    const receiver = await open({ feeds: [KEYED], keys: { '0123': KEY_HEX }, wallClock: () => MADE_AT })
    for (const { via, frame: text } of generated) {
      const reply = await dialUdp(receiver.port, text)
      const sequence = /"(\d{4})/.exec(text)![1]
      expect(reply).toContain(via === 'udp' ? `"*ACK"${sequence}#0123[` : `"ACK"${sequence}#1234[]`)
      if (via === 'udp') expect(decipher(reply!.split('[')[1]!, [key!])?.text).toBe(`]_${stampOf(MADE_AT)}`)
    }
    expect(receiver.engine.t.db.prepare('SELECT count(*) AS n FROM quarantine').get()).toEqual({ n: 0 })
  })

  test('[I2] a datagram that comes twice is acknowledged twice and stored once', async () => {
    const receiver = await open()
    expect([await dialUdp(receiver.port, FIRE), await dialUdp(receiver.port, FIRE)]).toEqual(Array(2).fill('"ACK"0002R1L2#1234[]'))
    expect(receiver.engine.signals.length).toBe(1)
  })

  test('[I3] garbage gets no answer', async () => {
    const receiver = await open()
    expect(await dialUdp(receiver.port, 'hello', 60)).toBeUndefined()
    expect(await dialUdp(receiver.port, Buffer.alloc(20_000, 0x0a), 60)).toBeUndefined()
    expect(await dialUdp(receiver.port, NULL)).toBe('"ACK"0000#1234[]')
  })
})

describe('enciphered', () => {
  const options = { feeds: [KEYED], keys: { '0123': KEY_HEX }, wallClock: () => MADE_AT }

  test('[I3] inside −40 s and +20 s it is taken, outside it gets our time and is not', async () => {
    const receiver = await open(options)
    const panel = await dial(receiver.port)
    for (const seconds of [-41, -40, 20, 21]) panel.send(keyed(MADE_AT + seconds * 1000))
    const replies = await panel.replies(4)
    expect(replies.map((reply) => reply.slice(0, 6))).toEqual(['"NAK"0', '"*ACK"', '"*ACK"', '"NAK"0'])
    expect(replies[0]).toBe(`"NAK"0000R0L0A0[]_${stampOf(MADE_AT)}`)
    expect(receiver.engine.signals.length).toBe(2)
  })

  test('[I3] a panel that does not set its clock is seen in quarantine from the third time on', async () => {
    const receiver = await open(options)
    const panel = await dial(receiver.port)
    for (const day of [1, 2, 3]) panel.send(keyed(Date.UTC(1970, 0, day)))
    expect((await panel.replies(3)).map((reply) => reply.slice(0, 5))).toEqual(['"NAK"', '"NAK"', '"NAK"'])
    expect(quarantine(receiver)).toMatchObject([
      { address: '0123', detail: expect.stringContaining("the panel's clock says 00:00:00,01-03-1970") },
    ])
  })

  test('[I3] an account that may be lenient is taken with any clock', async () => {
    const lenient = siaFeed({ accounts: [{ account: '0123', strict: false }] })
    const receiver = await open({ ...options, feeds: [lenient] })
    const panel = await dial(receiver.port)
    panel.send(keyed(Date.UTC(1970, 0, 1)))
    expect((await panel.replies(1))[0]).toContain('"*ACK"0007R1L2#0123[')
    expect(receiver.engine.signals).toMatchObject([{ type: 'linwang.help', timeAssumed: true }])
  })

  test('[I3] with another key it gets our time, without any DUH; plain words of an account with a key are not believed', async () => {
    const receiver = await open({ ...options, keys: { '0123': 'AAAAAAAAAAAAAAAA' } })
    const panel = await dial(receiver.port)
    panel.send(keyed(MADE_AT))
    panel.send(keyed(MADE_AT).replace('#0123', '#0124'))
    panel.send(frame(keyed(MADE_AT).slice(9, -1).replace('#0123', '#0124')))
    panel.send(frame('"ADM-CID"0009#0123[#0123|3110 00 001]'))
    expect((await panel.replies(3)).map((reply) => reply.slice(0, 9))).toEqual(['"NAK"0000', '"DUH"0007', '"DUH"0009'])
    expect(quarantine(receiver).map(({ detail }) => detail)).toEqual([
      'the key of 0123 does not open this message',
      expect.stringContaining('the CRC says'),
      'the message is enciphered, and 0124 has no key here',
      '0123 has a key, and this message is not enciphered',
    ])
    expect(receiver.engine.signals).toEqual([])
  })
})

describe('feeds', () => {
  const account = '1234'
  test('[I3] an account of no feed is kept under sia, or under the feed of panels that names none', async () => {
    const receiver = await open({ devices: [] })
    expect(await dialUdp(receiver.port, FIRE)).toBe('"ACK"0002R1L2#1234[]')
    receiver.book.set(siaFeed())
    expect(await dialUdp(receiver.port, NULL)).toBe('"ACK"0000#1234[]')
    expect(quarantine(receiver)).toMatchObject([
      { reason: 'unknown-device', feed: 'sia', address: '1234/129' },
      { reason: 'unknown-device', feed: 'panels', address: '1234' },
    ])
  })

  test('[I3] a strict feed does not acknowledge an account that it does not name', async () => {
    const receiver = await open({ feeds: [siaFeed({ id: 'sia', strict: true, accounts: [{ account: '0123' }] })] })
    expect(await dialUdp(receiver.port, FIRE, 80)).toBeUndefined()
    expect(quarantine(receiver)).toMatchObject([{ detail: '1234 is no account of sia, which is strict' }])
  })

  test('[S3] an address that is not allowed, a paused feed, and a rate that is used up get no answer', async () => {
    const receiver = await open({ feeds: [siaFeed({ accounts: [{ account }], allow: ['10.0.0.0/8'] })] })
    expect(await dialUdp(receiver.port, NULL, 80)).toBeUndefined()
    receiver.book.set(siaFeed({ accounts: [{ account }], state: 'paused' }))
    expect(await dialUdp(receiver.port, NULL, 80)).toBeUndefined()
    receiver.book.set(siaFeed({ accounts: [{ account }], rate: 1 }))
    const panel = await dial(receiver.port)
    panel.send(NULL.repeat(30))
    await sleep(80)
    expect((await panel.replies(99, 80)).length).toBe(10)
    expect(receiver.engine.arrivals.length).toBe(10)
  })

  test('[I3] demo: a feed that nobody made comes into being with its first message', async () => {
    const met: string[] = []
    const receiver = await open({ meet: async (kind, feed) => void met.push(`${kind} ${feed}`) })
    await dialUdp(receiver.port, FIRE)
    expect(met).toEqual(['sia-dc09 sia'])
  })

  test('[A2] a panel that breaks its promise is told of once, and again after it was heard', async () => {
    let now = 0
    const receiver = await open()
    const feed = siaFeed({ id: 'sia', accounts: [{ account, supervision: 100 }] })
    const supervision = createSupervision({ engine: receiver.engine, accounts: createSiaAccounts(testBook([feed])), now: () => now })
    const offline = () => receiver.engine.signals.filter(({ data }) => 'online' in data && !data.online).length
    const lookAt = async (seconds: number) => {
      now = seconds * 1000
      receiver.engine.t.now += 1000
      await supervision.look()
      return offline()
    }
    expect([await lookAt(110), await lookAt(111), await lookAt(300)]).toEqual([0, 1, 1])
    supervision.heard(account)
    expect([await lookAt(400), await lookAt(411)]).toEqual([1, 2])
    expect(receiver.engine.signals.at(-1)).toMatchObject({ deviceId: 'panel-1234', data: { code: 'SUPERVISION' } })
  })
})

describe('bounds', () => {
  test('[I5] who says nothing sound is cut off, who does is not, until it begins what it does not end', async () => {
    const receiver = await open({ bounds: { silentFor: 80, frameWithin: 40, idleFor: 500 } })
    const [silent, sound] = [await dial(receiver.port), await dial(receiver.port)]
    sound.send(NULL)
    expect(await silent.closed(400)).toBe(true)
    sound.send(NULL)
    expect((await sound.replies(2)).length).toBe(2)
    sound.send('\n77710')
    expect(await sound.closed(300)).toBe(true)
  })

  test('[I5] a frame that trickles in buys no time with each byte', async () => {
    const receiver = await open({ bounds: { silentFor: 5_000, frameWithin: 100 } })
    const panel = await dial(receiver.port)
    const bytes = [...FIRE.repeat(2).slice(0, FIRE.length - 1)]
    const drip = setInterval(() => panel.send(bytes.shift() ?? 'x'), 20)
    cleanups.push(() => clearInterval(drip))
    expect(await panel.closed(500)).toBe(true)
  })

  test('[I5] garbage is cut off after a few pieces, and the first of it is kept', async () => {
    const receiver = await open()
    const panel = await dial(receiver.port)
    panel.send('GET / HTTP/1.1\r\nHost: x\r\n'.repeat(40))
    expect(await panel.closed()).toBe(true)
    await until(() => quarantine(receiver).length > 0)
    expect(quarantine(receiver).length).toBeLessThanOrEqual(8)
  })

  test('[I5] when there is no more room the one that said nothing goes', async () => {
    const receiver = await open({ bounds: { connections: 3 } })
    const sound = await dial(receiver.port)
    sound.send(NULL)
    await sound.replies(1)
    const idle = [await dial(receiver.port), await dial(receiver.port)]
    const next = await dial(receiver.port)
    next.send(NULL)
    expect((await next.replies(1)).length).toBe(1)
    expect(await idle[0]!.closed()).toBe(true)
    sound.send(NULL)
    expect((await sound.replies(2)).length).toBe(2)
  })

  test('[I5] a panel that sends without end is read no faster than it is stored', async () => {
    const receiver = await open({ bounds: { inFlight: 8 } })
    receiver.engine.hold()
    const panel = await dial(receiver.port)
    for (let i = 0; i < 20; i++) panel.send(NULL.repeat(2_000))
    await sleep(150)
    expect(receiver.engine.arrivals.length).toBe(8)
    receiver.engine.release()
    await until(() => receiver.engine.arrivals.length > 1_000)
    panel.end()
  })
})

describe('memory', () => {
  test('[I2] a resend within five minutes has the same mark, later it is news; memory is bounded', () => {
    let now = 0
    let n = 0
    const markOf = createMarks(
      () => now,
      () => `${n++}`,
    )
    expect([markOf('1234', 'a'), markOf('1234', 'a'), markOf('1234', 'b'), markOf('77', 'a')]).toEqual(['0', '0', '1', '2'])
    now = 299_999
    expect(markOf('1234', 'a')).toBe('0')
    now = 300_000
    expect(markOf('1234', 'a')).toBe('3')
  })
  test('[I3] our time three times in ten minutes, and still another clock', () => {
    let now = 0
    const isDeaf = createDeafness(() => now)
    expect([isDeaf('1'), isDeaf('1'), isDeaf('1'), isDeaf('2')]).toEqual([false, false, true, false])
    now = 600_001
    expect(isDeaf('1')).toBe(false)
  })
})
