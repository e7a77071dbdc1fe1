import type { Config } from './config.ts'
import type { FeedBook } from './feeds/book.ts'
import { startBroker } from './feeds/broker.ts'
import type { Bus } from './feeds/bus.ts'
import type { Gates } from './feeds/gates.ts'
import { connectBroker } from './feeds/mqtt.ts'
import { connectBus } from './feeds/outside-bus.ts'
import type { PassedBy } from './feeds/passed-by.ts'
import type { AuthorizeFeed, Log, Receiver } from './feeds/receiver.ts'

export interface MqttLinks {
  /** where the simulator publishes; undefined: there is no broker of ours */
  url: string | undefined
  /** to speak to whoever listens; undefined: there is no broker */
  bus: Bus | undefined
  /** a line for people */
  says: string
  close(): Promise<void>
}

/** The embedded broker, an outside one, both or neither, as the settings say. */
export async function startMqtt(o: {
  engine: Receiver
  authorizeFeed: AuthorizeFeed
  gates: Gates
  book: FeedBook
  passedBy: PassedBy
  log: Log
  config: Config
}): Promise<MqttLinks> {
  const { engine, gates, book, passedBy, log, config } = o
  const { host, mqttPort, mqttUrl, mode } = config
  const broker =
    mqttPort === 0
      ? undefined
      : await startBroker({
          engine,
          gates,
          log,
          passedBy,
          host,
          port: mqttPort,
          ...(mode === 'live' ? { authorizeFeed: o.authorizeFeed } : {}),
        })
  const outside = mqttUrl ? connectBroker({ engine, gates, book, log, passedBy, url: mqttUrl }) : undefined
  const outsideBus = mqttUrl ? connectBus(mqttUrl) : undefined
  const own = broker?.port ? `mqtt://${host}:${broker.port}` : undefined
  const taken = broker && !own ? `端口 ${mqttPort} 已被占用，未启动内置代理 port taken, no embedded broker (set MQTT_PORT)` : undefined
  return {
    url: own,
    bus: outsideBus ?? (own ? broker?.bus : undefined),
    says: [own, taken, mqttUrl && `订阅 subscribed to ${mqttUrl.replace(/\/\/[^@/]*@/, '//')}`].filter(Boolean).join(' · ') || '未启用 off',
    async close() {
      await outsideBus?.close()
      await outside?.close()
      await broker?.close()
    },
  }
}
