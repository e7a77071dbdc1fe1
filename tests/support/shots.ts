import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchBrowser } from './browser.ts'
import { serveWall } from './wall-server.ts'
import { type Scene, wallState } from './wall-state.ts'

/**
 * Pictures of the wall: `node tests/support/shots.ts <folder> [scene or http address …] [WxH …]`. The page must be built.
 * WAIT: ms before the picture; CLICK: a selector to click first; CLIP: x,y,width,height.
 */
const [folder = '.cache/shots', ...wanted] = process.argv.slice(2)
const isSize = (word: string) => /^\d+x\d+$/.test(word)
const sizes = wanted.filter(isSize)
const subjects = wanted.filter((word) => !isSize(word))
mkdirSync(folder, { recursive: true })

const browser = await launchBrowser()
try {
  for (const subject of subjects.length ? subjects : ['busy']) {
    const server = subject.startsWith('http') ? { url: subject, close: async () => {} } : await serveWall(wallState(subject as Scene))
    const name = subject.startsWith('http') ? `live${new URL(subject).pathname.replace(/\W/g, '-')}` : subject
    for (const size of sizes.length ? sizes : ['1920x1080', '3840x2160', '5760x1080']) await shoot(server.url, name, size)
    await server.close()
  }
} finally {
  await browser.close()
}

async function shoot(url: string, name: string, size: string) {
  const [width = 1920, height = 1080] = size.split('x').map(Number)
  const page = await browser.newPage({ viewport: { width, height } })
  page.on('console', (message) => message.type() === 'error' && console.error(name, size, message.text()))
  page.on('pageerror', (error) => console.error(name, size, error.message))
  await page.goto(url.endsWith('/') || new URL(url).pathname === '/' ? new URL('/wall', url).href : url)
  await page.waitForTimeout(Number(process.env.WAIT ?? 4000))
  if (process.env.CLICK) await page.click(process.env.CLICK).then(() => page.waitForTimeout(2500))
  const [x = 0, y = 0, w, h] = (process.env.CLIP ?? '').split(',').map(Number)
  const clip = w && h ? { x, y, width: w, height: h } : undefined
  await page.screenshot({ path: join(folder, `${name}-${size}${clip ? `-${x}` : ''}.png`), clip })
  await page.close()
}
