import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeEvent, waitingFor } from '../../server/push/frame.ts'
import { sameOrigin } from '../../server/push/origin.ts'
import { createPacer } from '../../server/push/pacer.ts'
import { createRing } from '../../server/push/ring.ts'
import { readWatch } from '../../server/push/watch-request.ts'
import type { Op } from '../../shared/patch.ts'
import { ProblemError } from '../../shared/problem.ts'
import { testWorld } from '../support/world.ts'

const drop = (id: string): Op => ({ op: 'drop', list: 'alerts', id })

describe('ring', () => {
  test('[P2] tells the keys touched since a revision, and nothing when nothing was missed', () => {
    let now = 0
    const ring = createRing(10, () => now)
    for (let revision = 11; revision <= 20; revision++, now += 6_000) ring.add(revision, [drop(`a${revision}`)])
    expect(ring.keysSince(20)).toEqual(new Set())
    expect(ring.keysSince(18)).toEqual(new Set(['alerts/a19', 'alerts/a20']))
    expect(ring.keysSince(10)?.size).toBe(10)
  })

  test('[P2] reaches back ten minutes at least, and says when it does not', () => {
    let now = 0
    const ring = createRing(0, () => now)
    for (let revision = 1; revision <= 3_600; revision++, now += 1_000) ring.add(revision, [drop(`a${revision}`)])
    expect(ring.keysSince(3_600 - 600)).toContain('alerts/a3001')
    expect(ring.keysSince(100)).toBeUndefined()
    expect(ring.keysSince(3_601)).toBeUndefined()
  })

  test('[P3] the same key a million times is one key', () => {
    const ring = createRing(0, () => 0)
    for (let revision = 1; revision <= 100_000; revision++) ring.add(revision, [drop('a')])
    expect(ring.keysSince(0)).toEqual(new Set(['alerts/a']))
  })

  test('[P3] a flood of keys is forgotten from the far end', () => {
    let now = 0
    const ring = createRing(0, () => now)
    for (let revision = 1; revision <= 60; revision++, now += 6_000) {
      ring.add(
        revision,
        Array.from({ length: 10_000 }, (_, i) => drop(`a${revision}-${i}`)),
      )
    }
    expect(ring.keysSince(0)).toBeUndefined()
    expect(ring.keysSince(59)?.size).toBe(10_000)
  })
})

describe('pacer', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const paced = (did = true) => {
    const runs: number[] = []
    const start = performance.now()
    const pacer = createPacer(
      50,
      () => performance.now(),
      () => {
        runs.push(performance.now() - start)
        return did
      },
    )
    return { runs, pacer }
  }

  test('[P3] the first change leaves at once, later ones together', async () => {
    const { runs, pacer } = paced()
    pacer.poke()
    expect(runs).toEqual([0])
    pacer.poke()
    pacer.poke()
    expect(runs.length).toBe(1)
    await vi.advanceTimersByTimeAsync(200)
    expect(runs).toEqual([0, 50])
  })

  test('[P3] a thousand changes a second are at most twenty runs a second', async () => {
    const { runs, pacer } = paced()
    for (let ms = 0; ms < 3_000; ms++) {
      pacer.poke()
      await vi.advanceTimersByTimeAsync(1)
    }
    expect(runs.length).toBeGreaterThan(55)
    for (const run of runs) expect(runs.filter((other) => other >= run && other < run + 1_000).length).toBeLessThanOrEqual(20)
  })

  test('[P3] a run that had nothing to say does not hold back the next', () => {
    const { runs, pacer } = paced(false)
    pacer.poke()
    pacer.poke()
    expect(runs.length).toBe(2)
  })
})

describe('frame', () => {
  test('[P3] is the packet of the protocol, and a WebSocket frame whose bytes are shared', () => {
    const frame = encodeEvent('/live', 'beat', { at: 1, place: '东门' })
    expect(frame.text).toBe('2/live,["beat",{"at":1,"place":"东门"}]')
    const [head, body] = frame.options.wsPreEncodedFrame as Buffer[]
    expect(body?.toString()).toBe(`4${frame.text}`)
    expect(head?.[0]).toBe(0x81)
    expect(frame.bytes).toBe(body?.length)
  })

  test('[P3] what waits is counted in the engine and in the socket', () => {
    const connection = {
      readyState: 'open',
      writeBuffer: [{ data: 'abc' }, {}],
      transport: { socket: { bufferedAmount: 7 } },
      write: () => {},
    }
    expect(waitingFor(connection)).toEqual({ packets: 2, bytes: 10 })
    expect(waitingFor({ ...connection, transport: {} })).toEqual({ packets: 2, bytes: 3 })
  })
})

describe('watch', () => {
  const world = testWorld()
  const statusOf = (message: unknown, scope = 'caihong-g1') => {
    try {
      readWatch(message, scope, world)
      return 200
    } catch (error) {
      return (error as ProblemError).problem.status
    }
  }
  test('[S3] takes a place within the viewer’s scope, and no other', () => {
    expect(readWatch({}, 'caihong-g1', world)).toEqual({ scope: 'caihong-g1', revision: undefined, basis: undefined })
    expect(readWatch({ scope: 'caihong-b01', revision: 7 }, 'caihong-g1', world)).toMatchObject({ scope: 'caihong-b01', revision: 7 })
    expect(['caihong-g2', 'xinan', 'nowhere', '__proto__'].map((scope) => statusOf({ scope }))).toEqual([403, 403, 403, 403])
  })
  test('[P3] anything else is refused with what to mend', () => {
    const messages = [
      undefined,
      null,
      'x',
      7,
      { scope: 7 },
      { scope: 'x'.repeat(300) },
      { revision: -1 },
      { revision: 1.5 },
      { revision: '1' },
      { basis: {} },
    ]
    expect(messages.map((message) => statusOf(message))).toEqual(messages.map(() => 400))
    expect(() => readWatch({ revision: 'x' }, 'caihong-g1', world)).toThrow(ProblemError)
  })
})

test('[P5] a page of another site is not let in with this site’s cookie', () => {
  const host = '127.0.0.1:8080'
  expect(sameOrigin({ host })).toBe(true)
  expect(sameOrigin({ host, origin: `http://${host}` })).toBe(true)
  expect(sameOrigin({ host, origin: 'https://linwang.example', 'x-forwarded-host': 'linwang.example' })).toBe(true)
  expect(sameOrigin({ host, origin: 'http://evil.example' })).toBe(false)
  expect(sameOrigin({ host, origin: 'null' })).toBe(false)
})
