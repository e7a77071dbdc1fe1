import { BlockList, isIP } from 'node:net'

/** `192.168.1.7`, `10.0.0.0/8`, `fd00::/8` */
export interface AllowList {
  has(address: string | undefined): boolean
}

const EVERYBODY: AllowList = { has: () => true }

/** What is no address is left out: it was refused when the feed was changed. An empty list lets everybody speak. */
export function createAllowList(entries: readonly string[] | undefined): AllowList {
  if (!entries || entries.length === 0) return EVERYBODY
  const list = new BlockList()
  for (const entry of entries) addTo(list, entry)
  return {
    has(address) {
      const version = isIP(address ?? '')
      return version !== 0 && list.check(address!, version === 4 ? 'ipv4' : 'ipv6')
    },
  }
}

/** Whether an entry can be understood. */
export const isAddressOrBlock = (entry: string): boolean => addTo(new BlockList(), entry)

function addTo(list: BlockList, entry: string): boolean {
  const [address = '', bits, more] = entry.trim().split('/')
  const version = isIP(address)
  if (version === 0 || more !== undefined) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  if (bits === undefined) {
    list.addAddress(address, family)
    return true
  }
  const length = Number(bits)
  if (!/^\d{1,3}$/.test(bits) || length > (version === 4 ? 32 : 128)) return false
  list.addSubnet(address, length, family)
  return true
}

/** An IPv4 sender on a socket of both kinds shows as ::ffff:10.0.0.7. */
export const plainAddress = (address: string): string => (/^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address)
