import type { Broadcast } from '../../../shared/broadcast.ts'

export interface Speaker {
  id: string
  name: string
  placeId: string
  place: string
  lon?: number
  lat?: number
}
export interface Speakers {
  items: Speaker[]
  link: 'none' | 'mqtt' | 'http'
}
export interface Broadcasts {
  items: Broadcast[]
  next: string | null
  names: Record<string, string>
}
/** Whom it is for: every speaker, those of a grid, or some that were touched. */
export interface Aim {
  mode: 'all' | 'grid' | 'some'
  grid: string | null
  speakers: string[]
}

export const bodyOfAim = ({ mode, grid, speakers }: Aim, community: string): { placeId?: string; speakers?: string[] } | undefined => {
  if (mode === 'some') return speakers.length > 0 ? { speakers } : undefined
  const placeId = mode === 'grid' ? grid : community
  return placeId ? { placeId } : undefined
}

/** seconds until the last word, a breath between repeats included */
export const wholeLength = ({ seconds, repeat }: Pick<Broadcast, 'seconds' | 'repeat'>) => Math.round(seconds * repeat + 2 * (repeat - 1))

export const isHeard = ({ state }: Broadcast) => state === 'sent'
export const awaits = ({ state }: Broadcast) => state === 'proposed'
