import { resolve } from 'node:path'

/** What the environment says; the table in the README lists the same names. Times are days unless a name says otherwise. */
export interface Config {
  host: string
  port: number
  dataDir: string
  mode: 'demo' | 'live'
  simulate: boolean
  clock: 'real' | 'manual'
  /** domain seconds per real second that the demo starts with */
  rate: number
  feedKey: string | undefined
  /** 32 bytes; undefined: a file of DATA_DIR */
  sealKey: Buffer | undefined
  mqttUrl: string | undefined
  /** 0: no embedded broker */
  mqttPort: number
  siaPort: number
  keep: { passages: number; signals: number; incidents: number; photos: number; logs: number }
  /** ms: until the first retry of a message that was not taken, and that one attempt may take */
  notify: { retry: number; patience: number }
  logLevel: string
}

/** Throws an Error whose message names every variable that is wrong and how to mend it. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const wrong: string[] = []
  const read = reader(env, wrong)
  const mode = read.choice('MODE', ['demo', 'live'] as const, 'demo')
  const config: Config = {
    host: env.HOST || '127.0.0.1',
    port: read.integer('PORT', 8080, 0, 65535),
    dataDir: resolve(env.DATA_DIR || '.data'),
    mode,
    simulate: mode === 'demo' && read.choice('SIMULATE', ['on', 'off'] as const, 'on') === 'on',
    clock: read.choice('CLOCK', ['real', 'manual'] as const, 'real'),
    rate: read.integer('RATE', 1, 1, 120),
    feedKey: env.FEED_KEY || undefined,
    sealKey: read.key('SECRETS_KEY'),
    mqttUrl: env.MQTT_URL || undefined,
    mqttPort: read.integer('MQTT_PORT', mode === 'demo' ? 1883 : 0, 0, 65535),
    siaPort: read.integer('SIA_PORT', 0, 0, 65535),
    keep: {
      passages: read.integer('KEEP_PASSAGES_DAYS', 30, 1, 3650),
      signals: read.integer('KEEP_SIGNALS_DAYS', 90, 1, 3650),
      incidents: read.integer('KEEP_INCIDENTS_DAYS', 1095, 1, 36500),
      photos: read.integer('KEEP_PHOTOS_DAYS', 30, 1, 3650),
      logs: read.integer('KEEP_LOGS_DAYS', 180, 1, 3650),
    },
    notify: {
      retry: read.integer('NOTIFY_RETRY_MS', 2_000, 10, 600_000),
      patience: read.integer('NOTIFY_PATIENCE_MS', 10_000, 100, 60_000),
    },
    logLevel: read.choice('LOG_LEVEL', ['silent', 'error', 'warn', 'info', 'debug'] as const, 'warn'),
  }
  if (mode === 'live' && config.clock === 'manual')
    wrong.push('CLOCK=manual is for demo and test databases only: unset it, or set MODE=demo')
  if (wrong.length > 0) throw new Error(`The settings cannot be used:\n  ${wrong.join('\n  ')}`)
  return config
}

function reader(env: NodeJS.ProcessEnv, wrong: string[]) {
  return {
    choice<T extends string>(name: string, values: readonly T[], fallback: T): T {
      const given = env[name]
      if (given === undefined || given === '') return fallback
      if (values.includes(given as T)) return given as T
      wrong.push(`${name}=${given} is not known: use ${values.join(' or ')}`)
      return fallback
    },
    /** 32 bytes as 64 hexadecimal digits or as base64 of either alphabet; the value itself is never told */
    key(name: string): Buffer | undefined {
      const given = env[name]?.trim()
      if (!given) return undefined
      const key = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, 'hex') : Buffer.from(given, 'base64')
      if (key.length === 32 && /^([0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/i.test(given)) return key
      wrong.push(`${name} is not a key of 32 bytes: make one with openssl rand -base64 32`)
      return undefined
    },
    integer(name: string, fallback: number, least: number, most: number): number {
      const given = env[name]
      if (given === undefined || given === '') return fallback
      const value = Number(given)
      if (Number.isInteger(value) && value >= least && value <= most) return value
      wrong.push(`${name}=${given} is not a whole number from ${least} to ${most}`)
      return fallback
    },
  }
}
