/** CRC-16/ARC (polynomial A001 reflected, start 0), as DC-09 counts it over the bytes from the first '"' up to the CR. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]!) & 0xff]!
  return crc
}

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  return crc
})

/** Four hexadecimal digits, upper case. */
export const hex4 = (value: number) => value.toString(16).toUpperCase().padStart(4, '0')
