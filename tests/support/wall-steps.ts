import type { Page } from 'playwright-core'

export interface Shown {
  state: string
  /** ms of the machine's clock */
  at: number
}

/** Notes when an order's row came to show each of its states, and when it went. */
export async function watchSteps(wall: Page): Promise<void> {
  await wall.waitForFunction(() => document.documentElement.dataset.link === 'live', undefined, { timeout: 60_000 })
  await wall.evaluate(() => {
    const steps: Record<string, { state: string; at: number }[]> = {}
    Object.assign(window, { orderSteps: steps })
    const note = () => {
      const shown = new Set<string>()
      for (const { dataset } of document.querySelectorAll<HTMLElement>('[data-order-id][data-order-state]')) {
        shown.add(dataset.orderId!)
        steps[dataset.orderId!] ??= []
        const own = steps[dataset.orderId!]!
        if (own.at(-1)?.state !== dataset.orderState) own.push({ state: dataset.orderState!, at: Date.now() })
      }
      for (const [id, own] of Object.entries(steps))
        if (!shown.has(id) && own.at(-1)?.state !== 'gone') own.push({ state: 'gone', at: Date.now() })
    }
    new MutationObserver(note).observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['data-order-state', 'data-order-id'],
    })
  })
}

export const stepsOnWall = (wall: Page, orderId: string): Promise<Shown[]> =>
  wall.evaluate((id) => (window as unknown as { orderSteps: Record<string, Shown[]> }).orderSteps[id] ?? [], orderId)
