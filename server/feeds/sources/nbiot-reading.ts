import type { DeviceKind } from '../../../shared/device.ts'
import type { SignalDraft } from '../../../shared/signal.ts'

export type { Fields } from './json-text.ts'

/** One thing that a terminal says; who says it and when is known elsewhere. */
export interface Reading {
  type: SignalDraft['type']
  data: Record<string, unknown>
  /** a simulated alarm */
  test?: boolean
  /** a part of the terminal that speaks for itself: a detector behind a transmission device */
  part?: string
}

export const hazard = (code: string, active: boolean, more: object = {}): Reading => ({
  type: 'linwang.hazard',
  data: { hazard: code, active, ...more },
})
export const heartbeat = (more: object = {}): Reading => ({ type: 'linwang.heartbeat', data: { online: true, ...more } })

/** Alarm_Status, alarm-status and alarmStatus are one name. */
export const nameOf = (field: string) => field.toLowerCase().replace(/[^a-z0-9]/g, '')

export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

const YES = new Set(['true', 'on', 'alarm', 'yes', '报警', '告警'])
const NO = new Set(['false', 'off', 'normal', 'no', '正常'])

/** 1…`most` is an alarm, 0 is none; undefined: it says something else */
export function activity(value: unknown, most: number): boolean | undefined {
  if (typeof value === 'boolean') return value
  const number = numberOf(value)
  if (number !== undefined) return number === 0 ? false : Number.isInteger(number) && number > 0 && number <= most ? true : undefined
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  return YES.has(word) ? true : NO.has(word) ? false : undefined
}

/** What a detector of this kind detects. */
export const DETECTS: Readonly<Partial<Record<DeviceKind, string>>> = { smoke: 'smoke', gas: 'gas', leak: 'leak' }
