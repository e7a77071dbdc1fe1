import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Committed, Engine } from '../../server/engine/client.ts'
import { stateAt } from '../../server/store/journal.ts'
import type { Alert } from '../../shared/alert.ts'
import { applyPatch } from '../../shared/patch.ts'
import type { ProblemError } from '../../shared/problem.ts'
import { REGISTERS } from '../support/data-dir.ts'
import { ADMIN, advance, arrivalOf, lookInto, OFFICER, openEngine, registersDir, START, tempDir } from '../support/engine.ts'
import { help, motion } from '../support/events.ts'

const BUTTON = 'help-b01-u1-101'
const OTHER = 'help-b01-u1-302'
const at = (ms: number) => ({ time: new Date(ms).toISOString() })
const press = (engine: Engine, button = BUTTON) => engine.receive(arrivalOf(help(button, at(engine.clock().now))))
const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: ProblemError) => error.problem,
  )

test('[A3] a press is stored, raised, opened, dispatched and shown in one revision', async () => {
  const dataDir = await registersDir()
  const engine = await openEngine(dataDir)
  const commits: Committed[] = []
  engine.onCommit((committed) => commits.push(committed))
  expect(await press(engine)).toMatchObject({ accepted: 1, duplicates: 0, quarantined: 0 })
  expect(commits).toHaveLength(1)
  expect(commits[0]).toMatchObject({ changed: { alerts: ['alert-1'], incidents: ['incident-1'], orders: ['order-1'] } })
  const state = engine.state()
  expect(state.alerts.map(({ id, kind, priority }) => ({ id, kind, priority }))).toEqual([{ id: 'alert-1', kind: 'help', priority: 1 }])
  expect(state.orders[0]).toMatchObject({ id: 'order-1', incidentId: 'incident-1', state: 'dispatched' })
  const db = lookInto(dataDir)
  expect(db.prepare('SELECT count(*) AS n FROM signal').get()).toEqual({ n: 1 })
  expect(stateAt(db)).toEqual(JSON.parse(JSON.stringify(state)))
})

test('[I2] a repeated id is stored once', async () => {
  const dataDir = await registersDir()
  const engine = await openEngine(dataDir)
  const event = motion('motion-b01-u1-1501-living', true, at(START))
  const receipts = await Promise.all([engine.receive(arrivalOf(event)), engine.receive(arrivalOf([event, event]))])
  expect(receipts).toMatchObject([
    { accepted: 1, duplicates: 0 },
    { accepted: 0, duplicates: 2 },
  ])
})

test('[A3] a commit that fails keeps nothing and says so; sent again it is as if it came the first time', async () => {
  const dataDir = await registersDir()
  const engine = await openEngine(dataDir)
  const before = engine.state()
  const other = lookInto(dataDir)
  const event = arrivalOf(help(BUTTON, at(START)))
  other.exec('BEGIN IMMEDIATE')
  const [problem, refused] = await Promise.all([problemOf(engine.receive(event)), problemOf(engine.command(advance(60)))])
  expect(problem).toMatchObject({ status: 503, retryAfter: 5 })
  expect(refused).toMatchObject({ status: 503 })
  other.exec('ROLLBACK')
  expect(engine.state()).toBe(before)
  expect(engine.clock().now).toBe(START)
  expect(await engine.receive(event)).toMatchObject({ accepted: 1, duplicates: 0 })
  expect(engine.state().alerts).toMatchObject([{ id: 'alert-1', count: 1 }])
})

test('[A3] a fault behind intake costs no signal: the message is stored, its neighbours go all the way, health shows it', async () => {
  const dataDir = await registersDir()
  const engine = await openEngine(dataDir)
  const db = lookInto(dataDir)
  db.exec("CREATE TRIGGER broken BEFORE INSERT ON alerts WHEN NEW.device = 'help-b01-u1-101' BEGIN SELECT RAISE(ABORT, 'broken'); END")
  const receipts = await Promise.all([press(engine), press(engine, OTHER), press(engine)])
  expect(receipts).toMatchObject([{ accepted: 1 }, { accepted: 1 }, { accepted: 1 }])
  expect(db.prepare('SELECT count(*) AS n FROM signal').get()).toEqual({ n: 3 })
  expect(engine.state().alerts.map(({ deviceId }) => deviceId)).toEqual([OTHER])
  await new Promise((wake) => setTimeout(wake, 1200))
  expect(engine.health()).toMatchObject({ accepted: 3, faults: { commit: { last: 'broken' } } })
})

test('[A1] after a restart everything goes on where it was', async () => {
  const dataDir = await registersDir()
  const first = await openEngine(dataDir)
  await press(first)
  await first.command(advance('90s'))
  const before = first.state()
  await first.close()
  const second = await openEngine(dataDir)
  expect(second.clock().now).toBe(START + 90_000)
  expect(second.state().revision).toBeGreaterThanOrEqual(before.revision)
  expect(second.state().alerts).toEqual(JSON.parse(JSON.stringify(before.alerts)))
  await press(second)
  expect(second.state().alerts).toHaveLength(1)
  expect(second.state().alerts[0]).toMatchObject({ id: 'alert-1', count: 2 })
})

test('[D2] the same key gets the first answer again, also after a restart; another command with it is refused', async () => {
  const dataDir = await registersDir()
  const engine = await openEngine(dataDir)
  await press(engine)
  const acknowledge = { name: 'alert.acknowledge', target: 'alert-1', version: 1, body: {}, actor: OFFICER }
  const [one, two] = await Promise.all([engine.command<Alert>(acknowledge, 'key-1'), engine.command<Alert>(acknowledge, 'key-1')])
  expect(one).toMatchObject({ state: 'active-acknowledged', version: 2 })
  expect(two).toEqual(one)
  expect(await problemOf(engine.command({ ...acknowledge, version: 2 }, 'key-1'))).toMatchObject({ status: 422 })
  expect(await problemOf(engine.command(acknowledge, 'key-2'))).toMatchObject({ status: 409, current: { id: 'alert-1', version: 2 } })
  await engine.close()
  const again = await openEngine(dataDir)
  expect(await again.command(acknowledge, 'key-1')).toEqual(one)
})

test('[S2] a command and its audit row are in one transaction, a refused one leaves neither', async () => {
  const dataDir = await registersDir()
  const engine = await openEngine(dataDir)
  await press(engine)
  const db = lookInto(dataDir)
  const audits = () => db.prepare("SELECT count(*) AS n FROM audit WHERE act = 'alert.acknowledge'").get()
  const acknowledge = (version: number) => ({ name: 'alert.acknowledge', target: 'alert-1', version, body: {}, actor: OFFICER })
  await problemOf(engine.command(acknowledge(9)))
  expect(audits()).toEqual({ n: 0 })
  await engine.command(acknowledge(1))
  expect(audits()).toEqual({ n: 1 })
})

test('[P1] the fold of the patches to a revision is the state at that revision', async () => {
  const dataDir = await registersDir()
  const engine = await openEngine(dataDir)
  let folded = engine.state()
  engine.onCommit(({ from, revision, at: when, ops }) => {
    folded = applyPatch(folded, { from, to: revision, at: when, ops })
  })
  await press(engine)
  await press(engine, OTHER)
  await engine.command({ name: 'alert.acknowledge', target: 'alert-2', version: 1, body: {}, actor: OFFICER })
  await engine.command(advance('PT20M'))
  expect(folded).toEqual(engine.state())
  expect(stateAt(lookInto(dataDir), folded.revision)).toEqual(JSON.parse(JSON.stringify(folded)))
})

test('[A1] an advance ticks at least once a minute of domain time; the clock is moved by nothing else', async () => {
  const dataDir = await registersDir()
  const engine = await openEngine(dataDir)
  const db = lookInto(dataDir)
  expect(await engine.command(advance('1h'))).toEqual({ now: START + 3_600_000 })
  const ticks = db.prepare('SELECT at FROM ticks WHERE at > ? ORDER BY n').all(START) as { at: number }[]
  expect(ticks.map(({ at: when }) => (when - START) / 60_000)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
  await new Promise((wake) => setTimeout(wake, 1200))
  expect(engine.clock().now).toBe(START + 3_600_000)
  expect(await problemOf(engine.command({ name: 'clock.rate', body: { rate: 2 }, actor: ADMIN }))).toMatchObject({ status: 409 })
  expect(await problemOf(engine.command(advance('soon')))).toMatchObject({ status: 400, errors: [{ field: 'advance' }] })
})

test('[A1] a demo clock runs at its rate, and a restart does not turn it back', async () => {
  const dataDir = await registersDir()
  const engine = await openEngine(dataDir, { clock: { mode: 'real' } })
  await engine.command({ name: 'clock.rate', body: { rate: 120 }, actor: ADMIN })
  const { now } = engine.clock()
  await new Promise((wake) => setTimeout(wake, 1000))
  const later = engine.clock().now
  expect(later - now).toBeGreaterThan(100_000)
  await engine.close()
  const again = await openEngine(dataDir, { clock: { mode: 'real' } })
  expect(again.clock().now).toBeGreaterThanOrEqual(later)
})

test('[S1] a demo database does not open in live mode, nor the other way round', async () => {
  const dataDir = await registersDir()
  const engine = await openEngine(dataDir)
  await engine.close()
  await expect(openEngine(dataDir, { mode: 'live', clock: { mode: 'real' } })).rejects.toThrow(/demo database.*MODE=demo/)
  const live = tempDir()
  const other = await openEngine(live, { mode: 'live', clock: { mode: 'real' }, registers: undefined })
  expect(await problemOf(other.command(advance(1)))).toMatchObject({ status: 403 })
  expect(await problemOf(other.command({ name: 'clock.rate', body: { rate: 2 }, actor: ADMIN }))).toMatchObject({ status: 403 })
  await other.close()
  await expect(openEngine(live)).rejects.toThrow(/live database/)
})

test('[S2] a second process is told who holds the DATA_DIR', async () => {
  const dataDir = await registersDir()
  const engine = await openEngine(dataDir)
  await expect(openEngine(dataDir)).rejects.toThrow(new RegExp(`in use by another process \\(pid ${process.pid}`))
  await engine.close()
  await openEngine(dataDir)
})

test('[I5] over the bounds of the queue the sender is told to wait, and what was taken is answered', async () => {
  const engine = await openEngine(await registersDir(), { queue: { arrivals: 3 } })
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, () => engine.receive(arrivalOf(motion('motion-b01-u1-1501-living', true, at(START))))),
  )
  expect(results.slice(0, 3).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
  for (const result of results.slice(3))
    expect(result).toMatchObject({ status: 'rejected', reason: { problem: { status: 503, retryAfter: 1 } } })
  expect(engine.pressure).toBe(0)
})

test('[I3] what cannot be read is answered, and its neighbours are stored', async () => {
  const engine = await openEngine(await registersDir())
  const garbage = { source: 'cloudevents', transport: 'http', bytes: new Uint8Array([0xff, 0, 1]) }
  const results = await Promise.all([press(engine), engine.receive(garbage), press(engine, OTHER)])
  expect(results).toMatchObject([{ accepted: 1 }, { problem: { status: 400 } }, { accepted: 1 }])
})

test('an unknown command is a 404, and the engine lives on', async () => {
  const engine = await openEngine(await registersDir())
  expect(await problemOf(engine.command({ name: 'no.such', body: {}, actor: OFFICER }))).toMatchObject({ status: 404 })
  expect(await press(engine)).toMatchObject({ accepted: 1 })
})

/** The pilot's files with one of them changed. */
function files(change: string, to: (text: string) => string): Record<string, string> {
  const names = readdirSync(REGISTERS).filter((name) => /\.(csv|geojson)$/.test(name))
  const texts = names.map((name) => [name, readFileSync(join(REGISTERS, name), 'utf8')] as const)
  return Object.fromEntries(texts.map(([name, text]) => [name, name === change ? to(text) : text]))
}
const withoutCamera = (text: string) => text.replace(/^cam-113,.*\n/m, '')

test('an import is in force with the next signal, keeps what is open, and is told to the main thread', async () => {
  const engine = await openEngine(await registersDir())
  await press(engine)
  const told: true[] = []
  engine.onCommit(({ registers }) => registers && told.push(registers))
  const importing = (more: object) => ({
    name: 'registers.import',
    body: { files: files('devices.csv', withoutCamera), ...more },
    actor: ADMIN,
  })
  await engine.command(importing({ check: true }))
  expect(told).toEqual([])
  await engine.command(importing({}))
  expect(told).toEqual([true])
  await expect.poll(() => engine.state().totals.cameras, { timeout: 5000 }).toBe(112)
  expect(engine.state().alerts).toHaveLength(1)
  const gone = motion('cam-113', true, at(START))
  expect(await engine.receive(arrivalOf(gone))).toMatchObject({ accepted: 0, quarantined: 1 })
})

test('an import with a wrong row changes nothing', async () => {
  const engine = await openEngine(await registersDir())
  const body = { files: files('devices.csv', (text) => withoutCamera(text).replace('cam-001,camera', 'cam-001,kamera')) }
  expect(await problemOf(engine.command({ name: 'registers.import', body, actor: ADMIN }))).toMatchObject({ status: 422 })
  await press(engine)
  expect(engine.state().totals.cameras).toBe(113)
})
