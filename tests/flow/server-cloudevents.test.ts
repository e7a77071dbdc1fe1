import { afterAll, beforeAll, expect, test } from 'vitest'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { type Session, signIn } from '../support/session.ts'

/** After the CloudEvents conformance set, github.com/cloudevents/conformance @7a8ee0a (Apache-2.0): features/http-protocol-binding.feature and yaml/. */
let server: RunningServer
let engineer: Session

beforeAll(async () => {
  server = await startServer()
  engineer = await signIn(server, 'engineer')
})
afterAll(async () => {
  if (server) await discard(server)
})

async function send(headers: Record<string, string>, body: string) {
  const response = await fetch(`${server.url}/feeds/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.feedKey}`, ...headers },
    body,
  })
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: (await response.json()) as Record<string, unknown>,
  }
}
const SET_ASIDE = { status: 202, body: { accepted: 0, duplicates: 0, quarantined: 1 } }

const attributes = (specversion: string) => ({
  specversion,
  type: 'com.example.someevent',
  time: '2018-04-05T03:56:24Z',
  id: '1234-1234-1234',
  source: '/mycontext/subcontext',
})
const asHeaders = (event: Record<string, string>) =>
  Object.fromEntries(Object.entries(event).map(([name, value]) => [`ce-${name}`, encodeURIComponent(value)]))

test.each(['application/json', 'application/json; charset=utf-8'])(
  '[I3] binary content mode (%s) is understood, and set aside for its unknown source',
  async (type) => {
    const body = '{\n    "message": "Hello World!"\n}'
    expect(await send({ ...asHeaders(attributes('1.0')), 'content-type': type }, body)).toMatchObject(SET_ASIDE)
  },
)

test.each(['application/cloudevents+json', 'application/cloudevents+json; charset=utf-8'])(
  '[I3] structured content mode (%s) is understood, and set aside for its unknown source',
  async (type) => {
    const event = { ...attributes('1.0'), datacontenttype: 'application/json', data: { message: 'Hello World!' } }
    expect(await send({ 'content-type': type }, JSON.stringify(event))).toMatchObject(SET_ASIDE)
  },
)

test('[I3] batched content mode is understood, and each event set aside by itself', async () => {
  const events = [1, 2, 3].map((n) => ({ ...attributes('1.0'), id: `batch-${n}`, data: {} }))
  const type = { 'content-type': 'application/cloudevents-batch+json' }
  expect(await send(type, JSON.stringify(events))).toMatchObject({ status: 202, body: { accepted: 0, duplicates: 0, quarantined: 3 } })
  expect(await send(type, '[]')).toMatchObject({ status: 202, body: { accepted: 0, duplicates: 0, quarantined: 0 } })
})

const MINIMUM = [
  ['text/plain; charset=us-ascii', 'Hello, World!'],
  ['text/plain; charset=utf-8', 'Hello, 🌎!'],
  ['application/json; charset=utf-8', '"Hello, 🌎!"'],
  ['application/json; charset=utf-8', '{"msg":"Hello, 🌎!"}'],
  ['application/json; charset=utf-8', '["Hello","🌎!"]'],
  ['application/xml; charset=utf-8', '<msg>Hello, 🌎!</msg>'],
] as const
const minimum = (specversion: string, n: number) => ({
  specversion,
  type: 'io.cloudevents.minimum',
  id: `conformance-${n}`,
  source: '//github.com/cloudevents/conformance/yaml/v1.yaml',
})

test.each(MINIMUM.map((sample, n) => [n, ...sample] as const))(
  '[I3] the minimal event %i with %s is understood in binary mode',
  async (n, type, data) => {
    expect(await send({ ...asHeaders(minimum('1.0', n)), 'content-type': type }, data)).toMatchObject(SET_ASIDE)
  },
)

test.each(MINIMUM.map((sample, n) => [n, ...sample] as const))(
  '[I3] version 0.3 of event %i is refused, in every mode, with what to send',
  async (n, type, data) => {
    const refused = {
      status: 400,
      type: expect.stringContaining('application/problem+json'),
      body: { detail: expect.stringContaining('specversion') },
    }
    expect(await send({ ...asHeaders(minimum('0.3', n)), 'content-type': type }, data)).toMatchObject(refused)
    const event = { ...minimum('0.3', n), datacontenttype: type, data }
    expect(await send({ 'content-type': 'application/cloudevents+json' }, JSON.stringify(event))).toMatchObject(refused)
    expect(await send({ 'content-type': 'application/cloudevents-batch+json' }, JSON.stringify([event]))).toMatchObject({
      ...refused,
      body: { errors: [{ field: '/0/specversion', fix: expect.stringContaining('1.0') }] },
    })
  },
)

test('[I3] extensions, percent-encoded headers and base64 data do not get in the way of a known device', async () => {
  const [device] = await engineer.all<{ id: string }>('/api/devices?kind=motion')
  const event = { specversion: '1.0', type: 'linwang.motion', source: '/feeds/trial', subject: device!.id }
  const accepted = { status: 202, body: { accepted: 1, duplicates: 0, quarantined: 0 } }
  const headers = { ...asHeaders({ ...event, id: 'Euro € 😀', comexampleextension1: 'value' }), 'content-type': 'application/json' }
  expect(await send(headers, '{"occupied":true}')).toMatchObject(accepted)
  const { items } = await engineer.get<{ items: { id: string }[] }>(`/api/signals?deviceId=${device!.id}`)
  expect(items[0]!.id).toBe('Euro € 😀')
  const base64 = { ...event, id: 'b64', datacontenttype: 'application/json', data_base64: btoa('{"occupied":true}') }
  expect(await send({ 'content-type': 'application/cloudevents+json' }, JSON.stringify(base64))).toMatchObject(accepted)
})

test('[I3] what is no CloudEvent at all is refused by its media type', async () => {
  expect((await send({ 'content-type': 'text/plain' }, 'hello')).status).toBe(415)
  expect((await send({ 'content-type': 'application/cloudevents+xml' }, '<event/>')).status).toBe(415)
})
