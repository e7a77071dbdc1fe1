import swagger from '@fastify/swagger'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { createLists } from '../store/lists.ts'
import { auditRoutes } from './audit.ts'
import { broadcastRoutes } from './broadcasts.ts'
import { careRoutes } from './care.ts'
import { careActRoutes } from './care-acts.ts'
import { careHistoryRoutes } from './care-history.ts'
import { carePeopleRoutes } from './care-people.ts'
import { commandRoutes } from './commands.ts'
import type { Api, ApiOptions, App } from './context.ts'
import { demoRoutes } from './demo.ts'
import { deviceRoutes, feedDeviceRoutes } from './devices.ts'
import { dispatchRoutes } from './dispatch.ts'
import { docsRoutes, OPENAPI } from './docs.ts'
import { estateRoutes } from './estate.ts'
import { feedRoutes } from './feeds.ts'
import { feedsTryRoutes } from './feeds-try.ts'
import { installViewer } from './guards.ts'
import { healthRoutes } from './health.ts'
import { incidentRecordRoutes } from './incident-record.ts'
import { intakeRoutes } from './intake.ts'
import { kindRoutes } from './kinds.ts'
import { kioskRoutes } from './kiosks.ts'
import { ledgerRoutes } from './ledgers.ts'
import { loopRoutes } from './loop.ts'
import { myOrderRoutes } from './my-orders.ts'
import { myPlaceRoutes } from './my-places.ts'
import { myReportRoutes } from './my-reports.ts'
import { noticeRoutes } from './notifications.ts'
import { cityRoutes } from './notifications-city.ts'
import { endpointRoutes } from './notifications-endpoints.ts'
import { outboxRoutes } from './notifications-outbox.ts'
import { notifySettingRoutes } from './notifications-settings.ts'
import { photoRoutes } from './photos.ts'
import { sendNotFound, sendProblem } from './problems.ts'
import { publicationRoutes } from './publications.ts'
import { quarantineRoutes } from './quarantine.ts'
import { queueRoutes } from './queue.ts'
import { registerRoutes } from './registers.ts'
import { reportRoutes } from './reports.ts'
import { sessionRoutes } from './session.ts'
import { systemRoutes } from './system.ts'
import { thingRoutes } from './things.ts'
import { userRoutes } from './users.ts'
import { wallRoutes } from './wall.ts'

export type { ApiOptions } from './context.ts'

/** The REST API of design §5. Errors leave as problem details whether or not the root app does so too. */
export async function apiPlugin(root: FastifyInstance, options: ApiOptions): Promise<void> {
  const app: App = root.withTypeProvider<TypeBoxTypeProvider>()
  const api: Api = { ...options, lists: createLists(options.read), wall: options.wall ?? Date.now }
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.setSerializerCompiler(() => JSON.stringify)
  app.setErrorHandler(sendProblem)
  await app.register(swagger, OPENAPI)
  installViewer(app, api)
  await sessionRoutes(app, api)
  demoRoutes(app, api)
  wallRoutes(app, api)
  registerRoutes(app, api)
  estateRoutes(app, api)
  thingRoutes(app, api)
  commandRoutes(app, api)
  careRoutes(app, api)
  careHistoryRoutes(app, api)
  carePeopleRoutes(app, api)
  careActRoutes(app, api)
  await photoRoutes(app, api)
  publicationRoutes(app, api)
  myPlaceRoutes(app, api)
  await broadcastRoutes(app, api)
  dispatchRoutes(app, api)
  myOrderRoutes(app, api)
  ledgerRoutes(app, api)
  loopRoutes(app, api)
  queueRoutes(app, api)
  incidentRecordRoutes(app, api)
  kindRoutes(app, api)
  reportRoutes(app, api)
  myReportRoutes(app, api)
  intakeRoutes(app, api)
  feedRoutes(app, api)
  feedsTryRoutes(app, api)
  quarantineRoutes(app, api)
  deviceRoutes(app, api)
  feedDeviceRoutes(app, api)
  noticeRoutes(app, api)
  notifySettingRoutes(app, api)
  endpointRoutes(app, api)
  outboxRoutes(app, api)
  await cityRoutes(app, api)
  auditRoutes(app, api)
  userRoutes(app, api)
  kioskRoutes(app, api)
  systemRoutes(app, api)
  healthRoutes(app, api)
  docsRoutes(app)
  app.all('/api/*', { schema: { hide: true } }, async (request, reply) => sendNotFound(request, reply))
}
