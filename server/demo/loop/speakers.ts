import { secondsToRead } from '../../../shared/broadcast.ts'
import type { Millis } from '../../../shared/status.ts'

export const PREFIX = 'linwang/speakers'

/** What a loudspeaker says back: topic and payload. */
export interface Said {
  topic: string
  payload: string
}

/** The estate's loudspeakers: each says that it plays, and that it has played when the words are over; a newer message takes the place of the one before. */
export interface Speakers {
  /** what came on …/play or …/stop */
  hear(topic: string, payload: string, now: Millis): Said[]
  /** what is over by now */
  step(now: Millis): Said[]
}

/** of a recording whose length nobody says, s */
const CLIP = 10
/** between two times, s */
const BREATH = 2

export function createSpeakers(addresses: ReadonlySet<string>): Speakers {
  const playing = new Map<string, { id: string; until: Millis }>()
  const state = (address: string, id: string, said: string): Said => ({
    topic: `${PREFIX}/${address}/state`,
    payload: JSON.stringify({ id, state: said }),
  })
  return {
    hear(topic, payload, now) {
      const [address = '', act] = topic.slice(PREFIX.length + 1).split('/')
      const words = parsed(payload)
      if (!addresses.has(address) || words === undefined) return []
      if (act === 'stop') {
        if (playing.get(address)?.id === words.id) playing.delete(address)
        return []
      }
      if (act !== 'play') return []
      const seconds = (words.text === undefined ? CLIP : secondsToRead(words.text)) + BREATH
      playing.set(address, { id: words.id, until: now + seconds * words.repeat * 1000 })
      return [state(address, words.id, 'playing')]
    },
    step(now) {
      const over = [...playing].filter(([, { until }]) => until <= now)
      for (const [address] of over) playing.delete(address)
      return over.map(([address, { id }]) => state(address, id, 'played'))
    },
  }
}

function parsed(payload: string): { id: string; text?: string; repeat: number } | undefined {
  try {
    const { id, text, repeat = 1 } = JSON.parse(payload) as Record<string, unknown>
    if (typeof id !== 'string' || typeof repeat !== 'number') return undefined
    return { id, repeat, ...(typeof text === 'string' && { text }) }
  } catch {
    return undefined
  }
}
