import { parseArgs } from 'node:util'
import { dahua } from './dahua.ts'
import type { MakeHerd } from './herd.ts'
import { cameras, gates } from './hikvision.ts'
import { smoke } from './nbiot.ts'
import { panels } from './panels.ts'
import { sensors } from './zigbee.ts'

export const HERDS: Readonly<Record<string, MakeHerd>> = { cameras, gates, sensors, smoke, dahua, panels }

export interface FarmOptions {
  counts: Record<string, number>
  url: string
  key: string
  mqttUrl: string
  siaPort: number
  /** messages a second, all devices together */
  rate: number
  /** share of the messages that are alarms */
  alarms: number
  seconds: number
  seed: number
  /** put the devices into the register first, each at a place */
  bind: boolean
}

export const USAGE = `npm run farm -- --cameras 113 --gates 94 --sensors 200 --smoke 50 --dahua 4 --panels 5 [options]
  --rate 20        messages a second, all devices together
  --alarms 0.001   share of the messages that are alarms
  --seconds 60     how long; 0: until Ctrl-C
  --bind           put the devices into the register first (demo mode)
  --url http://127.0.0.1:8080   --mqtt mqtt://127.0.0.1:1883   --sia 0   --seed 1
  --key …          feed key; default: FEED_KEY, or the file feed-key in DATA_DIR`

/** Throws an Error that says what is wrong with the arguments. */
export function readOptions(args: string[], key: () => string): FarmOptions {
  const text = { type: 'string' } as const
  const names = Object.keys(HERDS)
  const options = Object.fromEntries(
    [...names, 'rate', 'alarms', 'seconds', 'url', 'mqtt', 'sia', 'seed', 'key'].map((name) => [name, text]),
  )
  const values = parseArgs({ args, options: { ...options, bind: { type: 'boolean' } } }).values as Record<string, string | undefined>
  const number = (name: string, fallback: number, most: number) => {
    const value = Number(values[name] ?? fallback)
    if (!(value >= 0 && value <= most)) throw new Error(`--${name} ${values[name]}: give a number from 0 to ${most}`)
    return value
  }
  const counts = Object.fromEntries(names.map((name) => [name, Math.floor(number(name, 0, 20_000))]))
  if (Object.values(counts).every((count) => count === 0)) throw new Error(`no devices: say how many of ${names.join(', ')}`)
  const siaPort = number('sia', 0, 65_535)
  if (counts.panels! > 0 && siaPort === 0) throw new Error('--panels needs --sia, the SIA_PORT of the server')
  return {
    counts,
    url: (values.url ?? 'http://127.0.0.1:8080').replace(/\/$/, ''),
    key: values.key ?? key(),
    mqttUrl: values.mqtt ?? 'mqtt://127.0.0.1:1883',
    siaPort,
    rate: number('rate', 20, 100_000),
    alarms: number('alarms', 0.001, 1),
    seconds: number('seconds', 60, 1e9),
    seed: number('seed', 1, 2 ** 31),
    bind: Boolean(values.bind),
  }
}
