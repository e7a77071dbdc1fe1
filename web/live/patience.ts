/** A timer that is later than this, ms, tells of a page that was held up, not of a silent server. */
export const LATE = 150

/** `act` after `ms`; when the page was held up meanwhile, what waits for it is heard first. Gives the way to call it off. */
export function patience(ms: number, act: () => void): () => void {
  const due = performance.now() + ms
  let timer = setTimeout(() => {
    if (performance.now() - due < LATE) act()
    else timer = setTimeout(act, LATE)
  }, ms)
  return () => clearTimeout(timer)
}
