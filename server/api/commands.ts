import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Viewer } from '../../shared/access.ts'
import { badRequest, forbidden, notFound } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import { type Action, mayHandle } from '../access/policy.ts'
import type { ThingName } from '../store/lists.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { answeredFor, createOrderGuard } from './own-orders.ts'
import { KeyHeader } from './queries.ts'
import { missing } from './registers.ts'
import { thingFor } from './sight.ts'
import { THINGS } from './things.ts'

/** Each command with the action that the policy knows; what it needs in its body is checked by the rules of the thing. */
const COMMANDS: Record<ThingName, Record<string, Action>> = {
  alerts: {
    acknowledge: 'alert.acknowledge',
    shelve: 'alert.shelve',
    unshelve: 'alert.unshelve',
    suppress: 'alert.suppress',
    restore: 'alert.restore',
    'take-out-of-service': 'alert.suppress',
    'return-to-service': 'alert.restore',
  },
  incidents: {
    note: 'incident.note',
    close: 'incident.handle',
    reopen: 'incident.handle',
    merge: 'incident.handle',
    unmerge: 'incident.handle',
    apart: 'incident.handle',
    triage: 'incident.handle',
    dispatch: 'incident.handle',
  },
  orders: {
    claim: 'order.work',
    accept: 'order.work',
    arrive: 'order.work',
    handle: 'order.work',
    verify: 'order.work',
    reject: 'order.work',
    pause: 'order.work',
    resume: 'order.work',
    transfer: 'order.work',
    note: 'order.work',
    check: 'order.work',
    help: 'order.work',
    cancel: 'order.cancel',
  },
}
/** A note overwrites nothing. */
const NEEDS_NO_VERSION = new Set(['incident.note', 'order.note', 'order.check', 'order.help'])

const Params = Type.Object({ id: Type.String(), command: Type.String() })
const Body = Type.Object(
  { version: Type.Optional(Type.Integer({ description: 'the version that you saw; a later one answers 409 with `current`' })) },
  { additionalProperties: true },
)

/** `POST /api/<alerts|incidents|orders>/<id>/<command>` (D2). */
export function commandRoutes(app: App, api: Api): void {
  for (const name of Object.keys(COMMANDS) as ThingName[]) commandRoute(app, api, name)
}

function commandRoute(app: App, api: Api, name: ThingName): void {
  const { access, world, lists, engine } = api
  const ownOrder = createOrderGuard(api)
  const guard = createGuard({ access, world })
  const { one } = THINGS[name]
  const summary = `One of ${Object.keys(COMMANDS[name]).join(', ')}`
  app.post(
    `/api/${name}/:id/:command`,
    { schema: { tags: [name], summary, params: Params, headers: KeyHeader, body: Body } },
    async (request) => {
      const { id, command } = request.params
      const action = actionOf(name, command) ?? unknown(name, one, command)
      guard.allow(request, action)
      const { thing, viewer } = request.viewer?.helper ? await own(request, id, command) : await inArea(request, id, action)
      if (name === 'alerts' && !mayHandle(viewer, thing)) throw forbidden(`${id} is no alert of a device: an officer answers for it`)
      const { version, ...body } = request.body
      if (version === undefined && !NEEDS_NO_VERSION.has(`${one}.${command}`)) throw noVersion(id)
      const key = request.headers['idempotency-key']
      const asked = { name: `${one}.${command}`, target: id, version, body, actor: toActor(viewer) }
      const after = await answeredFor(world(), viewer, engine.command<object>(asked, key))
      return thingFor(after, viewer)
    },
  )

  async function inArea(request: FastifyRequest, id: string, action: Action): Promise<Asked> {
    const thing = (await lists.thing<Asked['thing']>(name, id)) ?? missing(one, id)
    return { thing, viewer: guard.allow(request, action, thing.placeId) }
  }
  async function own(request: FastifyRequest, id: string, act: string): Promise<Asked> {
    const { order, viewer } = await ownOrder(request, id, act)
    return { thing: order, viewer }
  }
}

interface Asked {
  thing: { placeId: string; kind: string }
  viewer: Viewer
}

const actionOf = (name: ThingName, command: string): Action | undefined =>
  Object.hasOwn(COMMANDS[name], command) ? COMMANDS[name][command] : undefined

function unknown(name: ThingName, one: string, command: string): never {
  throw notFound(`An ${one} has no command ${command}: it has ${Object.keys(COMMANDS[name]).join(', ')}`)
}

const noVersion = (id: string) =>
  badRequest('version is missing: say which version you saw', {
    errors: [{ field: 'version', detail: 'is missing', fix: `give the version of ${id} as you read it` }],
  })
