import type { AlertView, OrderView } from '../../shared/wall.ts'
import { t, word } from '../i18n/index.ts'
import { isEquipment } from './alerts.ts'
import { careClauses, hasOwnClauses } from './care-clauses.ts'
import { silenceWords, timeOf } from './silence-words.ts'
import { clockTime, lengthText, minutesText, shortTime, type TimeUnit } from './time.ts'

const unit = (name: TimeUnit) => t(`unit.${name}`)
export const lengthWords = (ms: number) => lengthText(ms, unit)

/** What people reported is a kind of the register, which names it. */
export const kindWord = (kind: string, name?: string) => name ?? word('kind', kind)

/** 张*芳 78 岁 独居, or the matter and its place when it is about nobody in particular. */
export const personWords = (alert: Pick<AlertView, 'person' | 'livingAlone'>) => {
  if (!alert.person) return ''
  const age = alert.person.age > 0 ? t('need.age', { n: alert.person.age }) : ''
  return [alert.person.name, age, alert.livingAlone ? t('need.alone') : ''].filter(Boolean).join(' ')
}

export function stateWords(alert: AlertView, offset: number) {
  return t(`alertState.${alert.state}`, { time: alert.shelvedUntil ? shortTime(alert.shelvedUntil, offset) : '' })
}

/** Who is on it and how far: 陈*明 路上. */
export function workerWords(alert: AlertView) {
  if (!alert.orderState) return t('worker.none')
  return t(`worker.${alert.orderState}`, { name: alert.worker ?? t('worker.someone') }).trim()
}

const number = (value: unknown) => (typeof value === 'number' ? value : undefined)
/** A time of day as the evidence has it: a text, minutes of the day, or ms; one of another day than the alert's says so. */
const clock = (value: unknown, offset: number, alert?: AlertView) => {
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return undefined
  if (value < 1440) return minutesText(value)
  return alert ? timeOf(value, alert.lastAt, offset) : shortTime(value, offset)
}

const PANEL_CAUSES: ReadonlySet<unknown> = new Set(['medical', 'emergency', 'panic', 'duress'])

/** Evidence is data of the detector; each entry that is known gives a clause, the rest is shown in the side panel. */
const CLAUSES: ((evidence: AlertView['evidence'], alert: AlertView, offset: number) => string | undefined)[] = [
  (e, _a, o) => (clock(e.homeBy, o) ? t('why.homeBy', { time: clock(e.homeBy, o) }) : undefined),
  (e, a, o) => (clock(e.outSince, o) ? t('why.outSince', { time: clock(e.outSince, o, a) }) : undefined),
  (e, a) => (a.kind === 'welfare-check' ? t(e.reason === 'away' ? 'why.away' : 'why.blind') : undefined),
  (e, a, o) =>
    a.kind === 'not-returned' ? (clock(e.backBy, o) ? t('why.backBy', { time: clock(e.backBy, o) }) : t('why.away')) : undefined,
  (e, a) => (a.kind === 'help' ? t(`why.${PANEL_CAUSES.has(e.cause) ? e.cause : 'pressed'}`) : undefined),
  (e, a) => (a.kind === 'device-silent' && typeof e.device === 'string' ? word('device', e.device) : undefined),
  (e, a, o) => (isEquipment(a) && number(e.since) ? t('why.lastHeard', { time: clockTime(number(e.since)!, o) }) : undefined),
  (e, a) => (isEquipment(a) && number(e.devices) ? t('why.devices', { n: e.devices }) : undefined),
  (e) => (number(e.battery) === undefined ? undefined : t('why.battery', { n: number(e.battery) })),
  (_e, a) => (a.kind.startsWith('hazard.') ? t('why.sensor') : undefined),
  (_e, a) => (a.kind.startsWith('camera.') && a.deviceId ? t('why.cameraUnit', { name: a.deviceId.toUpperCase() }) : undefined),
  (e) => (number(e.confidence) === undefined ? undefined : t('why.confidence', { n: Math.round(number(e.confidence)! * 100) })),
  (_e, a) => (a.count > 1 ? t('why.repeated', { n: a.count }) : undefined),
]

/** With `now` a length that the alert speaks of runs on. */
export function why(alert: AlertView, offset: number, now?: number) {
  if (alert.kind === 'inactivity') return silenceWords(alert, offset, now)
  if (hasOwnClauses(alert)) return careClauses(alert, offset).join(' · ')
  const clauses = CLAUSES.map((clause) => clause(alert.evidence, alert, offset))
  return clauses.filter((clause) => clause !== undefined).join(' · ')
}

export const orderWords = (order: Pick<OrderView, 'kind' | 'name' | 'place'>) => `${order.name ?? orderTask(order.kind)} ${order.place}`
function orderTask(kind: string) {
  const task = word('orderKind', kind)
  return task === kind ? kindWord(kind) : task
}

/** What a line of the record says happened: order.dispatched → 派单. */
export const whatWord = (what: string) => word('what', what)
