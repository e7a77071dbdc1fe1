import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiServer, startApi } from '../support/api.ts'
import { testWorld } from '../support/world.ts'

let server: ApiServer
beforeAll(async () => {
  server = await startApi(testWorld(), 'demo', { ready: () => false })
  server.app.get('/boom', async () => {
    throw new Error('secret of the house')
  })
})
afterAll(() => server.close())

const inject = async (request: object, role?: string) => {
  const { headers = {} } = request as { headers?: object }
  const answer = await server.app.inject({ ...request, headers: { ...headers, ...(role ? await server.as(role) : {}) } })
  return { answer, problem: answer.json() }
}

describe('[§5] errors are problem details that name the field and the fix', () => {
  test.each([
    ['an unknown page of the API', { url: '/api/nothing' }, 404, undefined],
    ['an unknown page at all', { url: '/nothing' }, 404, undefined],
    ['a method that is not there', { method: 'PUT', url: '/api/alerts' }, 404, undefined],
    [
      'malformed JSON',
      { method: 'POST', url: '/api/session', payload: '{"role":', headers: { 'content-type': 'application/json' } },
      400,
      undefined,
    ],
    [
      'no JSON',
      { method: 'POST', url: '/api/session', payload: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      undefined,
    ],
    ['an empty body', { method: 'POST', url: '/api/session', headers: { 'content-type': 'application/json' } }, 400, undefined],
    ['too large', { method: 'POST', url: '/api/session', payload: { role: 'x'.repeat(2_000_000) } }, 413, undefined],
    ['an unknown role', { method: 'POST', url: '/api/session', payload: { role: 'king' } }, 400, 'role'],
    ['no role', { method: 'POST', url: '/api/session', payload: {} }, 400, 'role'],
    ['a wrong type', { method: 'POST', url: '/api/session', payload: { role: 7 } }, 400, 'role'],
    ['a limit that is no number', { url: '/api/alerts?limit=many' }, 400, '?limit'],
    ['a limit of nothing', { url: '/api/alerts?limit=0' }, 400, '?limit'],
    ['a time that is none', { url: '/api/alerts?since=yesterday' }, 400, '?since'],
    ['a cursor of somebody else', { url: '/api/alerts?cursor=***' }, 400, '?cursor'],
    ['a cursor of another list', { url: '/api/alerts?cursor=cjAwMDE' }, 400, '?cursor'],
    ['a place that is not there', { url: '/api/alerts?placeId=atlantis' }, 404, undefined],
    ['not ready', { url: '/readyz' }, 503, undefined],
  ])('%s', async (_what, request, status, field) => {
    const { answer, problem } = await inject(request)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(problem).toMatchObject({ type: expect.any(String), title: expect.any(String), status, detail: expect.any(String) })
    if (field) expect(problem.errors[0]).toEqual({ field, detail: expect.any(String), fix: expect.stringMatching(/\S/) })
  })

  test('a fault of the house says nothing of the house', async () => {
    const { answer, problem } = await inject({ url: '/boom' })
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('secret')
    expect(problem.reference).toBeTruthy()
  })

  test('a wrong choice names the right ones', async () => {
    const { problem } = await inject({ method: 'POST', url: '/api/session', payload: { role: 'king' } })
    expect(problem.errors[0].fix).toContain('officer')
  })

  test('somebody unknown is told to sign in, somebody known that the role may not', async () => {
    expect((await inject({ url: '/api/audit' })).problem).toMatchObject({ status: 401 })
    expect((await inject({ url: '/api/audit' }, 'officer')).problem).toMatchObject({
      status: 403,
      detail: expect.stringContaining('officer'),
    })
  })

  test('a wrong token is nobody, not a wall', async () => {
    expect((await inject({ url: '/api/wall', headers: { authorization: 'Bearer wrong' } })).answer.statusCode).toBe(401)
  })
})

describe('[S1] other sites can not act with a cookie', () => {
  const clock = (headers: object) =>
    inject({ method: 'POST', url: '/api/clock', payload: {}, headers: { host: 'linwang.local:8080', ...headers } }, 'officer')
  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://linwang.local:9090' },
    { 'sec-fetch-site': 'cross-site' },
  ])('%o', async (headers) => {
    expect((await clock(headers)).answer.statusCode).toBe(403)
  })
  test.each([{ origin: 'http://linwang.local:8080' }, { 'sec-fetch-site': 'same-origin' }, {}])(
    'the own page and plain clients may: %o',
    async (headers) => {
      expect((await clock(headers)).answer.statusCode).toBe(400)
    },
  )
})

describe('[§5] for the one who runs it', () => {
  test('alive, and figures for Prometheus', async () => {
    expect((await server.app.inject('/healthz')).json()).toEqual({ status: 'ok' })
    const { body } = await server.app.inject('/metrics')
    for (const line of [
      'linwang_signals_accepted_total 3',
      'linwang_queue_pressure 0',
      'linwang_revision 7',
      'linwang_detector_faults_total{detector="motion"} 2',
    ])
      expect(body).toContain(line)
    expect(body).toContain('nodejs_eventloop_lag_seconds')
  })

  test('OpenAPI 3.1 with every endpoint of the contract', async () => {
    const spec = (await server.app.inject('/api/openapi.json')).json()
    expect(spec.openapi).toBe('3.1.0')
    for (const path of [
      'session',
      'wall',
      'devices',
      'places',
      'residents',
      'signals',
      'alerts',
      'incidents',
      'orders',
      'quarantine',
      'feeds',
      'audit',
      'clock',
      'alerts/{id}/{command}',
      'orders/{id}/{command}',
      'incidents/{id}/{command}',
      'devices/{id}',
    ])
      expect(Object.keys(spec.paths)).toContain(`/api/${path}`)
    for (const path of ['/feeds/events', '/feeds/ws', '/healthz', '/readyz', '/metrics']) expect(Object.keys(spec.paths)).toContain(path)
    expect(spec.paths['/api/session'].post.requestBody.content['application/json'].schema.properties.role.enum).toContain('officer')
  })

  test.each(['/api/docs', '/setup'])('%s fetches nothing from outside', async (url) => {
    const { body, headers } = await server.app.inject(url)
    expect(headers['content-type']).toContain('text/html')
    expect(body).not.toMatch(/(src|href)=["']?(https?:)?\/\/|@import|url\(/)
  })
})
