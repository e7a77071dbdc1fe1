import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { badRequest, unauthorized } from '../../shared/problem.ts'
import { readCityAnswer } from '../out/city-answer.ts'
import { endpointSecretPlace } from '../out/records.ts'
import { verifyStandard } from '../out/signing.ts'
import { outReader } from '../store/out-records.ts'
import type { Actor } from '../work.ts'
import type { Api, App } from './context.ts'
import { Ids } from './queries.ts'

const LONGEST = 64 * 1024
const Answer = Type.Object({
  items: Type.Array(
    Type.Object({
      incidentId: Type.String(),
      version: Type.Number(),
      state: Type.String({ description: 'how the incident stands here' }),
      conflict: Type.Boolean({ description: 'the two states cannot both be true' }),
      noted: Type.Boolean({ description: 'false: it was on the record already' }),
    }),
  ),
})

/** The city's platform says its states when it likes, signed with the secret of its endpoint as Standard Webhooks says. */
export async function cityRoutes(root: App, { read, engine, sealing, wall }: Api): Promise<void> {
  const store = outReader(read)
  await root.register(async (plugin) => {
    const app = plugin as App
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LONGEST }, (_request, body, done) => done(null, body))
    const schema = {
      tags: ['notifications'],
      summary: '`{incidentId, state, version?, note?}` or `{states: […]}`; webhook-id, webhook-timestamp, webhook-signature',
      params: Ids,
      response: { 202: Answer },
      security: [],
    }
    app.post('/api/endpoints/:id/states', { schema, bodyLimit: LONGEST }, async (request, reply) => {
      const { id } = request.params as Static<typeof Ids>
      const hookId = assertSigned(request, id)
      const said = readCityAnswer((request.body as Buffer).toString('utf8'))
      if (said.length === 0 || said.some(({ incidentId }) => incidentId === undefined)) throw NOT_UNDERSTOOD()
      const actor: Actor = { id: `city:${id}`, name: id, role: 'visitor', scope: '' }
      const items = await Promise.all(
        said.map(({ incidentId, ...state }, n) =>
          engine.command({ name: 'city.state', target: incidentId!, body: { endpointId: id, ...state }, actor }, `${hookId} ${n}`),
        ),
      )
      return reply.code(202).send({ items } as never)
    })
  })

  /** Nobody is told whether it was the endpoint, the secret or the time that was wrong. */
  function assertSigned(request: FastifyRequest, endpointId: string): string {
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request.headers
    const row = store.endpoint(endpointId)
    const secret =
      row?.format === 'city' && row.sealed.secret !== undefined && sealing.open(row.sealed.secret, endpointSecretPlace(endpointId))
    const given = { id: String(id), timestamp: String(timestamp), signature: String(signature) }
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    if (secret && given.id.length <= 150 && verifyStandard(secret, given, body, Math.floor(wall() / 1000))) return given.id
    throw unauthorized('The signature is not that of this endpoint, or its time is more than 5 minutes off')
  }
}

const NOT_UNDERSTOOD = () =>
  badRequest('No state was found in it', {
    errors: [{ field: 'state', detail: 'is missing', fix: 'send {"incidentId": "incident-1", "state": "…"}' }],
  })
