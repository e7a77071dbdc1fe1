import type { Alert } from './alert.ts'

/** Cameras of a recorder begin here: its D2 speaks as channel 34. */
const RECORDER_OFFSET = 32

/**
 * `<mac>/<channel>`; a message of the device itself (channel 0 or none) is `<mac>`. A device known by its MAC or IP alone is one with one
 * channel. Without a MAC the IP stands for it, and without either the sender's own address.
 */
export function addressOf(
  { mac, ip, channel }: Pick<Alert, 'mac' | 'ip' | 'channel'>,
  remote: string | undefined,
): { address: string | undefined; aliases: string[] } {
  const hosts = [mac, ip].filter((host) => host !== undefined)
  if (hosts.length === 0 && remote !== undefined) hosts.push(remote)
  const names = hosts.flatMap((host) => namesOf(host, channel))
  return { address: names[0], aliases: [...new Set(names.slice(1))] }
}

function namesOf(host: string, channel: number | undefined): string[] {
  if (channel === undefined || channel === 0) return [host, `${host}/0`]
  if (channel === 1) return [`${host}/1`, host]
  return channel > RECORDER_OFFSET ? [`${host}/${channel}`, `${host}/${channel - RECORDER_OFFSET}`] : [`${host}/${channel}`]
}
