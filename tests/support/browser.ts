import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'

/** Without these the map has no WebGL: a test machine has no graphics card. `--no-zygote` and `--no-sandbox`: it may be root in a container. */
const FLAGS = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
  '--ignore-gpu-blocklist',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  // as desktop browsers have it: no sound before a touch
  '--autoplay-policy=document-user-activation-required',
]

/** A headless Chromium with WebGL that needs nothing but `npm ci`: binary and libraries come from @sparticuz/chromium. */
export async function launchBrowser(options: { args?: string[] } = {}): Promise<Browser> {
  const home = await unpackedChromium()
  const { chromium } = await import('playwright-core')
  return chromium.launch({
    executablePath: join(home, 'chromium'),
    args: [...FLAGS, ...(options.args ?? [])],
    env: { ...process.env, LD_LIBRARY_PATH: join(home, 'al2023', 'lib'), FONTCONFIG_PATH: join(home, 'fonts') },
  })
}

/** Unpacked once per version and machine; the rename makes it whole or absent for every process that looks. */
async function unpackedChromium(): Promise<string> {
  const home = join(tmpdir(), `linwang-chromium-${await chromiumVersion()}`)
  if (!existsSync(home)) await unpackInto(home)
  return home
}

async function chromiumVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  return JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8')).version
}

async function unpackInto(home: string) {
  await mkdir(tmpdir(), { recursive: true })
  const draft = await mkdtemp(`${home}-`)
  await withEnvironment({ TMPDIR: draft, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' }, async () => {
    // told that it runs on AWS-like ground, the package brings its own libnss3 and friends
    const { default: sparticuz } = await import('@sparticuz/chromium')
    await sparticuz.executablePath()
  })
  await writeFile(join(draft, 'fonts', 'fonts.conf'), fontsIn(home))
  await rename(draft, home).catch(() => rm(draft, { recursive: true, force: true }))
}

/** The package's own file names folders of its cloud; without one font at all a page shows no text, not even in fonts it brings itself. */
const fontsIn = (home: string) =>
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${home}/fonts</dir><cachedir>${home}/fonts-cache</cachedir></fontconfig>`

async function withEnvironment(values: Record<string, string>, run: () => Promise<void>) {
  const before = { ...process.env }
  Object.assign(process.env, values)
  await run().finally(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  })
}
