import type { AlertView } from '../../shared/wall.ts'
import { t, word } from '../i18n/index.ts'
import { shortTime } from './time.ts'

type Clauses = (evidence: AlertView['evidence'], time: (value: unknown) => string) => string[]

/** Before this hour the night is the early morning (凌晨). */
const EARLY_FROM = '00:00'
const EARLY_TO = '06:00'

/** Why somebody is asked after, by the kind of the alert: what the detectors of people's lives and meters found. */
const BY_KIND: Record<string, Clauses> = {
  'night-out': ({ since, outMinutes, by, usuallyHome }, time) => [
    t(time(since) >= EARLY_FROM && time(since) < EARLY_TO ? 'why.earlyMorning' : 'why.lateNight', { time: time(since) }),
    ...(usuallyHome ? [t('why.usuallyHome')] : []),
    ...(by === 'door' ? [t('why.stillInside')] : []),
    t('why.notBack', { n: outMinutes }),
  ],
  'room-stay': ({ since, room, stayMinutes, usualMinutes }, time) => [
    t('why.inRoom', { time: time(since), room: word('room', String(room)), n: stayMinutes }),
    ...(usualMinutes ? [t('why.usualStay', { n: usualMinutes })] : []),
  ],
  'child-alone': ({ since, aloneMinutes }, time) => [t('why.childAlone', { time: time(since) }), t('why.aloneFor', { n: aloneMinutes })],
  'water-flow': ({ reason, hours, litres }) => [t(reason === 'burst' ? 'why.burst' : 'why.nightFlow', { n: hours, litres })],
  'water-use': ({ used, usualUse }) => [t('why.waterUse', { used, usual: usualUse })],
  'power-use': ({ used, usualUse }) => [t('why.powerUse', { used, usual: usualUse })],
  'low-water': ({ hours, litres, limit }) => [t('why.lowWater', { n: hours, litres, limit })],
  'no-door': ({ hours }) => [t('why.noDoor', { n: hours })],
  'button-test': ({ buttons, days }) => [t('why.buttonTest', { n: buttons, days })],
}

export const hasOwnClauses = ({ kind }: Pick<AlertView, 'kind'>): boolean => Object.hasOwn(BY_KIND, kind)

export const careClauses = ({ kind, evidence }: Pick<AlertView, 'kind' | 'evidence'>, offset: number): string[] =>
  BY_KIND[kind]!(evidence, (value) => (typeof value === 'number' ? shortTime(value, offset) : ''))
