import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { help } from '../support/events.ts'
import type { RunningServer } from '../support/server.ts'
import { Presses, type PressOptions, pressAll } from './latency.ts'
import { eventMaker, type Fleet, openFeed, steady } from './load.ts'
import { percentile, round, sleep, spread } from './numbers.ts'

const built = join(import.meta.dirname, '../../.web')

/** kB gzip of what the wall's page loads: scripts and styles as built, fonts apart; `all` counts every page of the app. */
export async function pageWeight(browser: Browser, server: RunningServer) {
  const page = await wallPage(browser)
  const loaded = new Set<string>()
  page.on('response', (response) => loaded.add(new URL(response.url()).pathname))
  await page.goto(`${server.url}/wall`)
  await page.waitForSelector('[data-cluster-id]')
  await sleep(3_000)
  const weigh = (pattern: RegExp, only: (path: string) => boolean) =>
    round(
      readdirSync(built, { recursive: true, encoding: 'utf8' })
        .filter((name) => pattern.test(name) && only(`/${name}`))
        .reduce((sum, name) => sum + gzipSync(readFileSync(join(built, name)), { level: 9 }).length, 0) / 1000,
      0,
    )
  await page.close()
  return {
    scriptKb: weigh(/\.js$/, (path) => loaded.has(path)),
    styleKb: weigh(/\.css$/, (path) => loaded.has(path)),
    fontFilesLoaded: [...loaded].filter((path) => path.endsWith('.woff2')).length,
    allScriptKb: weigh(/\.js$/, () => true),
  }
}

export async function wallPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
  return context.newPage()
}

/** From navigation to the first contentful paint, and to all 115 clusters in the DOM, ms. */
export async function firstPaint(browser: Browser, server: RunningServer, runs: number) {
  const paints: number[] = []
  const useful: number[] = []
  for (let i = 0; i < runs; i++) {
    const page = await wallPage(browser)
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (document.querySelectorAll('[data-cluster-id]').length < 115) return
        observer.disconnect()
        requestAnimationFrame(() => setTimeout(() => Object.assign(window, { usefulAt: performance.now() })))
      }).observe(document, { childList: true, subtree: true })
    })
    await page.goto(`${server.url}/wall`)
    await page.waitForFunction(() => 'usefulAt' in window)
    const [paint, use] = await page.evaluate(() => [
      performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      (window as unknown as { usefulAt: number }).usefulAt,
    ])
    paints.push(paint!)
    useful.push(use!)
    await page.context().close()
  }
  return { runs, firstContentfulMs: spread(paints), firstUsefulMs: spread(useful) }
}

/** Help press → its row in the wall's DOM: a MutationObserver sees any change inside the element of the pressed device. */
export async function pressToDom(browser: Browser, server: RunningServer, fleet: Fleet, rate: number, o: PressOptions) {
  const page = await wallPage(browser)
  const presses = new Presses()
  await page.exposeFunction('sawChange', (deviceId: string, at: number) => presses.see({ deviceId, at }))
  await page.addInitScript(() => {
    const seen = new Map<string, number>()
    const note = (node: Node) => {
      const element = (node instanceof Element ? node : node.parentElement)?.closest('[data-alert-id][data-device-id]')
      const rows = element ? [element] : node instanceof Element ? [...node.querySelectorAll('[data-alert-id][data-device-id]')] : []
      for (const row of rows) {
        // the running time changes each second too: only a new row or a new count is a press
        const mark = `${row.getAttribute('data-alert-id')}:${row.getAttribute('data-count')}`
        const device = row.getAttribute('data-device-id')!
        if (seen.has(mark)) continue
        seen.set(mark, 1)
        ;(window as unknown as { sawChange(device: string, at: number): void }).sawChange(
          device,
          performance.timeOrigin + performance.now(),
        )
      }
    }
    new MutationObserver((records) => {
      for (const record of records) {
        note(record.target)
        for (const node of record.addedNodes) note(node)
      }
    }).observe(document, {
      childList: true,
      subtree: true,
      characterData: true,
      attributes: true,
      attributeFilter: ['data-count', 'data-alert-id'],
    })
  })
  await page.goto(`${server.url}/wall`)
  await page.waitForSelector('[data-cluster-id]')
  await sleep(4_000)
  const frames = await countFrames(page)
  const stop = await steady(server, eventMaker(fleet), rate)
  await pressAll(server, fleet, presses, o)
  stop()
  const fps = round((await frames()) / ((o.presses * o.every) / 1000), 1)
  await page.context().close()
  return { background: rate, presses: o.presses, framesPerSecond: fps, ...spread(presses.times) }
}

async function countFrames(page: Page) {
  await page.evaluate(() => {
    const state = { n: 0 }
    Object.assign(window, { frameCount: state })
    const tick = () => {
      state.n += 1
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  return () => page.evaluate(() => (window as unknown as { frameCount: { n: number } }).frameCount.n)
}

interface TraceEvent {
  name: string
  ph: string
  ts: number
  dur?: number
  pid: number
  tid: number
  args?: { name?: string }
}

/** Main-thread time of the renderer spent per patch (every task between one patch and the next, timers included), ms. */
export async function mainThreadPerPatch(browser: Browser, server: RunningServer, fleet: Fleet, patches: number) {
  const page = await wallPage(browser)
  await page.goto(`${server.url}/wall`)
  await page.waitForSelector('[data-cluster-id]')
  await sleep(5_000)
  const cdp = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  cdp.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as unknown as TraceEvent[])))
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'toplevel', 'blink.user_timing'] },
  })
  await page.evaluate(() => {
    // the page itself says when a patch came: the revision on <html> changes with each
    new MutationObserver(() => performance.mark('patch')).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['data-revision'],
    })
  })
  const presses = new Presses()
  await pressAll(server, fleet, presses, { presses: patches, every: 120 })
  await sleep(500)
  const done = new Promise((finish) => cdp.once('Tracing.tracingComplete', finish))
  await cdp.send('Tracing.end')
  await done
  await page.context().close()
  return taskTimePerMark(events)
}

/** Sums the tasks of the thread that set the marks, mark by mark. */
export function taskTimePerMark(events: readonly TraceEvent[]) {
  const marks = events.filter((event) => event.name === 'patch').sort((a, b) => a.ts - b.ts)
  const thread = marks[0]
  if (!thread) return { patches: 0 }
  const own = events.filter((event) => event.pid === thread.pid && event.tid === thread.tid && event.dur)
  // one of the two, whichever this Chromium tells: they nest
  const name = own.some((event) => event.name === 'RunTask') ? 'RunTask' : 'ThreadControllerImpl::RunTask'
  const tasks = own.filter((event) => event.name === name).sort((a, b) => a.ts - b.ts)
  if (tasks.length === 0) throw new Error('The trace holds no tasks of the page: its main-thread time is not known')
  // a patch's own task ends after its mark: a task belongs to the mark that lies inside it or before it
  const sums = marks.map(() => 0)
  let m = -1
  for (const task of tasks) {
    while (m + 1 < marks.length && marks[m + 1]!.ts <= task.ts + task.dur!) m += 1
    if (m >= 0) sums[m]! += task.dur! / 1000
  }
  return { patches: marks.length, p50: percentile(sums, 0.5), p95: percentile(sums, 0.95), max: percentile(sums, 1) }
}

/** Live heap of the page, bytes, after collecting. */
async function heap(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('HeapProfiler.collectGarbage')
  return ((await cdp.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize
}

/** Live heap of the wall after `early` and after `late` patches, as many a second as the server gives one client. */
export async function heapGrowth(browser: Browser, server: RunningServer, fleet: Fleet, early: number, late: number) {
  const page = await wallPage(browser)
  await page.addInitScript(() => {
    const state = { patches: 0 }
    Object.assign(window, { patchCount: state })
    new MutationObserver(() => (state.patches += 1)).observe(document, {
      attributes: true,
      subtree: true,
      attributeFilter: ['data-revision'],
    })
  })
  await page.goto(`${server.url}/wall`)
  await page.waitForSelector('[data-cluster-id]')
  const cdp = await page.context().newCDPSession(page)
  const socket = await openFeed(server)
  socket.on('message', () => {})
  let n = 0
  const timer = setInterval(() => socket.send(JSON.stringify(help(fleet.helpButtons[n++ % fleet.helpButtons.length]!))), 25)
  const reached = async (count: number) => {
    while ((await page.evaluate(() => (window as unknown as { patchCount: { patches: number } }).patchCount.patches)) < count)
      await sleep(250)
    return heap(cdp)
  }
  const first = await reached(early)
  const last = await reached(late)
  clearInterval(timer)
  socket.close()
  await page.context().close()
  return { early, late, earlyMb: round(first / 1e6), lateMb: round(last / 1e6), growthMb: round((last - first) / 1e6) }
}
