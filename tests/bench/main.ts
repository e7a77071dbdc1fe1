import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { launchBrowser } from '../support/browser.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { adapterRates, fuzzAll } from './adapters.ts'
import { badFeed, mqttDevices } from './crowd.ts'
import { households } from './households.ts'
import { manyWalls, patchLatency } from './latency.ts'
import { eventMaker, type Fleet, fleetOf, floodHttp, floodWebSocket } from './load.ts'
import { fillLoop, loop } from './loop.ts'
import { median, peakMb, residentMb, sleep } from './numbers.ts'
import { acceptToWall, phones } from './orders.ts'
import { firstPaint, heapGrowth, mainThreadPerPatch, pageWeight, pressToDom } from './page.ts'
import { fillQueue, queue } from './queue.ts'
import { fill } from './stored.ts'

const { values } = parseArgs({
  options: {
    /** a tenth of everything: to see that it runs, not to quote */
    quick: { type: 'boolean', default: false },
    /** parts to run, by name, with commas; all without */
    only: { type: 'string' },
    /** signals stored for the parts that want a full store */
    stored: { type: 'string', default: '10000000' },
  },
})
const scale = values.quick ? 0.1 : 1
const wanted = values.only?.split(',')
const result: Record<string, unknown> = {}
const tell = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`)

/** Runs one part unless others were asked for; a part that fails says so and stops nobody else. */
async function part(name: string, run: () => Promise<unknown>): Promise<void> {
  if (wanted && !wanted.includes(name)) return
  tell(name)
  try {
    result[name] = await run()
  } catch (error) {
    result[name] = { failed: error instanceof Error ? error.message : String(error) }
  }
  tell(`${name} ${JSON.stringify(result[name])}`)
}

async function withServer<T>(run: (server: RunningServer, fleet: Fleet) => Promise<T>): Promise<T> {
  const server = await startServer()
  try {
    return await run(server, await fleetOf(server))
  } finally {
    await discard(server)
  }
}

const seconds = Math.max(2, 15 * scale)
const presses = { presses: Math.round(200 * scale), every: 100 }
/** a wall is looked at one press at a time: the next comes when the view has settled */
const calmPresses = { presses: Math.round(100 * scale), every: 500 }

/** The median of three runs, each on a store of its own. */
async function thrice(run: (server: RunningServer, fleet: Fleet) => Promise<{ perSecond: number }>) {
  const runs: number[] = []
  let memory = 0
  for (let i = 0; i < 3; i++) {
    await withServer(async (server, fleet) => {
      runs.push((await run(server, fleet)).perSecond)
      memory = Math.max(memory, peakMb(server.pid))
    })
  }
  return { signalsPerSecond: median(runs), runs, serverPeakMb: memory }
}

await part('households', () => households({ homes: 10_000 * scale, hours: Math.max(0.25, 3 * scale) }))
await part('adapterRates', async () => adapterRates(5 * scale))
await part('fuzz', async () => fuzzAll(10_000 * scale, Number(process.env.FUZZ_SEED ?? 20261123)))
await part('mqttDevices', () => withServer((server, fleet) => mqttDevices(server, fleet, 2_000 * scale, 500, seconds)))
await part('badFeed', () => withServer((server, fleet) => badFeed(server, fleet, Math.max(1, 5 * scale))))

await part('ingestWebSocketEmpty', () => thrice((server, fleet) => floodWebSocket(server, eventMaker(fleet), { seconds })))
await part('ingestHttpSingle', () => thrice((server, fleet) => floodHttp(server, eventMaker(fleet), { seconds })))
for (const rate of [0, 200, 1_000]) {
  await part(`signalToPatch${rate}`, () => withServer((server, fleet) => patchLatency(server, fleet, rate, presses)))
}
await part('walls200', () =>
  withServer((server, fleet) => manyWalls(server, fleet, 200, 1_000, { ...presses, presses: Math.round(100 * scale) })),
)

const browser =
  !wanted || wanted.some((name) => /^(page|press|heap|main|first)/.test(name) && !name.endsWith('NoMap'))
    ? await launchBrowser()
    : undefined
if (browser) {
  await part('pageWeight', () => withServer((server) => pageWeight(browser, server)))
  await part('firstPaint', () => withServer((server) => firstPaint(browser, server, values.quick ? 2 : 5)))
  for (const rate of [0, 200, 1_000]) {
    await part(`pressToDom${rate}`, () => withServer((server, fleet) => pressToDom(browser, server, fleet, rate, calmPresses)))
  }
  await part('mainThreadPerPatch', () => withServer((server, fleet) => mainThreadPerPatch(browser, server, fleet, presses.presses)))
  await part('heapGrowth', () => withServer((server, fleet) => heapGrowth(browser, server, fleet, 1_000 * scale, 10_000 * scale)))
  await browser.close()
}

// the same without the map's frames, which a processor paints slowly where there is no graphics card
const flat = !wanted || wanted.some((name) => name.endsWith('NoMap')) ? await launchBrowser({ args: ['--disable-3d-apis'] }) : undefined
if (flat) {
  for (const rate of [0, 1_000]) {
    await part(`pressToDom${rate}NoMap`, () => withServer((server, fleet) => pressToDom(flat, server, fleet, rate, calmPresses)))
  }
  await part('mainThreadPerPatchNoMap', () => withServer((server, fleet) => mainThreadPerPatch(flat, server, fleet, presses.presses)))
  await flat.close()
}

await part('stored', async () => {
  const count = Math.round(Number(values.stored) * scale)
  const dataDir = mkdtempSync(join(tmpdir(), 'linwang-stored-'))
  const fleet = await withServer(async (_server, found) => found)
  const start = performance.now()
  await fill(dataDir, eventMaker(fleet), count, (done) => tell(`stored ${done}`))
  const fillSeconds = (performance.now() - start) / 1000
  const restarts: number[] = []
  let server: RunningServer | undefined
  for (let i = 0; i < 3; i++) {
    const begin = performance.now()
    server = await startServer({ dataDir })
    restarts.push(Math.round(performance.now() - begin))
    if (i < 2) await server.kill()
  }
  const idleMb = residentMb(server!.pid)
  const flood = await floodWebSocket(server!, eventMaker(fleet), { seconds })
  const peak = peakMb(server!.pid)
  await discard(server!)
  const bytes = flood.accepted + count
  rmSync(dataDir, { recursive: true, force: true })
  return {
    stored: count,
    fillPerSecond: Math.round(count / fillSeconds),
    restartReadyMs: median(restarts),
    restarts,
    ingestPerSecond: flood.perSecond,
    signals: bytes,
    idleMb,
    serverPeakMb: peak,
  }
})

/** A store with so many closed and open incidents. */
async function withStored<T>(closed: number, open: number, run: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'linwang-stored-'))
  try {
    await fillQueue(dataDir, closed, open, (done) => tell(`queue ${done}`))
    return await run(dataDir)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

await part('queue', () => withStored(1_000_000 * scale, 10_000 * scale, (dataDir) => queue(dataDir, Math.round(40 * scale))))
await part('loop', () =>
  withStored(0, 10_000 * scale, async (dataDir) => {
    fillLoop(dataDir, 1_000_000 * scale, (done) => tell(`loop ${done}`))
    return loop(dataDir, Math.max(4, Math.round(25 * scale)))
  }),
)
await part('orders', () => withStored(0, 10_000 * scale, (dataDir) => acceptToWall(dataDir, Math.round(150 * scale), 100)))
for (const watch of [false, true]) {
  const load = { phones: 500 * scale, every: 15, reportsPerMinute: 50, seconds: Math.max(20, 120 * scale), watch }
  await part(watch ? 'phonesWatching' : 'phones', () => withServer((server) => phones(server, load)))
}

await sleep(0)
console.log(
  JSON.stringify(
    {
      at: new Date().toISOString(),
      machine: { cpus: cpus().length, model: cpus()[0]?.model, memoryGb: Math.round(totalmem() / 2 ** 30), node: process.version },
      quick: values.quick,
      ...result,
    },
    null,
    2,
  ),
)
