import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchBrowser } from './browser.ts'
import { serveWall } from './wall-server.ts'
import { type Scene, wallState } from './wall-state.ts'

/** Pictures of the wall in every state: `node tests/support/shots.ts <folder> [scene …] [WxH …]`. The page must be built. */
const SIZES = ['1920x1080', '3840x2160', '5760x1080']
const [folder = '.cache/shots', ...wanted] = process.argv.slice(2)
const scenes = wanted.filter((word) => !/\d+x\d+/.test(word))
const sizes = wanted.filter((word) => /\d+x\d+/.test(word))
mkdirSync(folder, { recursive: true })

const browser = await launchBrowser()
try {
  for (const scene of (scenes.length ? scenes : ['busy']) as Scene[]) {
    const server = await serveWall(wallState(scene))
    for (const size of sizes.length ? sizes : SIZES) await shoot(server.url, scene, size)
    await server.close()
  }
} finally {
  await browser.close()
}

async function shoot(url: string, scene: string, size: string) {
  const [width = 1920, height = 1080] = size.split('x').map(Number)
  const page = await browser.newPage({ viewport: { width, height } })
  page.on('console', (message) => message.type() === 'error' && console.error(scene, size, message.text()))
  page.on('pageerror', (error) => console.error(scene, size, error.message))
  await page.goto(`${url}/wall`)
  await page.waitForSelector('[data-cluster-id]', { timeout: 20_000 })
  await page.waitForTimeout(Number(process.env.WAIT ?? 4000))
  if (process.env.CLICK) await page.click(process.env.CLICK).then(() => page.waitForTimeout(1200))
  await page.screenshot({ path: join(folder, `${scene}-${size}.png`) })
  await page.close()
}
