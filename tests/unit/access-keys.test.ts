import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { sessionCookie, tokenOf } from '../../server/access/cookie.ts'
import { createLockout } from '../../server/access/lockout.ts'
import { assertGoodPassword, checkPassword, hashPassword } from '../../server/access/passwords.ts'
import { loadSecrets } from '../../server/access/secrets.ts'

describe('[S2] secrets lie beside the database', () => {
  const dir = mkdtempSync(join(tmpdir(), 'linwang-secrets-'))
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  test('made at the first start, the same at the next, for the owner alone', () => {
    const first = loadSecrets(join(dir, 'new'))
    expect(first.feedKey.length).toBeGreaterThan(30)
    expect(first.auditKey).toHaveLength(32)
    expect(first.auditKey.equals(first.idKey)).toBe(false)
    expect(loadSecrets(join(dir, 'new'))).toEqual(first)
    for (const file of ['feed-key', 'secrets.json']) expect(statSync(join(dir, 'new', file)).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(dir, 'new', 'feed-key'), 'utf8').trim()).toBe(first.feedKey)
  })

  test('no two systems share a key; FEED_KEY is taken when given', () => {
    expect(loadSecrets(join(dir, 'a')).feedKey).not.toBe(loadSecrets(join(dir, 'b')).feedKey)
    expect(loadSecrets(join(dir, 'a'), { feedKey: 'given' }).feedKey).toBe('given')
  })
})

describe('[S1] passwords', () => {
  test('argon2id, salted', async () => {
    const [one, two] = await Promise.all([hashPassword('open sesame twice'), hashPassword('open sesame twice')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(two)
    expect(await checkPassword(one, 'open sesame twice')).toBe(true)
    expect(await checkPassword(one, 'open sesame once')).toBe(false)
  })

  test('an unknown user takes as long as a known one, and never passes', async () => {
    const kept = await hashPassword('open sesame twice')
    await checkPassword(undefined, 'warm up')
    const time = async (hash: string | undefined) => {
      const from = performance.now()
      for (let i = 0; i < 5; i++) expect(await checkPassword(hash, 'nobody has this password!')).toBe(false)
      return performance.now() - from
    }
    const known = await time(kept)
    expect(await time(undefined)).toBeGreaterThan(known / 3)
    expect(await checkPassword(undefined, 'nobody has this password')).toBe(false)
  })

  test.each([
    ['short', 'Kx9#mQ2!vT'],
    ['with the name in it', 'wangfang-is-here'],
    ['of few letters', 'aabbaabbaabbaabb'],
    ['well-worn', 'password123456'],
    ['endless', 'ab3cd'.repeat(100)],
  ])('refused: %s', (_why, password) => {
    expect(() => assertGoodPassword(password, 'wangfang')).toThrow('too easy')
  })

  test.each(['彩虹社区今天下午三点半开会', 'correct horse battery', 'Tz7!pw-0q_Lm'])('taken: %s', (password) => {
    expect(() => assertGoodPassword(password, 'wangfang')).not.toThrow()
  })
})

describe('[S1] lock-out', () => {
  test('after the limit the key waits until the oldest failure is over', () => {
    let now = 0
    const lockout = createLockout({ limit: 3, window: 60_000, now: () => now })
    expect([lockout.failed('a'), lockout.failed('a')]).toEqual([false, false])
    now = 10_000
    expect(lockout.failed('a')).toBe(true)
    expect(lockout.waitFor('a')).toBe(50)
    expect(lockout.waitFor('b')).toBe(0)
    now = 60_000
    expect(lockout.waitFor('a')).toBe(0)
  })

  test('a success forgets, and memory is bounded', () => {
    const lockout = createLockout({ limit: 1, window: 60_000, now: () => 0, keys: 2 })
    lockout.failed('a')
    lockout.succeeded('a')
    expect(lockout.waitFor('a')).toBe(0)
    for (const key of ['b', 'c', 'd']) lockout.failed(key)
    expect([lockout.waitFor('b'), lockout.waitFor('d')]).toEqual([0, 60])
  })
})

describe('[S1] the cookie', () => {
  test('scripts and other sites can not reach it', () => {
    const cookie = sessionCookie('t0ken', 61_000, { now: 1_000, secure: true })
    expect(cookie).toBe('linwang_session=t0ken; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure')
    expect(sessionCookie('t', 1, { now: 0, secure: false })).not.toContain('Secure')
  })

  test('is found among others', () => {
    expect(tokenOf('a=b; linwang_session=t0ken; c=d')).toBe('t0ken')
    expect(tokenOf('xlinwang_session=no')).toBeUndefined()
    expect(tokenOf(undefined)).toBeUndefined()
  })
})
