import { afterEach, describe, expect, test } from 'vitest'
import type { Viewer } from '../../shared/access.ts'
import { type ApiServer, GENERAL_KEY, startApi } from '../support/api.ts'
import { testWorld } from '../support/world.ts'

const world = testWorld({
  residents: [
    { id: 'r0001', placeId: 'caihong-b01-u1-101', name: '赵小满', sex: 'f', birthDate: '1941-05-04', relation: 'head', categories: [] },
  ],
})
const PASSWORD = '窗外的樟树每年四月才落叶'
let server: ApiServer
afterEach(() => server.close())

const post = (url: string, payload: object, headers = {}) => server.app.inject({ method: 'POST', url, payload, headers })
const cookieOf = (answer: { headers: Record<string, unknown> }) => ({ cookie: String(answer.headers['set-cookie']).split(';')[0]! })
const whoIs = async (headers: object) =>
  (await server.app.inject({ url: '/api/session', headers: { ...headers } })).json() as { user: Viewer | null }

describe('[S1] demo: a role is enough', () => {
  test.each([
    ['officer', {}, { id: 'officer-a', scope: 'caihong', staffId: 'officer-a' }],
    ['supervisor', {}, { id: 'supervisor', scope: 'xinan' }],
    ['engineer', {}, { id: 'engineer', scope: 'caihong' }],
    ['admin', {}, { id: 'admin', scope: 'xinan' }],
    ['field', {}, { id: 'g1-day', scope: 'caihong-g1' }],
    ['field', { scope: 'caihong-g2' }, { id: 'g2-day', scope: 'caihong-g2' }],
    ['field', { scope: 'caihong' }, { id: 'g1-day', scope: 'caihong-g1' }],
    ['field', { staffId: 'g1-other' }, { id: 'g1-other', scope: 'caihong-g1' }],
    ['resident', {}, { id: 'r0001', scope: 'caihong-b01-u1-101' }],
    ['visitor', {}, { scope: 'xinan' }],
    ['wall', { scope: 'caihong-g1' }, { scope: 'caihong-g1' }],
  ])('%s %o', async (role, wish, user) => {
    server = await startApi(world)
    const answer = await post('/api/session', { role, ...wish })
    expect(answer.statusCode).toBe(200)
    expect(answer.json().user).toMatchObject({ role, ...user })
    expect(await whoIs(cookieOf(answer))).toMatchObject({ user: { role, ...user } })
  })

  test('nobody is a wall without a name', async () => {
    server = await startApi(world)
    expect(await whoIs({})).toMatchObject({ user: null, viewer: { id: 'anonymous', role: 'wall', scope: 'xinan' } })
  })

  test('signing out ends the session for every copy of the cookie', async () => {
    server = await startApi(world)
    const officer = await server.as('officer')
    expect((await server.app.inject({ method: 'DELETE', url: '/api/session', headers: officer })).statusCode).toBe(204)
    expect(await whoIs(officer)).toMatchObject({ user: null })
  })

  test('a session ends by itself after its shift, on real time', async () => {
    server = await startApi(world)
    const officer = await server.as('officer')
    server.time.wall += 12 * 3_600_000 - 1
    expect(await whoIs(officer)).toMatchObject({ user: { id: expect.any(String) } })
    server.time.wall += 1
    expect(await whoIs(officer)).toMatchObject({ user: null })
  })

  test('the store holds no token', async () => {
    server = await startApi(world)
    const { cookie } = await server.as('officer')
    const kept = JSON.stringify([
      server.db.prepare('SELECT * FROM sessions').all(),
      server.db.prepare('SELECT * FROM audit').all(),
      server.commands,
    ])
    expect(kept).not.toContain(cookie.split('=')[1])
  })
})

describe('[S1] live: no default password, one link once', () => {
  const setUp = async () => {
    server = await startApi(world, 'live')
    const link = await server.access.offerSetup()
    const token = new URL(link!, 'http://x').searchParams.get('token')!
    return { link, token }
  }
  const admin = { username: 'linyue', password: PASSWORD }

  test('roles alone open nothing, and nobody sees nothing', async () => {
    server = await startApi(world, 'live')
    expect((await post('/api/session', { role: 'admin' })).statusCode).toBe(403)
    expect((await server.app.inject('/api/wall')).statusCode).toBe(401)
    expect(await whoIs({})).toEqual({ user: null, viewer: null, mode: 'live' })
  })

  test('the link makes the administrator, who signs in', async () => {
    const { link, token } = await setUp()
    expect(link).toMatch(/^\/setup\?token=[\w-]{43}$/)
    const made = await post('/api/setup', { token, ...admin })
    expect(made.statusCode).toBe(201)
    expect(made.json().user).toMatchObject({ username: 'linyue', role: 'admin', scope: null })
    expect(made.body).not.toContain('argon2')
    const signedIn = await post('/api/session', admin)
    expect(signedIn.json()).toMatchObject({ user: { role: 'admin', scope: 'xinan' } })
    expect(await whoIs(cookieOf(signedIn))).toMatchObject({ user: { id: expect.any(String) } })
  })

  test('the link works once', async () => {
    const { token } = await setUp()
    await post('/api/setup', { token, ...admin })
    const again = await post('/api/setup', { token, username: 'intruder', password: PASSWORD })
    expect(again.statusCode).toBe(410)
    expect(await server.access.offerSetup()).toBeUndefined()
  })

  test('a guessed, an old and a replaced link do not', async () => {
    const { token } = await setUp()
    expect((await post('/api/setup', { token: 'guess', ...admin })).statusCode).toBe(410)
    await server.access.offerSetup()
    expect((await post('/api/setup', { token, ...admin })).statusCode).toBe(410)
    const link = await server.access.offerSetup()
    server.time.wall += 24 * 3_600_000
    expect((await post('/api/setup', { token: link!.split('=')[1], ...admin })).statusCode).toBe(410)
  })

  test('a poor password leaves the link unused', async () => {
    const { token } = await setUp()
    const poor = await post('/api/setup', { token, username: 'linyue', password: 'linyue123456' })
    expect(poor.statusCode).toBe(422)
    expect(poor.json().errors[0]).toMatchObject({ field: '/password', fix: expect.any(String) })
    expect((await post('/api/setup', { token, ...admin })).statusCode).toBe(201)
  })

  test('five wrong passwords lock the name for that address, for a quarter of an hour', async () => {
    const { token } = await setUp()
    await post('/api/setup', { token, ...admin })
    const attempt = (password: string) => post('/api/session', { username: 'LinYue', password })
    for (let i = 0; i < 5; i++) expect((await attempt('wrong')).statusCode).toBe(401)
    const locked = await attempt(PASSWORD)
    expect(locked.statusCode).toBe(429)
    expect(locked.headers['retry-after']).toBe('900')
    const elsewhere = await server.app.inject({ method: 'POST', url: '/api/session', payload: admin, remoteAddress: '10.0.0.9' })
    expect(elsewhere.statusCode).toBe(200)
    server.time.monotonic += 900_000
    expect((await attempt(PASSWORD)).statusCode).toBe(200)
  })

  test('known and unknown names get the same answer, and each failure its audit row', async () => {
    const { token } = await setUp()
    await post('/api/setup', { token, ...admin })
    const known = await post('/api/session', { username: 'linyue', password: 'wrong' })
    const unknown = await post('/api/session', { username: 'nobody', password: 'wrong' })
    expect(unknown.json()).toEqual(known.json())
    const rows = server.db.prepare("SELECT subject FROM audit WHERE act = 'session.refused'").pluck().all()
    expect(rows).toEqual(['linyue', 'nobody'])
  })
})

describe('[S1] users, wall links and feed keys', () => {
  test('an administrator makes users; a change ends their sessions; the last administrator stays', async () => {
    server = await startApi(world)
    const admin = await server.as('admin')
    const made = await post(
      '/api/users',
      { username: 'zhou', password: PASSWORD, role: 'field', scope: 'caihong-g1', staffId: 'g1-day' },
      admin,
    )
    expect(made.statusCode).toBe(201)
    expect((await post('/api/users', { username: 'ZHOU', password: PASSWORD, role: 'officer' }, admin)).statusCode).toBe(409)
    const zhou = cookieOf(await post('/api/session', { username: 'zhou', password: PASSWORD }))
    expect(await whoIs(zhou)).toMatchObject({ user: { role: 'field', scope: 'caihong-g1', staffId: 'g1-day' } })
    const url = `/api/users/${made.json().user.id}`
    await server.app.inject({ method: 'PATCH', url, payload: { disabled: true }, headers: admin })
    expect(await whoIs(zhou)).toMatchObject({ user: null })
    expect((await post('/api/session', { username: 'zhou', password: PASSWORD })).statusCode).toBe(401)

    const boss = (await post('/api/users', { username: 'boss', password: PASSWORD, role: 'admin' }, admin)).json().user
    const demoted = await server.app.inject({ method: 'PATCH', url: `/api/users/${boss.id}`, payload: { role: 'officer' }, headers: admin })
    expect(demoted.statusCode).toBe(409)
  })

  test('one changes the own password, which ends the other sessions', async () => {
    server = await startApi(world)
    await post('/api/users', { username: 'zhou', password: PASSWORD, role: 'officer' }, await server.as('admin'))
    const signIn = (password: string) => post('/api/session', { username: 'zhou', password })
    const [here, elsewhere] = [cookieOf(await signIn(PASSWORD)), cookieOf(await signIn(PASSWORD))]
    const change = (current: string, password: string) => post('/api/session/password', { current, password }, here)
    expect((await change('wrong', 'correct horse battery')).statusCode).toBe(401)
    expect((await change(PASSWORD, 'zhou')).statusCode).toBe(422)
    const changed = await change(PASSWORD, 'correct horse battery')
    expect(changed.statusCode).toBe(200)
    expect(await whoIs(cookieOf(changed))).toMatchObject({ user: { name: 'zhou' } })
    expect([await whoIs(here), await whoIs(elsewhere)]).toMatchObject([{ user: null }, { user: null }])
    expect([(await signIn(PASSWORD)).statusCode, (await signIn('correct horse battery')).statusCode]).toEqual([401, 200])
    expect((await post('/api/session/password', { current: '', password: PASSWORD }, await server.as('officer'))).statusCode).toBe(403)
  })

  test('others do not', async () => {
    server = await startApi(world)
    expect((await post('/api/users', { username: 'x1', password: PASSWORD, role: 'admin' }, await server.as('officer'))).statusCode).toBe(
      403,
    )
    expect((await server.app.inject({ url: '/api/users' })).statusCode).toBe(401)
  })

  test('a wall’s link is a wall of its scope until it is withdrawn', async () => {
    server = await startApi(world)
    const admin = await server.as('admin')
    const { token, id, link } = (await post('/api/kiosks', { name: '一号屏', scope: 'caihong-g1' }, admin)).json()
    expect(link).toBe(`/wall?token=${token}`)
    expect(server.access.authenticate({ token })).toMatchObject({ role: 'wall', scope: 'caihong-g1', name: '一号屏' })
    const signedIn = await post('/api/session', { token })
    expect(await whoIs(cookieOf(signedIn))).toMatchObject({ user: { id } })
    expect((await server.app.inject({ method: 'DELETE', url: `/api/kiosks/${id}`, headers: admin })).statusCode).toBe(204)
    expect(server.access.authenticate({ token })).toBeUndefined()
    expect((await post('/api/session', { token })).statusCode).toBe(401)
  })

  test('[I2] a feed’s own key posts as that feed, the general one as any, others not at all', async () => {
    server = await startApi(world)
    const engineer = await server.as('engineer')
    const { key, id } = (await post('/api/feeds/gates/keys', {}, engineer)).json()
    expect(server.access.authorizeFeed(`Bearer ${key}`)).toEqual({ feed: 'gates' })
    expect(server.access.authorizeFeed(`bearer ${GENERAL_KEY}`)).toEqual({})
    for (const wrong of [undefined, '', 'Bearer', 'Bearer x', GENERAL_KEY, `Basic ${GENERAL_KEY}`])
      expect(server.access.authorizeFeed(wrong)).toBeUndefined()
    expect((await server.app.inject({ url: '/api/feeds/gates/keys', headers: engineer })).body).not.toContain(key)
    await server.app.inject({ method: 'DELETE', url: `/api/feeds/gates/keys/${id}`, headers: engineer })
    expect(server.access.authorizeFeed(`Bearer ${key}`)).toBeUndefined()
  })

  test('[S2] each of these leaves its audit row', async () => {
    server = await startApi(world)
    const admin = await server.as('admin')
    await post('/api/kiosks', { name: '一号屏' }, admin)
    await post('/api/feeds/gates/keys', {}, admin)
    const rows = server.db.prepare('SELECT act, by FROM audit ORDER BY seq').all()
    expect(rows).toEqual(['session.create', 'kiosk.create', 'feed-key.create'].map((act) => ({ act, by: 'admin' })))
  })
})
