import { readFileSync } from 'node:fs'

/** Milliseconds on a clock that all processes and pages of this machine share, with fractions. */
export const sharedNow = () => performance.timeOrigin + performance.now()

export const sleep = (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms))

/** The value below which a share `p` of the samples lies; null without samples. */
export function percentile(samples: readonly number[], p: number): number | null {
  if (samples.length === 0) return null
  const sorted = [...samples].sort((a, b) => a - b)
  return round(sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]!)
}

export const median = (samples: readonly number[]) => percentile(samples, 0.5)
export const round = (value: number, digits = 2) => Number(value.toFixed(digits))

export const spread = (samples: readonly number[]) => ({
  n: samples.length,
  p50: percentile(samples, 0.5),
  p95: percentile(samples, 0.95),
  p99: percentile(samples, 0.99),
  max: samples.length === 0 ? null : round(Math.max(...samples)),
})

/** Asks each question so often, in turns, so that none finds a warmer server than the others; what `ask` measures, by name. */
export async function inTurns(questions: Readonly<Record<string, string>>, times: number, ask: (question: string) => Promise<number>) {
  const samples = Object.fromEntries(Object.keys(questions).map((name) => [name, [] as number[]]))
  for (let i = 0; i < times; i++) for (const [name, question] of Object.entries(questions)) samples[name]!.push(await ask(question))
  return samples
}

/** Resident memory of a process, MB (Linux). */
export function residentMb(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)
  return line ? round(Number(line[1]) / 1024, 0) : Number.NaN
}

/** Highest resident memory so far, MB (Linux). */
export function peakMb(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)
  return line ? round(Number(line[1]) / 1024, 0) : Number.NaN
}

/** Processor time of a process so far, s (Linux, which counts in hundredths). */
export function cpuSeconds(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(11, 13)
  return (Number(user) + Number(system)) / 100
}
