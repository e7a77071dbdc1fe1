import type { Arrival } from '../../../shared/arrival.ts'
import type { Callers } from './callers.ts'
import type { DahuaUpload } from './dahua-body.ts'

/**
 * A feed that we attach to is one device: its channel `<index>` (also `<feed>/<index>`, and `<feed>` for channel 0). Whoever uploads to us is
 * `<serial or MAC>/<index>`, without one `<ip>/<index>` (also `<index>`); the index may be left out for channel 0. A wired input is
 * `<…>in-<index>`, or else the channel of that number; what a device says of itself goes to its channel 0.
 */
export function channelOf(arrival: Arrival, serial: string | undefined, index: number): Callers {
  const base = baseOf(arrival, serial)
  const feed = arrival.feed ?? 'dahua'
  if (base === undefined) return { address: `${index}`, aliases: [`${feed}/${index}`, ...(index === 0 ? [feed] : [])] }
  return { address: `${base}/${index}`, aliases: [...(index === 0 ? [base] : []), ...(serial === undefined ? [`${index}`] : [])] }
}

export function inputOf(arrival: Arrival, serial: string | undefined, index: number): Callers {
  const base = baseOf(arrival, serial)
  const { address, aliases } = channelOf(arrival, serial, index)
  const input = `in-${index}`
  return {
    address: base === undefined ? input : `${base}/${input}`,
    aliases: [...(base === undefined ? [] : [input]), address, ...aliases],
  }
}

/** undefined: the feed is the device */
function baseOf({ transport, remote }: Arrival, serial: string | undefined): string | undefined {
  if (transport !== 'http') return undefined
  return serial ?? remote?.replace(/^::ffff:/, '')
}

/** A door's number counts before the channel's. */
export const doorNumber = ({ data, index }: DahuaUpload): number => {
  const door = Number(data.Door ?? Number.NaN)
  return Number.isInteger(door) && door >= 0 && door < 10_000 ? door : (index ?? 0)
}
