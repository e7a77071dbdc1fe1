import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const root = join(import.meta.dirname, '..')
/** Where the built page lies. */
export const PAGE_DIR = join(root, '.web')
const STAMP = join(PAGE_DIR, '.stamp')
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

const stamp = () => {
  try {
    return readFileSync(STAMP, 'utf8')
  } catch {
    return ''
  }
}

/** Builds the page when it is missing or stale. Rejects with the builder's own words when it cannot be built. */
export async function ensurePage(say: (line: string) => void): Promise<void> {
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
    const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let words = ''
    child.stdout.on('data', (chunk) => (words += chunk))
    child.stderr.on('data', (chunk) => (words += chunk))
    child.on('error', fail)
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`The page could not be built:\n${words}`))))
  })
}
