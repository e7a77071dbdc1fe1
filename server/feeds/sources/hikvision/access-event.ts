import type { SignalDraft } from '../../../../shared/signal.ts'
import { type AccessMeaning, accessMeaning } from './access-codes.ts'
import { addressOf } from './address.ts'
import type { Alert } from './alert.ts'
import { commonOf, momentOf, ownWords, type Setting } from './draft.ts'
import { listAt, numberAt, type Tree, textAt } from './fields.ts'

export const ACCESS = 'AccessControllerEvent'
export const isAccessEvent = ({ tree, eventType }: Alert) => eventType === ACCESS || listAt(tree, ACCESS).length > 0

type Told = Pick<SignalDraft, 'type' | 'data'>

/**
 * A door, a card reader or a face terminal. Who it was is told by `employeeNoString` and only when a resident is registered so; names, cards
 * and pictures go no further than this. MAC and serial number make the identity, so that a stored event sent again is the same one.
 */
export function accessEvent(alert: Alert, setting: Setting): SignalDraft {
  const { arrival, feed, pictures } = setting
  const event = listAt(alert.tree, ACCESS)[0]
  const door = numberAt(event, 'doorNo')
  const names = addressOf({ ...alert, channel: door ?? alert.channel ?? 1 }, arrival.remote)
  const major = numberAt(event, 'majorEventType') ?? numberAt(event, 'major')
  const minor = numberAt(event, 'subEventType') ?? numberAt(event, 'minor')
  const serial = textAt(event, 'serialNo')
  const id = `${alert.mac ?? names.address ?? '-'}/acs/${serial ?? `-/${major}/${minor}`}/${momentOf(alert, setting)}`
  const { type, data } = told(accessMeaning(major, minor), event, names.address, setting)
  const words = { ...ownWords(alert, pictures), code: `${major ?? '-'}/${minor ?? '-'}`, ...(door !== undefined && { door }) }
  return { ...commonOf(alert, names, id, feed), type, data: { ...data, ...words } } as SignalDraft
}

function told(meaning: AccessMeaning | undefined, event: Tree, address: string | undefined, setting: Setting): Told {
  if (!meaning) return { type: 'linwang.heartbeat', data: { online: true } }
  if ('contact' in meaning) return { type: 'linwang.contact', data: meaning.contact }
  if ('tamper' in meaning) return { type: 'linwang.hazard', data: { hazard: 'tamper', active: meaning.tamper } }
  if ('hazard' in meaning) return hazard(meaning.hazard)
  if ('button' in meaning) return { type: 'linwang.passage', data: { direction: 'out', granted: true } }
  const data = {
    direction: directionOf(event, address, setting),
    ...meaning.passage,
    ...residentOf(event, meaning.passage.granted, setting),
  }
  return { type: 'linwang.passage', data }
}

/** A danger of which nobody says the end is active until people have seen to it. */
const hazard = ({ hazard, active }: { hazard: string; active: boolean | undefined }): Told => ({
  type: 'linwang.hazard',
  data: { hazard, active: active ?? true, ...(active === undefined && { endUnknown: true }) },
})

const ATTENDANCE: Readonly<Record<string, 'in' | 'out'>> = {
  checkin: 'in',
  breakin: 'in',
  overtimein: 'in',
  checkout: 'out',
  breakout: 'out',
  overtimeout: 'out',
}

/** A rule of the register (label `reader`, zone = reader number, event `in` or `out`), what the terminal says, or the reader: odd ones look outside. */
function directionOf(event: Tree, address: string | undefined, { context, feed }: Setting): 'in' | 'out' | 'unknown' {
  const reader = numberAt(event, 'cardReaderNo')
  const rules = address === undefined ? undefined : context.device(feed, address)?.rules
  const rule = rules?.find(({ label, zone }) => label === 'reader' && (zone === undefined || zone === `${reader}`))?.event
  if (rule === 'in' || rule === 'out') return rule
  const said = ATTENDANCE[textAt(event, 'attendanceStatus')?.toLowerCase() ?? '']
  if (said) return said
  return reader === undefined || reader < 1 ? 'unknown' : reader % 2 === 1 ? 'in' : 'out'
}

function residentOf(event: Tree, granted: boolean, { context }: Setting): { residentId?: string } {
  const residentId = textAt(event, 'employeeNoString') ?? textAt(event, 'employeeNo')
  return granted && residentId !== undefined && context.resident?.(residentId) ? { residentId } : {}
}
