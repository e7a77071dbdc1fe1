/** Words of time on the wall. All times are domain milliseconds; `offset` is the community's minutes east of UTC. */
export type TimeUnit = 'day' | 'hour' | 'minute' | 'second'
export interface TimePart {
  n: string
  unit: TimeUnit
}

const two = (n: number) => String(n).padStart(2, '0')

/** A length of time in its two largest units, so that 3:41 can never be read as minutes. */
export function lengthParts(ms: number): TimePart[] {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [d, h, m, s] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  if (d)
    return [
      { n: String(d), unit: 'day' },
      { n: String(h), unit: 'hour' },
    ]
  if (h)
    return [
      { n: String(h), unit: 'hour' },
      { n: two(m), unit: 'minute' },
    ]
  if (m)
    return [
      { n: String(m), unit: 'minute' },
      { n: two(s), unit: 'second' },
    ]
  return [{ n: String(s), unit: 'second' }]
}

export const lengthText = (ms: number, unit: (unit: TimeUnit) => string) =>
  lengthParts(ms)
    .map((part) => `${Number(part.n)}${unit(part.unit)}`)
    .join('')

/** The same, rounded to one unit: what a median is read as. */
export function roughParts(seconds: number): TimePart {
  if (seconds < 100) return { n: String(Math.round(seconds)), unit: 'second' }
  if (seconds < 100 * 60) return { n: String(Math.round(seconds / 60)), unit: 'minute' }
  return { n: (seconds / 3600).toFixed(1), unit: 'hour' }
}

const local = (at: number, offset: number) => new Date(at + offset * 60_000)
export const clockTime = (at: number, offset: number) => local(at, offset).toISOString().slice(11, 19)
export const shortTime = (at: number, offset: number) => local(at, offset).toISOString().slice(11, 16)

/** Local days from the day of `at` to the day of `now`. */
export const daysBetween = (at: number, now: number, offset: number) =>
  Math.floor((now + offset * 60_000) / 86_400_000) - Math.floor((at + offset * 60_000) / 86_400_000)

export function calendar(at: number, offset: number) {
  const day = local(at, offset)
  return { month: day.getUTCMonth() + 1, day: day.getUTCDate(), weekday: day.getUTCDay() }
}
/** Which of the 48 half hours of the local day this is. */
export function halfHour(at: number, offset: number) {
  const day = local(at, offset)
  return day.getUTCHours() * 2 + (day.getUTCMinutes() >= 30 ? 1 : 0)
}
export const minutesText = (minutes: number) => `${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes % 60))}`
