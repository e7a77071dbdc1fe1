import fc from 'fast-check'
import { expect, test } from 'vitest'
import { whereStopped } from '../../server/intake/where.ts'

const byte = (text: string) => Number(/byte (\d+)/.exec(whereStopped(Buffer.from(text)) ?? '')?.[1] ?? -1)

test('[I3] where JSON breaks: the first token that the grammar does not allow', () => {
  expect(byte('{"a" 1}')).toBe(5)
  expect(byte('{"a": 1,}')).toBe(8)
  expect(byte('{a: 1}')).toBe(1)
  expect(byte('[1, 2')).toBe(5)
  expect(byte('[1 2]')).toBe(3)
  expect(byte('[01]')).toBe(2)
  expect(byte('{"a": "b')).toBe(6)
  expect(byte('{} {}')).toBe(3)
  expect(byte('[1}')).toBe(2)
  expect(byte('["\\x"]')).toBe(1)
})

test('[I3] what is JSON breaks nowhere', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(whereStopped(Buffer.from(JSON.stringify([value], null, 1)))).toBeUndefined()
    }),
  )
})

test('[I3] JSON that is cut anywhere breaks at or before the cut, never after it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, n) => {
      const text = JSON.stringify([value])
      const cut = text.slice(0, 1 + (n % (text.length - 1)))
      const at = byte(cut)
      expect(at).toBeGreaterThanOrEqual(0)
      expect(at).toBeLessThanOrEqual(Buffer.byteLength(cut))
    }),
  )
})

test('[I5] a deep bomb is looked through in no time', () => {
  const start = performance.now()
  whereStopped(Buffer.from('['.repeat(250_000)))
  whereStopped(Buffer.from(`{"a":"${' '.repeat(250_000)}`))
  expect(performance.now() - start).toBeLessThan(1_000)
})
