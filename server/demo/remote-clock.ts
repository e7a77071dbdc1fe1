import type { Millis } from '../../shared/status.ts'

/** The server's domain clock, as last asked; between two questions it runs on at its rate by this machine's own monotonic clock. */
export interface RemoteClock {
  now(): Millis
  rate(): number
  mode(): string
  ask(): Promise<void>
}

export async function askClock(baseUrl: string, monotonic: () => number = () => performance.now()): Promise<RemoteClock> {
  let anchor = { at: 0, mono: 0, rate: 1, mode: 'real' }
  const ask = async () => {
    const response = await fetch(`${baseUrl}/api/clock`)
    if (!response.ok) throw new Error(`GET /api/clock answered ${response.status}`)
    const { now, rate, mode } = (await response.json()) as { now: number; rate: number; mode: string }
    anchor = { at: now, mono: monotonic(), rate: mode === 'manual' ? 0 : rate, mode }
  }
  await ask()
  return { ask, now: () => anchor.at + (monotonic() - anchor.mono) * anchor.rate, rate: () => anchor.rate, mode: () => anchor.mode }
}
