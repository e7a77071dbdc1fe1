import type { QuarantinedMessage } from '../../../shared/quarantine.ts'

export function bytesOf({ body, encoding }: Pick<QuarantinedMessage, 'body' | 'encoding'>): Uint8Array {
  return encoding === 'utf-8' ? new TextEncoder().encode(body) : Uint8Array.from(atob(body), (character) => character.charCodeAt(0))
}

export interface HexCell {
  at: number
  hex: string
  /** empty when it is no printable ASCII */
  ascii: string
}

/** Rows of sixteen, as every hex viewer has them. */
export function hexRows(bytes: Uint8Array, most: number): { offset: number; cells: HexCell[] }[] {
  const rows = []
  for (let offset = 0; offset < Math.min(bytes.length, most); offset += 16) {
    const cells = [...bytes.subarray(offset, offset + 16)].map((byte, i) => ({
      at: offset + i,
      hex: byte.toString(16).padStart(2, '0'),
      ascii: byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '',
    }))
    rows.push({ offset, cells })
  }
  return rows
}
