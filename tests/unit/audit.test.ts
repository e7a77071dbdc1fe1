import Database from 'better-sqlite3'
import { beforeEach, describe, expect, test } from 'vitest'
import { AUDIT_TABLES, createAudit, verifyAudit } from '../../server/store/audit.ts'

const KEY = Buffer.alloc(32, 1)
let db: Database.Database
let audit: ReturnType<typeof createAudit>

beforeEach(() => {
  db = new Database(':memory:')
  db.exec(AUDIT_TABLES)
  audit = createAudit(db, KEY)
  for (let at = 1; at <= 5; at++)
    audit.append({ at, by: 's001', act: 'alert.acknowledge', subject: `alert-${at}`, why: '已电话', detail: { n: at } })
})

describe('[S2] the audit is chained with a key kept outside the database', () => {
  test('as written it proves itself', () => {
    expect(audit.verify()).toEqual({ ok: true, rows: 5, from: 1, to: 5 })
    expect(verifyAudit(db, KEY)).toMatchObject({ ok: true })
  })

  test.each([
    ['who', "UPDATE audit SET by = 's002' WHERE seq = 3", 3],
    ['when', 'UPDATE audit SET at = 9 WHERE seq = 3', 3],
    ['what', "UPDATE audit SET act = 'alert.shelve' WHERE seq = 3", 3],
    ['why', 'UPDATE audit SET why = NULL WHERE seq = 3', 3],
    ['the detail', "UPDATE audit SET detail = '{}' WHERE seq = 3", 3],
    ['one row gone', 'DELETE FROM audit WHERE seq = 3', 3],
    ['the first row gone', 'DELETE FROM audit WHERE seq = 1', 1],
    ['the last row gone', 'DELETE FROM audit WHERE seq = 5', 5],
    ['every row gone', 'DELETE FROM audit', 1],
    ['a row put in', "INSERT INTO audit VALUES (6, 6, 's001', 'x', 'y', NULL, NULL, 'forged')", 6],
    ['the last row and the head gone', "DELETE FROM audit WHERE seq = 5; DELETE FROM audit_marks WHERE name = 'head'", 5],
    ['the head moved back', "DELETE FROM audit WHERE seq = 5; UPDATE audit_marks SET seq = 4 WHERE name = 'head'", 4],
  ])('tampering is seen: %s', (_what, sql, brokenAt) => {
    db.exec(sql)
    expect(audit.verify()).toMatchObject({ ok: false, brokenAt })
  })

  test('who lacks the key can not write the chain anew', () => {
    const forged = createAudit(db, Buffer.alloc(32, 2))
    db.exec('DELETE FROM audit; DELETE FROM audit_marks')
    forged.append({ at: 1, by: 's001', act: 'a', subject: 'b' })
    expect(audit.verify()).toMatchObject({ ok: false, brokenAt: 1 })
  })
})

describe('[S2] a purge leaves a signed anchor', () => {
  test('the rest proves itself, and rows are added after it', () => {
    expect(audit.purgeBefore(3)).toBe(2)
    expect(audit.verify()).toEqual({ ok: true, rows: 3, from: 3, to: 5 })
    audit.append({ at: 6, by: 's001', act: 'a', subject: 'b' })
    expect(audit.verify()).toEqual({ ok: true, rows: 4, from: 3, to: 6 })
  })

  test('of everything: the chain goes on from the anchor', () => {
    expect(audit.purgeBefore(100)).toBe(5)
    expect(audit.append({ at: 101, by: 's001', act: 'a', subject: 'b' })).toBe(6)
    expect(audit.verify()).toEqual({ ok: true, rows: 1, from: 6, to: 6 })
  })

  test('in slices: each leaves a chain that proves itself', () => {
    expect(audit.purgeBefore(5, 3)).toBe(3)
    expect(audit.verify()).toEqual({ ok: true, rows: 2, from: 4, to: 5 })
    expect([audit.purgeBefore(5, 3), audit.purgeBefore(5, 3)]).toEqual([1, 0])
    expect(audit.verify()).toEqual({ ok: true, rows: 1, from: 5, to: 5 })
  })

  test('of nothing: nothing changes', () => {
    expect(audit.purgeBefore(1)).toBe(0)
    expect(audit.verify()).toEqual({ ok: true, rows: 5, from: 1, to: 5 })
  })

  test('rows that went without a purge are missed', () => {
    audit.purgeBefore(3)
    db.exec('DELETE FROM audit WHERE seq = 3')
    expect(audit.verify()).toMatchObject({ ok: false, brokenAt: 3 })
  })

  test('an anchor that nobody signed is no anchor', () => {
    const { mac } = db.prepare('SELECT mac FROM audit WHERE seq = 3').get() as { mac: string }
    db.prepare("INSERT INTO audit_marks VALUES ('anchor', 3, 3, ?, 'forged')").run(mac)
    db.exec('DELETE FROM audit WHERE seq <= 3')
    expect(audit.verify()).toMatchObject({ ok: false, brokenAt: 3 })
  })
})
