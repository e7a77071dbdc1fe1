/** What of the extended data may be kept: the sender's MAC, its position, where the alarm can be looked at. Names and the rest stay out. */
export interface Extended {
  mac?: string
  lon?: number
  lat?: number
  verification?: string
}

export function readExtended(fields: ReadonlyMap<string, string>): Extended {
  const mac = fields
    .get('M')
    ?.replace(/[^0-9A-Fa-f]/g, '')
    .toLowerCase()
  const lon = degrees(fields.get('X'), 'W', 180)
  const lat = degrees(fields.get('Y'), 'S', 90)
  const verification = withoutPassword(fields.get('V'))
  return {
    ...(mac?.length === 12 && { mac: mac.match(/../g)!.join(':') }),
    ...(lon !== undefined && { lon }),
    ...(lat !== undefined && { lat }),
    ...(verification !== undefined && { verification }),
  }
}

/** `093W23.456`: degrees, side, minutes; some write decimal degrees. */
function degrees(text: string | undefined, negative: string, most: number): number | undefined {
  const found = /^([+-]?\d{1,3}(?:\.\d+)?)(?:([EWNS])(\d{1,2}(?:\.\d+)?)?)?$/.exec(text ?? '')
  if (!found) return undefined
  const value = Number(found[1]) + Number(found[3] ?? 0) / 60
  const signed = found[2] === negative ? -value : value
  return Math.abs(signed) <= most ? Math.round(signed * 1e6) / 1e6 : undefined
}

/** A link's user, password and query can hold secrets. */
function withoutPassword(text: string | undefined): string | undefined {
  if (!text || !URL.canParse(text)) return undefined
  const { protocol, host, pathname } = new URL(text)
  return /^(https?|rtsp):$/.test(protocol) ? `${protocol}//${host}${pathname}`.slice(0, 200) : undefined
}
