import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

const root = join(import.meta.dirname, '..')
/** Where the built page lies. */
export const PAGE_DIR = join(root, '.web')
const STAMP = join(PAGE_DIR, '.stamp')
/** Holds the pid of whoever builds: two that started at once must not empty the folder under each other. */
const LOCK = join(root, '.cache/page.lock')
const SOURCES = ['web/**/*', 'shared/**/*.ts', 'vite.config.ts', 'package-lock.json']

/** One hash over names, sizes and contents of what the page is made of: a touched but unchanged file builds nothing. */
function sourceHash(): string {
  const hash = createHash('sha1')
  for (const file of globSync(SOURCES, { cwd: root }).sort()) {
    const path = join(root, file)
    if (statSync(path).isFile()) hash.update(file).update('\0').update(readFileSync(path))
  }
  return hash.digest('hex')
}

const stamp = () => readOr(STAMP, '')

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}

/** Builds the page when it is missing or stale. Rejects with the builder's own words when it cannot be built. */
export async function ensurePage(say: (line: string) => void): Promise<void> {
  if (stamp() === sourceHash()) return
  const unlock = await lock()
  try {
    const hash = sourceHash()
    if (stamp() === hash) return
    say(
      stamp() === ''
        ? '首次构建页面 Building the page for the first time …'
        : '页面有改动，重新构建 The page has changed, building it again …',
    )
    await build()
    compress()
    writeFileSync(STAMP, hash)
  } finally {
    unlock()
  }
}

async function lock(): Promise<() => void> {
  mkdirSync(dirname(LOCK), { recursive: true })
  for (;;) {
    try {
      writeFileSync(LOCK, `${process.pid}`, { flag: 'wx' })
      return () => rmSync(LOCK, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (!isHeld()) rmSync(LOCK, { force: true })
    await sleep(100)
  }
}

/** Whether the holder still runs; an empty lock is just being written. */
function isHeld(): boolean {
  const pid = Number(readOr(LOCK, '')) || process.pid
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Beside each text file its gzip, so that serving it costs nothing. */
function compress(): void {
  for (const file of globSync('**/*.{js,css,html,svg}', { cwd: PAGE_DIR })) {
    const path = join(PAGE_DIR, file)
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
  }
}

function build(): Promise<void> {
  return new Promise((done, fail) => {
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    // whoever starts it may run in another mode: what is served is what is meant to be served
    const env = { ...process.env, NODE_ENV: 'production' }
    const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let words = ''
    child.stdout.on('data', (chunk) => (words += chunk))
    child.stderr.on('data', (chunk) => (words += chunk))
    child.on('error', fail)
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`The page could not be built:\n${words}`))))
  })
}
