import type { SourceContext } from '../../../shared/arrival.ts'
import type { Device } from '../../../shared/device.ts'
import type { SignalData } from '../../../shared/signal.ts'
import { localMinute } from './camera-rules.ts'
import type { DahuaUpload } from './dahua-body.ts'
import { ruledEvent } from './ruled-event.ts'

type Sight = SignalData['linwang.camera'] & { object?: string; rule?: string; regions?: string[]; channel?: number }
interface Seen {
  event: DahuaUpload
  /** the code without its underscores */
  code: string
  /** what the vendor's code means when the camera has no rule for it */
  meaning: string
  /** names in it may be people's */
  personal: boolean
  time: number
}

/** What a camera saw. A rule of its own for the object, the vendor's rule or the code decides before the vendor's meaning does. */
export function sightOf({ event, code, meaning, personal, time }: Seen, camera: Device | undefined, context: SourceContext): Sight {
  const object = objectOf(code, event.data)
  const rule = personal ? undefined : word(event.data.Name)
  const regions = personal ? [] : wordsOf(event.data.RegionName)
  const zones = [...(rule === undefined ? [] : [rule]), ...regions]
  const active = ACTIVE[event.action]
  return {
    event: ruledEvent([object, code], zones, camera, localMinute(time, context.utcOffset)) ?? meaning,
    label: code,
    ...(active !== undefined && { active }),
    ...(object !== undefined && { object }),
    ...(rule !== undefined && { rule }),
    ...(regions.length > 0 && { regions }),
    ...(event.index !== undefined && { channel: event.index }),
  }
}

/** A pulse is a moment: it has no end. */
export const ACTIVE: Readonly<Record<string, boolean | undefined>> = { Start: true, Stop: false }

const OBJECTS: Readonly<Record<string, string>> = {
  Human: 'person',
  HumanFace: 'person',
  Vehicle: 'vehicle',
  NonMotor: 'bicycle',
  Animal: 'animal',
}

function objectOf(code: string, data: DahuaUpload['data']): string | undefined {
  if (code === 'SmartMotionHuman') return 'person'
  if (code === 'SmartMotionVehicle') return 'vehicle'
  const first = data.Object ?? (Array.isArray(data.Objects) ? data.Objects[0] : undefined)
  const type = word((first as { ObjectType?: unknown } | null | undefined)?.ObjectType ?? data.ObjectType)
  return type === undefined || type === 'Unknown' ? undefined : (OBJECTS[type] ?? type.toLowerCase())
}

const word = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 100) : undefined)
const wordsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.flatMap((one) => word(one) ?? []).slice(0, 16) : word(value) === undefined ? [] : [word(value)!]
