/** What a click, a touch or Enter points at; the side panel shows it. */
export const PICK_KINDS = [
  'grid',
  'cluster',
  'building',
  'camera',
  'gate',
  'speaker',
  'device',
  'alert',
  'incident',
  'order',
  'person',
  'spot',
  'place',
] as const
export interface Target {
  kind: (typeof PICK_KINDS)[number]
  id: string
}
