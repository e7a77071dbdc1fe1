import type { Arrival } from '../../shared/arrival.ts'
import type { PackedArrivals } from './protocol.ts'

/** Many small messages cross the threads as one slab: transferring a buffer each costs more than copying it. */
export function packArrivals(arrivals: Arrival[]): PackedArrivals {
  const slab = new Uint8Array(arrivals.reduce((sum, arrival) => sum + arrival.bytes.byteLength, 0))
  let offset = 0
  const heads = arrivals.map(({ bytes, ...rest }) => {
    slab.set(bytes, offset)
    offset += bytes.byteLength
    return { length: bytes.byteLength, rest }
  })
  return { slab, heads }
}

/** Views into the slab, nothing is copied. */
export function unpackArrivals({ slab, heads }: PackedArrivals): Arrival[] {
  let offset = 0
  return heads.map(({ length, rest }) => {
    const bytes = slab.subarray(offset, offset + length)
    offset += length
    return { ...rest, bytes }
  })
}
