/** The heartbeat of an Osborne-Hoffman receiver: no CRC, no length, zeros where others write spaces, LF and CR or neither. */
const HEARTBEAT = /^\n?SR(\d{4})L(\d{4})[\s\0]+([0-9A-Za-z]{8})[\s\0]+\[ID([0-9A-Za-z]+)\]\r?/

export interface OhHeartbeat {
  /** without the two letters that pad it */
  account: string
  length: number
}

export function readOhHeartbeat(text: string): OhHeartbeat | undefined {
  const found = HEARTBEAT.exec(text)
  return found ? { account: found[3]!.replace(/X+$/, '').toUpperCase(), length: found[0].length } : undefined
}
