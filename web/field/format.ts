import type { MyOrder } from '../../shared/my-orders.ts'
import { t, word } from '../i18n/index.ts'
import { lengthText, shortTime, type TimeUnit } from '../ui/time.ts'
import { useWorker } from './useWorker.ts'

/** 12:05; 昨天的加日期 */
export function clockText(at: number): string {
  const { offset, now } = useWorker()
  const day = (ms: number) => Math.floor((ms + offset * 60_000) / 86_400_000)
  const time = shortTime(at, offset)
  if (day(at) === day(now())) return time
  const date = new Date(at + offset * 60_000)
  return `${date.getUTCMonth() + 1}-${date.getUTCDate()} ${time}`
}
/** of the phone's own clock */
export const phoneTime = (at: number) => new Date(at).toTimeString().slice(0, 5)

export const spanText = (ms: number) => lengthText(ms, (unit: TimeUnit) => t(`unit.${unit}`))

export const kindText = (order: Pick<MyOrder, 'kind' | 'kindName'>) => order.kindName ?? word('kind', order.kind)
/** What an errand is called: kind and place as they were known when it was done. */
export function titleText(title: string): string {
  const [kind = '', place = ''] = title.split('|')
  return `${word('kind', kind)} ${place}`.trim()
}
