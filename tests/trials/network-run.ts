import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import type { WallState } from '../../shared/wall.ts'
import { help, post } from '../support/events.ts'
import type { RunningServer } from '../support/server.ts'
import { openSession } from '../support/session.ts'
import type { DeadNetwork } from './dead-network.ts'

export interface Cut {
  how: 'dead' | 'closed'
  seconds: number
}
export interface CutResult extends Cut {
  /** ms from the cut until the screen says that it is not live */
  staleAfterMs: number
  said: string
  /** ms from the return until the screen is live and shows what the server has */
  equalAfterMs: number
  missed: number
  /** what else the machine did: its load over the last minute when the line was mended */
  load: number
}

/** What of the wall is held against the server's state. */
interface Shown {
  link: string
  revision: number
  alerts: string[]
  clusters: Record<string, string>
}

const readPage = (page: Page): Promise<Shown> =>
  page.evaluate(() => {
    const of = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)]
    return {
      link: document.documentElement.dataset.link ?? '',
      revision: Number(document.documentElement.dataset.revision),
      alerts: of('[data-alert-id]').map((element) => element.dataset.alertId!),
      clusters: Object.fromEntries(of('[data-cluster-id]').map(({ dataset }) => [dataset.clusterId!, dataset.state!])),
    }
  })

/** Opens the wall and notes, in the page's own time, when it calls itself live or not. */
export async function openWall(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await page.addInitScript(() => {
    const changes: { at: number; link: string | null }[] = []
    Object.assign(window, { linkChanges: changes })
    const note = () => void changes.push({ at: Date.now(), link: document.documentElement.getAttribute('data-link') })
    new MutationObserver(note).observe(document, { attributes: true, attributeFilter: ['data-link'], subtree: true })
  })
  await page.goto(`${url}/wall`)
  await page.waitForFunction(() => document.documentElement.dataset.link === 'live', undefined, { timeout: 30_000 })
  return page
}
const linkChanges = (page: Page) =>
  page.evaluate(() => (window as unknown as { linkChanges: { at: number; link: string | null }[] }).linkChanges)

export interface Setting {
  server: RunningServer
  network: DeadNetwork
  /** reaches the server through the network */
  page: Page
  /** reaches it directly: a screen that was never cut off */
  control?: Page
}

/** Cuts the line of a screen, lets buttons be pressed meanwhile, and mends it. */
export async function cutNetwork({ server, network, page, control }: Setting, buttons: readonly string[], cut: Cut): Promise<CutResult> {
  const begin = Date.now()
  network.become(cut.how)
  const before = (await wallOf(server)).revision
  for (const button of buttons) await post(server.url, server.feedKey, help(button))
  await sleep(Math.max(0, cut.seconds * 1000 - (Date.now() - begin)))
  const missed = (await wallOf(server)).revision - before
  const changes = (await linkChanges(page)).filter(({ at }) => at >= begin)
  const { link } = await readPage(page)
  if (link === 'live' || changes[0] === undefined)
    throw new Error(`the screen calls itself ${link} while it is cut off (${JSON.stringify(changes)})`)
  const load = Math.round(loadavg()[0]! * 10) / 10
  const back = Date.now()
  network.become('open')
  await untilEqual(page, control, server, 10_000)
  return { ...cut, staleAfterMs: changes[0].at - begin, said: link, equalAfterMs: Date.now() - back, missed, load }
}

const wallOf = (server: RunningServer) => openSession(server.url).get<WallState>('/api/wall')

/** Live, and equal to the server's state and to a screen that was never cut off, at one and the same moment. */
async function untilEqual(page: Page, control: Page | undefined, server: RunningServer, patience: number): Promise<void> {
  const end = Date.now() + patience
  for (;;) {
    const [state, shown, reference] = await Promise.all([wallOf(server), readPage(page), control && readPage(control)])
    const why = difference(state, shown, reference)
    if (why === '') return
    if (Date.now() > end) throw new Error(`the screen differs ${patience} ms after the return: ${why}`)
    await sleep(10)
  }
}

export function difference(state: WallState, shown: Shown, reference?: Shown): string {
  if (shown.link !== 'live') return `it says ${shown.link}`
  if (shown.revision !== state.revision) return `revision ${shown.revision} for ${state.revision}`
  const open = new Set(state.alerts.map(({ id }) => id))
  const strange = shown.alerts.filter((id) => !open.has(id))
  if (strange.length > 0) return `it shows ${strange.join(', ')}, which are not open`
  if (open.size > 0 && shown.alerts.length === 0) return 'it shows no alert'
  if (reference && shown.alerts.join() !== reference.alerts.join()) return `alerts ${shown.alerts} for ${reference.alerts}`
  const wrong = state.clusters.filter(({ id, state }) => shown.clusters[id] !== state)
  return wrong.length === 0 ? '' : `clusters ${wrong.map(({ id, state }) => `${id} ${shown.clusters[id]} for ${state}`).join(', ')}`
}
