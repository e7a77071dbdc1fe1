import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { createFeedBook } from '../../server/access/feed-book.ts'
import { createFeedKeys } from '../../server/access/feed-keys.ts'
import { createSealing, passwordPlace } from '../../server/access/sealing.ts'
import { loadSecrets } from '../../server/access/secrets.ts'
import { hashToken } from '../../server/access/tokens.ts'
import { loadConfig } from '../../server/config.ts'
import { assertPasswordStays, publicFeed, withSecrets } from '../../server/registers/feed-secrets.ts'
import { migrateAccess } from '../../server/store/access.ts'
import { type FeedRow, migrateFeeds, readFeeds, writeFeed } from '../../server/store/feeds.ts'
import { openStore } from '../../server/store/open.ts'
import { feedOf } from '../support/feeds.ts'

const dir = mkdtempSync(join(tmpdir(), 'linwang-feeds-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const key = Buffer.alloc(32, 1)

describe('[S2] sealed text', () => {
  const sealing = createSealing(key)

  test('opens with its key and in its place alone', () => {
    const sealed = sealing.seal('hunter2 密码', passwordPlace('roof'))
    expect(sealed).not.toContain('hunter2')
    expect(sealing.open(sealed, passwordPlace('roof'))).toBe('hunter2 密码')
    expect(sealing.open(sealed, passwordPlace('cellar'))).toBeUndefined()
    expect(createSealing(Buffer.alloc(32, 2)).open(sealed, passwordPlace('roof'))).toBeUndefined()
  })

  test('a changed byte anywhere, or no seal at all, opens to nothing', () => {
    const sealed = sealing.seal('x', 'p')
    const bytes = Buffer.from(sealed.slice(3), 'base64url')
    for (let n = 0; n < bytes.length; n++) {
      const broken = Buffer.from(bytes)
      broken[n]! ^= 1
      expect(sealing.open(`v1.${broken.toString('base64url')}`, 'p')).toBeUndefined()
    }
    for (const text of ['', 'v1.', 'v2.abc', 'hunter2']) expect(sealing.open(text, 'p')).toBeUndefined()
  })

  test('the same again is the same, anything else shares neither text nor nonce', () => {
    const all = [sealing.seal('a', 'p'), sealing.seal('a', 'q'), sealing.seal('b', 'p')]
    expect(sealing.seal('a', 'p')).toBe(all[0])
    expect(new Set(all.map((text) => Buffer.from(text.slice(3), 'base64url').subarray(0, 12).toString('hex'))).size).toBe(3)
  })
})

describe('[S2] the key that seals', () => {
  test.each([
    ['hexadecimal', key.toString('hex')],
    ['base64', key.toString('base64')],
    ['base64url', key.toString('base64url')],
  ])('from the environment as %s', (_form, text) => {
    expect(loadConfig({ SECRETS_KEY: text }).sealKey).toEqual(key)
  })

  test.each(['short', 'g'.repeat(64), key.toString('hex').slice(2), `${key.toString('base64')}AAAA`])(
    'what is no key of 32 bytes ends the start, and is not told: %s',
    (text) => {
      expect(() => loadConfig({ SECRETS_KEY: text })).toThrow(/SECRETS_KEY is not a key of 32 bytes/)
      expect(() => loadConfig({ SECRETS_KEY: text })).not.toThrow(text)
    },
  )

  test('else from a file for the owner alone; modes that a copy lost are mended', () => {
    const first = loadSecrets(join(dir, 'keys'))
    const file = join(dir, 'keys', 'seal-key')
    expect([first.sealKey.length, statSync(file).mode & 0o777]).toEqual([32, 0o600])
    chmodSync(file, 0o644)
    expect(loadSecrets(join(dir, 'keys')).sealKey).toEqual(first.sealKey)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(loadSecrets(join(dir, 'keys'), { sealKey: key }).sealKey).toEqual(key)
  })
})

describe('[S2] passwords of connections and panels', () => {
  const row: FeedRow = {
    ...feedOf('roof', { kind: 'hikvision-alertstream', connection: { url: 'http://10.0.0.5/', username: 'admin' } }),
    sealed: { password: 'sealed' },
  }

  test('what is shown says that there is one, never which', () => {
    expect(JSON.stringify(publicFeed(row))).not.toContain('sealed')
    expect(publicFeed(row).connection).toEqual({ url: 'http://10.0.0.5/', username: 'admin', hasPassword: true })
  })

  test('null takes one away, absence leaves it, a panel that goes takes its key along', () => {
    expect(withSecrets(row, { password: null }).sealed).toEqual({})
    expect(withSecrets(row, {}).sealed).toEqual({ password: 'sealed' })
    const panels: FeedRow = {
      ...feedOf('sia', { kind: 'sia-dc09', accounts: [{ account: 'a', hasKey: true }] }),
      sealed: { accounts: { a: '1', b: '2' } },
    }
    expect(withSecrets(panels, { accounts: { c: '3' } })).toMatchObject({ accounts: [{ account: 'a' }], sealed: { accounts: { a: '1' } } })
    expect(withSecrets(panels, {}).accounts).toEqual([{ account: 'a' }])
  })

  test('a kept password is not sent to another host', () => {
    const to = (url: string) => ({ connection: { url } })
    expect(() => assertPasswordStays(row, to('http://10.0.0.6/'), {})).toThrow(/give it again/)
    expect(() => assertPasswordStays(row, to('https://10.0.0.5/'), {})).toThrow(/give it again/)
    expect(() => assertPasswordStays(row, to('http://10.0.0.5/other'), {})).not.toThrow()
    expect(() => assertPasswordStays(row, to('http://10.0.0.6/'), { password: 'new' })).not.toThrow()
  })

  test('the book opens what was sealed here, and names what it cannot open', () => {
    const db = openStore(join(dir, 'book'), 'demo')
    const sealing = createSealing(key)
    writeFeed(db, { ...row, sealed: { password: sealing.seal('open sesame', passwordPlace('roof')) } })
    const book = createFeedBook({ read: db, sealing })
    expect([book.password('roof'), book.unreadable()]).toEqual(['open sesame', []])
    expect(JSON.stringify(book.get('roof'))).not.toContain('v1.')
    const other = createFeedBook({ read: db, sealing: createSealing(Buffer.alloc(32, 7)) })
    expect([other.password('roof'), other.unreadable()]).toEqual([undefined, ['roof']])
    const before = book.get('roof')
    book.refresh()
    expect(book.get('roof')).toBe(before)
    db.close()
  })
})

test('[S1] a key works until it expires, by real time', () => {
  let now = 1_000
  const feedKeys = () => [
    { id: 'a', feed: 'gate', hash: hashToken('old'), createdAt: 0, createdBy: 'x', own: true, expiresAt: 2_000 },
    { id: 'b', feed: 'gate', hash: hashToken('new'), createdAt: 0, createdBy: 'x', own: true, expiresAt: null },
  ]
  const keys = createFeedKeys('general', { feedKeys }, () => now)
  expect(keys.authorize('Bearer old')).toEqual({ feed: 'gate' })
  now = 2_000
  expect([keys.authorize('Bearer old'), keys.authorize('Bearer new')]).toEqual([undefined, { feed: 'gate' }])
})

test('[S2] a store of an earlier version gets its columns, once', () => {
  const db = new Database(':memory:')
  db.exec(`CREATE TABLE feed (id TEXT PRIMARY KEY, name TEXT NOT NULL, first_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE feed_keys (id TEXT PRIMARY KEY, feed TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, created_by TEXT NOT NULL) STRICT;
    INSERT INTO feed VALUES ('frigate', '摄像机', 5), ('hotline', 'hotline', 6);`)
  for (let n = 0; n < 2; n++) {
    migrateFeeds(db)
    migrateAccess(db)
  }
  expect(readFeeds(db)).toEqual([
    { ...feedOf('frigate', { name: '摄像机', kind: 'frigate', firstAt: 5 }), sealed: {} },
    { ...feedOf('hotline', { kind: 'cloudevents', firstAt: 6 }), sealed: {} },
  ])
  db.close()
})
