import type { Endpoint, EndpointSettings } from '../../shared/message.ts'
import { conflict, forbidden, notFound, unprocessable } from '../../shared/problem.ts'
import { actorId, checkVersion } from '../command.ts'
import { type EndpointRow, publicEndpoint } from '../store/out-records.ts'
import type { Command, Work } from '../work.ts'
import type { NotifyDesk, NotifyHandler } from './desk.ts'
import { endpointLane } from './endpoints.ts'

const MOST_ENDPOINTS = 200

/** What the main thread checked and sealed. `secret` null takes it back. */
interface Given {
  settings: Partial<Record<keyof EndpointSettings, unknown>>
  origin?: string
  sealed: { url?: string; secret?: string | null }
}

export function endpointCommands({ store, outbox, book }: NotifyDesk): Record<string, NotifyHandler> {
  const seen = (command: Command): EndpointRow => {
    const row = store.endpoint(command.target ?? '')
    if (!row) throw notFound(`There is no endpoint ${command.target}`)
    checkVersion(publicEndpoint(row), command, `changed by somebody else, now ${row.state}`)
    return row
  }
  const put = (work: Work, { actor, name }: Command, row: EndpointRow, detail: Record<string, unknown>): Endpoint => {
    store.putEndpoint(row)
    book.refresh()
    work.audit({ by: actorId(actor), act: name, subject: row.id, detail })
    return publicEndpoint(store.endpoint(row.id)!)
  }
  const turn =
    (state: Endpoint['state']): NotifyHandler =>
    (work, command) => {
      const row = seen(command)
      if (row.state === state) return publicEndpoint(row)
      if (state === 'active') outbox.hurry(endpointLane(row.id))
      return put(work, command, { ...row, state, version: row.version + 1 }, { state })
    }

  return {
    'endpoint.create'(work, command) {
      const { id, format, settings, origin, sealed } = command.body as unknown as Given & Pick<Endpoint, 'id' | 'format'>
      const known = store.endpoint(id)
      if (known) throw conflict(`There is an endpoint ${id} already`, { current: publicEndpoint(known), errors: [TAKEN] })
      if (store.endpoints().length >= MOST_ENDPOINTS)
        throw forbidden(`There are ${MOST_ENDPOINTS} endpoints: delete those that nobody needs`)
      const row: EndpointRow = {
        ...(settings as unknown as EndpointSettings),
        ...{ id, format, origin: origin!, state: 'active', version: 1, createdAt: work.now, createdBy: actorId(command.actor) },
        hasSecret: typeof sealed.secret === 'string',
        health: { fault: false, failures: 0, failingSince: null, lastOkAt: null, lastError: null },
        sealed: { url: sealed.url!, ...(typeof sealed.secret === 'string' && { secret: sealed.secret }) },
      }
      return put(work, command, row, { format, origin })
    },
    'endpoint.change'(work, command) {
      const row = seen(command)
      const { settings, origin = row.origin, sealed } = command.body as unknown as Given
      if (origin !== row.origin && row.sealed.secret !== undefined && sealed.secret === undefined) throw secretStays(row.origin)
      const secret = sealed.secret === undefined ? row.sealed.secret : (sealed.secret ?? undefined)
      const next = {
        ...row,
        ...settings,
        origin,
        version: row.version + 1,
        sealed: { url: sealed.url ?? row.sealed.url, secret },
      } as EndpointRow
      for (const [name, value] of Object.entries(settings)) if (value === null) delete (next as unknown as Record<string, unknown>)[name]
      outbox.hurry(endpointLane(row.id))
      return put(work, command, next, { changed: [...Object.keys(settings), ...Object.keys(sealed)], origin })
    },
    'endpoint.pause': turn('paused'),
    'endpoint.resume': turn('active'),
    'endpoint.delete'(work, command) {
      const row = seen(command)
      const dropped = outbox.dropLane(endpointLane(row.id), 'endpoint-deleted')
      store.dropEndpoint(row.id)
      book.refresh()
      work.audit({ by: actorId(command.actor), act: command.name, subject: row.id, detail: { origin: row.origin, dropped } })
      return undefined
    },
  }
}

const TAKEN = { field: 'id', detail: 'is taken', fix: 'choose another id, or change the endpoint that is there' }
const secretStays = (origin: string) =>
  unprocessable(`The secret was given for ${origin} and goes to no other host`, {
    errors: [{ field: 'secret', detail: 'is missing', fix: 'give the secret of the new host, or null for none' }],
  })
