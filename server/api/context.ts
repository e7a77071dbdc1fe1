import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { Viewer } from '../../shared/access.ts'
import type { WallState } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import type { Access } from '../access/access.ts'
import type { Sealing } from '../access/sealing.ts'
import type { Engine } from '../engine/protocol.ts'
import type { SpeakerRoom } from '../speakers/room.ts'
import type { Lists } from '../store/lists.ts'
import type { Db } from '../store/open.ts'

/** What the REST API stands on; nothing here writes but `engine.command`. */
export interface ApiOptions {
  access: Access
  engine: Pick<Engine, 'command' | 'clock' | 'health' | 'pressure'>
  /** read-only connection */
  read: Db
  world(): World
  /** the folded public state */
  state(): WallState
  config: { mode: 'demo' | 'live'; simulate: boolean; mqttPort?: number; siaPort?: number }
  /** key of the audit chain, for the check */
  auditKey: Uint8Array
  speakers: SpeakerRoom
  /** where files lie */
  dataDir: string
  /** for passwords that we send to devices */
  sealing: Sealing
  /** more figures for /metrics, by name: live clients and the like */
  gauges?: Record<string, { help: string; read(): number }>
  /** whether the server takes work: false while it starts or stops */
  ready?(): boolean
  /** real time, ms */
  wall?(): number
}

export interface Api extends ApiOptions {
  lists: Lists
  wall(): number
}

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>

declare module 'fastify' {
  interface FastifyRequest {
    /** undefined: nobody, in live mode */
    viewer: Viewer | undefined
  }
}
