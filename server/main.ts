import { join } from 'node:path'
import { pino } from 'pino'
import { createAccess } from './access/access.ts'
import { createFeedBook } from './access/feed-book.ts'
import { meetFeed } from './access/meet-feed.ts'
import { createSealing } from './access/sealing.ts'
import { loadSecrets } from './access/secrets.ts'
import { createApp } from './app.ts'
import { type Config, loadConfig } from './config.ts'
import { startEngine } from './engine/client.ts'
import { logFaults } from './fault-log.ts'
import { createGates } from './feeds/gates.ts'
import { OUTGOING } from './feeds/outgoing/index.ts'
import { startOutgoing } from './feeds/outgoing/manager.ts'
import { createPassedBy } from './feeds/passed-by.ts'
import { startMqtt } from './mqtt.ts'
import { startOut } from './out/start.ts'
import { ensurePage } from './page.ts'
import { createWorld, withDevices } from './registers/world.ts'
import { startSiaPort } from './sia.ts'
import { createSpeakerRoom } from './speakers/room.ts'
import { readDevices } from './store/devices.ts'
import { openReader } from './store/open.ts'
import { readRegisters } from './store/registers.ts'

const REGISTERS = join(import.meta.dirname, '../fixtures/registers')
const say = (line: string) => console.log(line)

/** One-time links and kiosk links carry their secret in the query, devices theirs at the end of the path: it does not belong in a log. */
const withoutSecrets = ({ method, url }: { method: string; url?: string }) => ({
  method,
  url: url?.replace(/\?.*/, '').replace(/^(\/feeds\/[^/]+\/[^/]+\/).*/, '$1…'),
})

/** Owns the process: starts everything in order, says where it is, and ends it cleanly on Ctrl-C. */
async function main(): Promise<void> {
  const config = loadConfig(process.env)
  const log = pino({ level: config.logLevel, serializers: { req: withoutSecrets } })
  say(`邻望 Linwang · ${config.mode === 'demo' ? '演示 demo' : '运行 live'} · ${config.dataDir}`)
  // the page and the store have nothing to do with each other: both at once
  const [, started] = await Promise.all([ensurePage(say), startStore(config)])
  const { engine, read, access, secrets, world, book, gates, sealing } = started
  logFaults(engine, log)
  const passedBy = createPassedBy()
  let origin: string | undefined
  const speakers = createSpeakerRoom({ mode: config.mode, engine, read, world, sealing, log, origin: () => origin })
  const { app, live } = await createApp({
    config,
    engine,
    access,
    read,
    world,
    book,
    gates,
    sealing,
    passedBy,
    speakers,
    dataDir: config.dataDir,
    auditKey: secrets.auditKey,
    log,
  })
  const address = await app.listen({ host: config.host, port: config.port }).catch(explainTaken(config))
  const mqtt = await startMqtt({ engine, authorizeFeed: access.authorizeFeed, gates, book, passedBy, log, config })
  origin = address
  await speakers.useBus(mqtt.bus)
  const sia = await startSiaPort({ engine, book, gates, log, config, meet: config.mode === 'demo' ? meetFeed(engine) : undefined })
  const outgoing = startOutgoing({ book, engine, log, clients: OUTGOING, now: Date.now })
  const { retry: firstRetry, patience } = config.notify
  const out = await startOut({ engine, read, world, sealing, live, log, firstRetry, patience })
  const simulator = config.simulate ? await simulate(address, mqtt.url, secrets.feedKey) : undefined
  await announce(config, address, access, secrets.feedKey, mqtt.says, sia.says)

  let stopping = false
  const stop = async (code: number) => {
    if (stopping) return
    stopping = true
    say('正在停止 Stopping …')
    // whatever hangs must not keep a person waiting at the keyboard
    setTimeout(() => process.exit(code || 1), 8_000).unref()
    await simulator?.stop()
    await outgoing.close()
    await out.close()
    await sia.close()
    await speakers.close()
    await mqtt.close()
    await app.close()
    await engine.close()
    read.close()
    say('已停止，数据完好 Stopped; nothing was lost.')
    process.exit(code)
  }
  process.once('SIGINT', () => void stop(0))
  process.once('SIGTERM', () => void stop(0))
  engine.onFailure((error) => {
    log.fatal(error)
    say(`引擎停止 The engine ended: ${error.message}`)
    void stop(1)
  })
}

const explainTaken = (config: Config) => (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error
  throw new Error(`port ${config.port} on ${config.host} is taken: stop what holds it, or set another PORT`)
}

async function startStore(config: Config) {
  const secrets = loadSecrets(config.dataDir, config)
  const engine = await startEngine({
    dataDir: config.dataDir,
    mode: config.mode,
    simulate: config.simulate,
    clock: { mode: config.clock, rate: config.mode === 'demo' ? config.rate : 1 },
    retention: { ...config.keep, audit: config.keep.incidents },
    registers: config.mode === 'demo' ? REGISTERS : undefined,
    auditKey: secrets.auditKey,
  })
  const read = openReader(config.dataDir)
  let current = createWorld(readRegisters(read))
  const world = () => current
  const access = createAccess({ mode: config.mode, secrets, read, engine, world })
  const sealing = createSealing(secrets.sealKey)
  const book = createFeedBook({ read, sealing })
  const unreadable = book.unreadable()
  if (unreadable.length > 0)
    say(`密码无法解开，请重新填写（SECRETS_KEY 变了？）Sealed with another SECRETS_KEY, give them again: ${unreadable.join(', ')}`)
  const gates = createGates({ book })
  engine.onCommit((committed) => {
    if (committed.feeds) {
      book.refresh()
      access.refresh()
    }
    if (committed.registers) current = createWorld(readRegisters(read))
    else if (committed.devices) current = withDevices(current, readDevices(read))
  })
  return { engine, read, access, secrets, world, book, gates, sealing }
}

async function simulate(baseUrl: string, mqttUrl: string | undefined, feedKey: string) {
  const { startSimulator } = await import('./demo/simulator.ts')
  return startSimulator({ baseUrl, mqttUrl, feedKey, log: say })
}

async function announce(
  config: Config,
  address: string,
  access: ReturnType<typeof createAccess>,
  feedKey: string,
  mqttSays: string,
  siaSays?: string,
) {
  const setup = await access.offerSetup()
  say('')
  say(`  大屏 wall      ${address}/wall`)
  say(`  值班台 desk    ${address}/desk`)
  say(`  手机 field     ${address}/field`)
  say(`  居民 resident  ${address}/resident`)
  say(`  接口 API       ${address}/api/docs`)
  say(`  设备 MQTT      ${mqttSays}`)
  if (siaSays) say(`  报警主机 SIA   ${siaSays}`)
  if (config.mode === 'demo') say(`  设备密钥 feed key  ${feedKey}`)
  if (setup) say(`\n  首次使用，请在 24 小时内打开此链接建立管理员 Create the administrator (one use, 24 h):\n  ${address}${setup}`)
  say('\n  Ctrl-C 停止 stops it.\n')
}

main().catch((error: unknown) => {
  console.error(`无法启动 Cannot start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
})
