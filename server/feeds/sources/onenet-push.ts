import type { DeviceKind } from '../../../shared/device.ts'
import { fieldsOf, passedThrough, type Told } from './ctwing-message.ts'
import { type Fields, isFields } from './json-text.ts'
import { numberOf } from './nbiot-reading.ts'
import { readResource } from './onenet-resource.ts'

export interface OnenetSaid extends Told {
  /** as the platform wrote it */
  at: unknown
}

/** One message of a push; undefined: understood, and nothing to us. */
export function readPush(message: Fields, kind: DeviceKind | undefined): OnenetSaid | undefined {
  if (typeof message.notifyType === 'string') return readNotification(message, kind)
  const { type, at } = message
  switch (numberOf(type)) {
    case 1:
      return { at, ...datapointOf(message, kind) }
    case 2:
      return { at, ...onlineOf(message.status) }
    case 7:
      return undefined
    default:
      return { at, ...flaw(`type ${JSON.stringify(type)?.slice(0, 40)} is none of 1 (datapoint), 2 (on line), 7 (answer)`, '/type') }
  }
}

const flaw = (detail: string, where: string): Told => ({ readings: [], flaw: { detail, where } })

function onlineOf(status: unknown): Told {
  const online = status === 'online' ? 1 : status === 'offline' ? 0 : numberOf(status)
  if (online !== 0 && online !== 1)
    return flaw(`status ${JSON.stringify(status)?.slice(0, 40)} is neither 1 (online) nor 0 (offline)`, '/status')
  return { readings: [{ type: 'linwang.heartbeat', data: { online: online === 1 } }] }
}

/** `ds_id` is a resource of LwM2M (object_instance_resource) or a stream that the product named; `value` a number, a text, hex or an object. */
function datapointOf({ ds_id: stream, value }: Fields, kind: DeviceKind | undefined): Told {
  if (typeof stream !== 'string' || stream === '') return flaw('the datapoint has no ds_id', '/ds_id')
  const resource = readResource(stream, value, kind)
  if (resource) return { readings: resource }
  if (isFields(value)) return fieldsOf(value, kind, '/value')
  const named = fieldsOf({ [stream]: value }, kind, '')
  if (!named.flaw) return named
  if (typeof value === 'string' && numberOf(value) === undefined) return within(passedThrough(value, kind, '/value'), stream)
  return flaw(`nobody has said what stream ${stream.slice(0, 60)} of this product means`, '/ds_id')
}

const within = (told: Told, stream: string): Told =>
  told.flaw ? { ...told, flaw: { ...told.flaw, detail: `stream ${stream.slice(0, 60)}: ${told.flaw.detail}` } } : told

/** The newer platform: a notification of properties, of an event, or of the life of a device. */
function readNotification(message: Fields, kind: DeviceKind | undefined): OnenetSaid | undefined {
  const data = isFields(message.data) ? message.data : {}
  const at = message.at ?? data.time ?? message.time
  if (message.notifyType === 'lifeCycle') return { at, ...onlineOf(data.status ?? message.status) }
  if (message.notifyType !== 'property' && message.notifyType !== 'event') return undefined
  const params = isFields(data.params) ? data.params : data
  const values = Object.fromEntries(Object.entries(params).map(([name, one]) => [name, isFields(one) && 'value' in one ? one.value : one]))
  const times = Object.values(params)
    .map((one) => (isFields(one) ? numberOf(one.time) : undefined))
    .filter((time) => time !== undefined)
  return { at: times.length > 0 ? Math.max(...times) : at, ...fieldsOf(values, kind, '/data/params') }
}
