import type { Broadcast } from '../../shared/broadcast.ts'
import { STALE_BROADCAST } from '../../shared/broadcast.ts'
import type { World } from '../../shared/world.ts'
import type { Commander } from '../access/commander.ts'
import type { Log } from '../feeds/receiver.ts'

/** What a speaker is told. */
export interface Words {
  id: string
  text?: string | undefined
  /** where the recording can be fetched, for so long as it is said */
  clip?: { url: string; type: string } | undefined
  repeat: number
}
export type Answer = (deviceId: string, broadcastId: string, state: 'playing' | 'played' | 'failed', error?: string) => void

/** One way to speakers. A call rejects when the speaker did not take it; what becomes of it later comes through the answer it was opened with. */
export interface Speaking {
  play(address: string, words: Words): Promise<void>
  stop(address: string, id: string): Promise<void>
  close(): Promise<void>
}

export interface SpeakerLineOptions {
  engine: Commander
  /** open broadcasts as the store has them */
  open(): Broadcast[]
  world(): World
  /** as the settings are now */
  speaking(): Speaking | undefined
  clipUrl(broadcast: Broadcast): string | undefined
  log: Log
}

const SYSTEM = { id: 'system', name: 'system', role: 'admin', scope: '' } as const
/** ms that one speaker has to take the words: it delays no other */
const PATIENCE = 5_000

/**
 * Carries what was confirmed to the speakers, each on its own, and tells the engine what became of it. It keeps nothing: after a restart
 * what is younger than half a minute is said, what is older the engine gives up.
 */
export function createSpeakerLine(options: SpeakerLineOptions) {
  const { engine, open, world, speaking, clipUrl, log } = options
  const begun = new Set<string>()
  const tell = (id: string, deviceId: string, state: string, error?: string) =>
    engine.command({ name: 'broadcast.heard', target: id, body: { deviceId, state, error }, actor: SYSTEM }).catch((fault: Error) => {
      log.warn({ broadcast: id, error: fault.message }, 'what a speaker answered was not kept')
    })

  async function say(broadcast: Broadcast, deviceId: string) {
    const key = `${broadcast.id} ${deviceId}`
    if (begun.has(key)) return
    begun.add(key)
    const address = world().device(deviceId)?.address
    const link = speaking()
    const { id, text, repeat, clip } = broadcast
    const url = clipUrl(broadcast)
    try {
      if (!link) throw new Error('no link to the speakers is set up')
      if (address === undefined) throw new Error('not in the register any more')
      await within(link.play(address, { id, text, repeat, clip: clip && url ? { url, type: clip.type } : undefined }))
      await tell(id, deviceId, 'playing')
    } catch (error) {
      await tell(id, deviceId, 'failed', (error as Error).message)
    } finally {
      begun.delete(key)
    }
  }

  return {
    /** after a broadcast was confirmed, and at the start */
    look() {
      const { now } = engine.clock()
      for (const broadcast of open()) {
        if (broadcast.state !== 'sent' || now - (broadcast.sentAt ?? 0) > STALE_BROADCAST) continue
        for (const { deviceId, state } of broadcast.speakers) if (state === 'waiting') void say(broadcast, deviceId)
      }
    },
    /** all of its speakers, whatever they are thought to be at */
    async stop(broadcast: Broadcast) {
      const link = speaking()
      const addresses = broadcast.speakers.flatMap(({ deviceId }) => world().device(deviceId)?.address ?? [])
      const outcomes = await Promise.allSettled(addresses.map((address) => link && within(link.stop(address, broadcast.id))))
      const failed = outcomes.flatMap((one, n) => (one.status === 'rejected' ? [addresses[n]] : []))
      if (failed.length > 0) log.warn({ broadcast: broadcast.id, failed }, 'speakers did not take the stop')
      return failed
    },
    /** for links whose speakers speak back */
    answer: ((deviceId, id, state, error) => void tell(id, deviceId, state, error)) satisfies Answer as Answer,
  }
}
export type SpeakerLine = ReturnType<typeof createSpeakerLine>

function within<T>(promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no answer within 5 s')), PATIENCE)
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
