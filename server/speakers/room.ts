import type { World } from '../../shared/world.ts'
import type { Commander } from '../access/commander.ts'
import type { Sealing } from '../access/sealing.ts'
import type { Bus } from '../feeds/bus.ts'
import type { Log } from '../feeds/receiver.ts'
import { openBroadcasts } from '../store/broadcasts.ts'
import type { Db } from '../store/open.ts'
import { readSetting } from '../store/settings.ts'
import { clipPath } from './clips.ts'
import { LINK_SETTING, type StoredLink } from './commands.ts'
import { httpSpeaking } from './http.ts'
import { createSpeakerLine, type SpeakerLine, type Speaking } from './line.ts'
import { mqttSpeaking } from './mqtt.ts'

export const LINK_SECRET = 'speakers/secret'
const DEMO_LINK: StoredLink = { link: { kind: 'mqtt', prefix: 'linwang/speakers' } }

export interface SpeakerRoom extends Pick<SpeakerLine, 'look' | 'stop'> {
  /** the link that is set; in demo the embedded broker's unless another is */
  link(): StoredLink
  /** the settings or the broker are others */
  relink(): Promise<void>
  useBus(bus: Bus | undefined): Promise<void>
  close(): Promise<void>
}

export interface SpeakerRoomOptions {
  mode: 'demo' | 'live'
  engine: Commander
  read: Db
  world(): World
  sealing: Sealing
  log: Log
  /** where speakers reach us: http://host:port */
  origin(): string | undefined
}

/** Holds the one link to the speakers and opens it anew when it changes. */
export function createSpeakerRoom({ mode, engine, read, world, sealing, log, origin }: SpeakerRoomOptions): SpeakerRoom {
  let bus: Bus | undefined
  let speaking: Speaking | undefined
  const line = createSpeakerLine({
    engine,
    world,
    log,
    open: () => openBroadcasts(read),
    speaking: () => speaking,
    clipUrl: ({ clip }) => (clip && origin() ? `${origin()}${clipPath(clip.hash, sealing)}` : undefined),
  })
  const link = (): StoredLink => readSetting<StoredLink>(read, LINK_SETTING) ?? (mode === 'demo' ? DEMO_LINK : { link: { kind: 'none' } })
  const open = async (): Promise<Speaking | undefined> => {
    const { link: now, sealed } = link()
    if (now.kind === 'http') return httpSpeaking(now.url, sealed && sealing.open(sealed, LINK_SECRET), Date.now)
    if (now.kind === 'none' || !bus) return undefined
    return mqttSpeaking(bus, now.prefix, (address, id, state, error) => {
      const device = world()
        .devices()
        .find((one) => one.kind === 'speaker' && one.address === address)
      if (device) line.answer(device.id, id, state, error)
    })
  }
  const relink = async () => {
    await speaking?.close()
    speaking = await open()
    line.look()
  }
  return {
    look: line.look,
    stop: line.stop,
    link,
    relink,
    useBus: async (given) => {
      bus = given
      await relink()
    },
    close: async () => speaking?.close(),
  }
}
