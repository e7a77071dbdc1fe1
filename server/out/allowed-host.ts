import { isIP } from 'node:net'

/**
 * Whether a subscription may be sent to: https, and a host of the administrator's list (`*.push.apple.com` stands for what lies below it).
 * Plain http only to the own machine, where tests listen.
 */
export function isAllowedPush(endpoint: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, host, hostname, username } = new URL(endpoint)
  const own = hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'))
  if (username !== '' || (protocol !== 'https:' && !(protocol === 'http:' && own))) return false
  return hosts.some((entry) => {
    const wanted = entry.toLowerCase()
    return wanted.startsWith('*.') ? hostname.endsWith(wanted.slice(1)) : wanted === host || wanted === hostname
  })
}
