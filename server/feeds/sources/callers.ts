import type { SourceContext } from '../../../shared/arrival.ts'
import type { Device } from '../../../shared/device.ts'

/** What the register may call who spoke: the one that quarantine shows, and others that will do. */
export interface Callers {
  address: string
  aliases: string[]
}

/** The first of the names that the register has. */
export function knownAs({ address, aliases }: Callers, feed: string, context: SourceContext): Device | undefined {
  for (const name of [address, ...aliases]) {
    const device = context.device(feed, name)
    if (device) return device
  }
  return undefined
}
