import type { Session } from './session.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const LOCAL = 480 * MINUTE

export const clockOf = async (session: Session) => (await session.get<{ now: number }>('/api/clock')).now
export const advance = (session: Session, seconds: number) => session.ask<{ now: number }>('POST', '/api/clock', { advance: seconds })

/** To the next time that the community's clocks show this hour on a weekday from Monday to Friday; ms. */
export async function goTo(session: Session, hour: number, minute = 0): Promise<number> {
  const now = await clockOf(session)
  const local = new Date(now + LOCAL)
  let target = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate(), hour, minute) - LOCAL
  while (target <= now || [0, 6].includes(new Date(target + LOCAL).getUTCDay())) target += DAY
  await advance(session, (target - now) / 1000)
  return target
}
