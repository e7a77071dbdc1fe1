import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../server/store/open.ts'
import { motion, post } from '../support/events.ts'
import { discard, freePort, type RunningServer, startServer } from '../support/server.ts'
import { eventually, openSession } from '../support/session.ts'

const ROOT = join(import.meta.dirname, '../..')
const PASSWORD = 'nine quiet herons at dusk'
let server: RunningServer
let link: string

beforeAll(async () => {
  server = await startServer({ env: { MODE: 'live', FEED_KEY: '' } })
  link = await eventually(() => /http\S+\/setup\?token=\S+(?=\s)/.exec(server.output())?.[0], 10_000, 'a link to set up')
})
afterAll(async () => {
  if (server) await discard(server)
})

const token = () => new URL(link).searchParams.get('token')!
const setUp = (body: object) => openSession(server.url).ask('POST', '/api/setup', body)

test('[S1] live mode knows no role without a password, shows nothing to a stranger, and gives no default key away', async () => {
  const stranger = openSession(server.url)
  for (const role of ['officer', 'admin', 'wall'])
    expect((await stranger.ask('POST', '/api/session', { role })).status, role).toBeGreaterThanOrEqual(400)
  for (const path of [
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
  ])
    expect((await stranger.ask('GET', `/api/${path}`)).status, path).toBe(401)
  const key = readdirSync(server.dataDir).find((name) => /feed/i.test(name))
  expect(key, 'the key lies in DATA_DIR').toBeDefined()
  expect(server.output()).not.toContain(readFileSync(join(server.dataDir, key!), 'utf8').trim())
  expect((await post(server.url, 'key-of-this-test', motion('m'))).status).toBe(401)
})

test('[S1] the first start prints one link that makes the administrator once', async () => {
  expect(link).toMatch(/token=[\w-]{20,}/)
  expect((await setUp({ token: 'a'.repeat(43), username: 'mallory', password: PASSWORD })).status).toBeGreaterThanOrEqual(400)
  expect((await setUp({ token: token(), username: 'head', password: '123456789012' })).status, 'too easy').toBeGreaterThanOrEqual(400)
  expect((await setUp({ token: token(), username: 'head', password: PASSWORD })).status).toBe(201)
  expect((await setUp({ token: token(), username: 'second', password: PASSWORD })).status, 'once').toBeGreaterThanOrEqual(400)
})

test('[S1] the administrator signs in by password alone, and a restart prints no second link', async () => {
  expect((await openSession(server.url).ask('POST', '/api/session', { username: 'head', password: 'not the password' })).status).toBe(401)
  const answer = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'head', password: PASSWORD }),
  })
  expect(await answer.json()).toMatchObject({ user: { role: 'admin' } })
  const cookie = answer.headers.get('set-cookie')!
  expect(cookie).toMatch(/HttpOnly/i)
  expect(cookie).toMatch(/SameSite=(Lax|Strict)/i)
  expect(await server.stop()).toBe(0)
  server = await server.restart()
  expect(server.output()).not.toContain('/setup?token=')
  const again = openSession(server.url, { cookie: cookie.split(';')[0]! })
  expect((await again.ask('GET', '/api/wall')).status, 'the session outlives a restart').toBe(200)
})

test('[A1] the clock of a live system cannot be set: not by the environment', async () => {
  const { code, output } = await startOnce({ MODE: 'live', CLOCK: 'manual', DATA_DIR: `${server.dataDir}-x` })
  expect([code, output]).toEqual([1, expect.stringContaining('CLOCK')])
})

test('[S1] a live database does not open in demo mode, nor a demo database in live mode', async () => {
  await server.stop()
  const asDemo = await startOnce({ MODE: 'demo', DATA_DIR: server.dataDir })
  expect([asDemo.code, asDemo.output]).toEqual([1, expect.stringMatching(/live database/)])
  const demo = mkdtempSync(join(tmpdir(), 'linwang-'))
  openStore(demo, 'demo').close()
  const asLive = await startOnce({ MODE: 'live', DATA_DIR: demo })
  expect([asLive.code, asLive.output]).toEqual([1, expect.stringMatching(/demo database/)])
  rmSync(demo, { recursive: true })
}, 60_000)

test('[S2] one process owns a DATA_DIR: a second one is refused and says who holds it', async () => {
  server = await server.restart()
  const { code, output } = await startOnce({ MODE: 'live', DATA_DIR: server.dataDir })
  expect([code, output]).toEqual([1, expect.stringContaining(`${server.pid}`)])
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
})

test('[S2] the audit shows the sign-ins and the new administrator, to the administrator', async () => {
  const answer = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'head', password: PASSWORD }),
  })
  const admin = openSession(server.url, { cookie: answer.headers.get('set-cookie')!.split(';')[0]! })
  const acts = (await admin.all<{ act: string }>('/api/audit')).map(({ act }) => act)
  expect(acts.join(' ')).toMatch(/setup/)
  expect(acts.join(' ')).toMatch(/session/)
})

/** Starts it where it must refuse to start. */
async function startOnce(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'server/main.ts')], {
    cwd: ROOT,
    env: { ...process.env, SIMULATE: 'off', PORT: `${await freePort()}`, MQTT_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await once(child, 'close')
  clearTimeout(late)
  if (existsSync(`${env.DATA_DIR}`) && env.DATA_DIR!.endsWith('-x')) rmSync(env.DATA_DIR!, { recursive: true })
  return { code: child.exitCode, output }
}
