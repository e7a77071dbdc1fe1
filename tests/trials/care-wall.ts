import type { Browser } from 'playwright-core'
import type { Alert } from '../../shared/alert.ts'
import { round } from '../bench/care/score.ts'
import { openWall } from './network-run.ts'

/** ms of real time within which the wall has to show an alert */
const PATIENCE = 5_000

/** A wall in a browser that notes when each alert's element came into the page. */
export async function watchWall(browser: Browser, url: string) {
  const page = await openWall(browser, url)
  await page.evaluate(() => {
    const seen: Record<string, number> = {}
    Object.assign(window, { alertsSeen: seen })
    const note = () => {
      for (const element of document.querySelectorAll<HTMLElement>('[data-alert-id]')) seen[element.dataset.alertId!] ??= Date.now()
    }
    note()
    new MutationObserver(note).observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['data-alert-id'],
    })
  })
  const delays: number[] = []
  return {
    /** @throws when the page does not show it in time; `answered`: ms of the machine's clock */
    async mustShow({ id }: Alert, answered: number) {
      const handle = await page.waitForFunction(
        (wanted) => (window as unknown as { alertsSeen: Record<string, number> }).alertsSeen[wanted],
        id,
        { timeout: PATIENCE, polling: 10 },
      )
      delays.push(Math.max(0, (await handle.jsonValue())! - answered))
    },
    figures() {
      const sorted = delays.toSorted((a, b) => a - b)
      const at = (part: number) => round(sorted[Math.floor(part * (sorted.length - 1))] ?? 0, 0)
      return { alertsShown: sorted.length, afterTheAnswerMs: { median: at(0.5), p95: at(0.95), greatest: at(1) } }
    },
  }
}
