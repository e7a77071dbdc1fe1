import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Kept beside the database, never in it: who copies the database alone can neither forge the audit nor guess ID numbers. */
export interface Secrets {
  /** the general key of the feeds */
  feedKey: string
  /** chains the audit */
  auditKey: Buffer
  /** keyed hash of ID numbers */
  idKey: Buffer
  /** seals the passwords that we send to devices */
  sealKey: Buffer
}

/** `feed-key` is a file of its own, so that a person can read it out to a vendor; both are made at the first start, mode 600. */
export function loadSecrets(dataDir: string, given: { feedKey?: string | undefined; sealKey?: Buffer | undefined } = {}): Secrets {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const kept = JSON.parse(keep(join(dataDir, 'secrets.json'), newKeys)) as Record<'auditKey' | 'idKey', string>
  return {
    feedKey: given.feedKey || keep(join(dataDir, 'feed-key'), () => `${randomBytes(24).toString('base64url')}\n`).trim(),
    auditKey: Buffer.from(kept.auditKey, 'base64url'),
    idKey: Buffer.from(kept.idKey, 'base64url'),
    sealKey:
      given.sealKey ??
      Buffer.from(
        keep(join(dataDir, 'seal-key'), () => `${randomBytes(32).toString('base64')}\n`),
        'base64',
      ),
  }
}

const newKeys = () =>
  `${JSON.stringify({ auditKey: randomBytes(32).toString('base64url'), idKey: randomBytes(32).toString('base64url') }, null, 2)}\n`

function keep(path: string, make: () => string): string {
  if (!existsSync(path)) writePrivate(path, make())
  else mendMode(path)
  return readFileSync(path, 'utf8')
}

/** A copied folder easily loses its modes: what is for the owner alone is made so again, and whoever watches the start is told. */
function mendMode(path: string): void {
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return
  chmodSync(path, 0o600)
  process.stderr.write(`警告 ${path} 曾可被他人读取，已改为 600 was readable by others, now mode 600: make new keys if that matters here\n`)
}

/** Whole and on the disk before anything is signed with it. */
function writePrivate(path: string, text: string): void {
  const half = `${path}.new`
  const file = openSync(half, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(half, path)
}
