import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import type { Page } from 'playwright-core'
import type { Place } from '../../shared/place.ts'
import { launchBrowser } from '../support/browser.ts'
import { discard, freePort, type RunningServer, startServer } from '../support/server.ts'
import { signIn } from '../support/session.ts'
import { bind, onTheWall } from './bound-device.ts'

/**
 * Alarms of a dialler that others wrote (https://github.com/jvanovost/dc09_spt, Apache-2.0, Python) reach the wall: plain over TCP,
 * enciphered over UDP, and from a panel whose clock is an hour off until it was told the time.
 *
 *     npm run trial:dialler -- --dialler <checkout of dc09_spt>
 */
const { values } = parseArgs({ options: { dialler: { type: 'string' } } })
const FEED = 'panels'
const KEY = '12345678901234567890123456789012'

/** One message, sent until it is acknowledged or given up; prints how that went. */
const DRIVER = `
import sys, time, json, logging
checkout, port, kind, key, offset, account, token, fields = sys.argv[1:9]
sys.path.insert(0, checkout)
logging.disable(logging.CRITICAL)
from dc09_spt import dc09_spt
spt = dc09_spt.dc09_spt(account)
spt.set_path('main', 'primary', '127.0.0.1', int(port), account=account, key=bytes.fromhex(key) if key else None, type=kind)
path = spt.tpaths['main']['primary']['path']
path.set_offset(int(offset))
answers, transfer = [], spt.transfer_msg
spt.transfer_msg = lambda *message: answers.append(transfer(*message)) or answers[-1]
spt.send_msg(token, json.loads(fields))
for _ in range(100):
    time.sleep(0.05)
    if answers and answers[-1]: break
print(json.dumps({'acknowledged': bool(answers and answers[-1]), 'tries': len(answers)}))
`

interface Call {
  name: string
  via: 'TCP' | 'UDP'
  account: string
  address: string
  kind: string
  token: 'ADM-CID' | 'SIA-DCS'
  fields: object
  alert: string
  keyed?: boolean
  /** seconds that the panel's clock is off */
  offset?: number
}
const CALLS: Call[] = [
  {
    ...{ name: 'fire, Contact ID', via: 'TCP', account: '1234', address: '1234/129', kind: 'smoke', token: 'ADM-CID' },
    ...{ fields: { code: 110, q: 1, zone: 129 }, alert: 'hazard.fire' },
  },
  {
    ...{ name: 'burglary, SIA', via: 'TCP', account: '1234', address: '1234/3', kind: 'alarm-panel', token: 'SIA-DCS' },
    ...{ fields: { code: 'BA', zone: 3, area: 2, areaname: 'Boven', zonename: 'Entree', text: 'Inbraak' }, alert: 'hazard.intrusion' },
  },
  {
    ...{ name: 'duress, enciphered', via: 'UDP', account: '0123', address: '0123/7', kind: 'help-button', token: 'ADM-CID', keyed: true },
    ...{ fields: { code: 121, q: 1, zone: 7 }, alert: 'help' },
  },
  {
    ...{ name: 'medical, clock an hour off', via: 'TCP', account: '0123', address: '0123/8', kind: 'help-button', token: 'ADM-CID' },
    ...{ fields: { code: 100, q: 1, zone: 8 }, alert: 'help', keyed: true, offset: 3600 },
  },
]

if (!values.dialler || !existsSync(join(values.dialler, 'dc09_spt/dc09_spt.py'))) {
  console.log('Skipped: give --dialler <a checkout of https://github.com/jvanovost/dc09_spt>.')
} else if (spawnSync('python3', ['-c', 'import cryptography']).status !== 0) {
  console.log('Skipped: the dialler needs python3 with the package cryptography.')
} else {
  await trial(resolve(values.dialler))
}

async function trial(checkout: string) {
  const port = await freePort()
  const server = await startServer({ env: { SIA_PORT: `${port}` } })
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await page.goto(`${server.url}/wall`)
    await page.waitForSelector('[data-cluster-id]')
    console.log(JSON.stringify({ ok: true, calls: await callAll(server, page, checkout, port) }, null, 2))
  } catch (error) {
    console.log(JSON.stringify({ ok: false, failed: (error as Error).message }, null, 2))
    process.exitCode = 1
  } finally {
    await browser.close()
    await discard(server)
  }
}

async function callAll(server: RunningServer, page: Page, checkout: string, port: number) {
  const admin = await signIn(server, 'admin')
  const homes = (await admin.get<{ items: Place[] }>(`/api/places?kind=flat&limit=${CALLS.length}`)).items
  const accounts = [{ account: '0123', key: KEY }, { account: '1234' }]
  await admin.ask('POST', '/api/feeds', { id: FEED, kind: 'sia-dc09', name: FEED, accounts })
  const results: object[] = []
  for (const [i, call] of CALLS.entries()) {
    const { address, kind } = call
    const deviceId = await bind(admin, { feed: FEED, address, kind, placeId: homes[i]!.id })
    results.push({ name: call.name, via: call.via, ...(await toTheWall(server, page, call, deviceId, () => dial(checkout, port, call))) })
  }
  return results
}

async function dial(checkout: string, port: number, { via, keyed, offset = 0, account, token, fields }: Call) {
  const args = ['-c', DRIVER, checkout, `${port}`, via, keyed ? KEY : '', `${offset}`, account, token, JSON.stringify(fields)]
  const { stdout } = await promisify(execFile)('python3', args, { timeout: 20_000 })
  return JSON.parse(stdout) as { acknowledged: boolean; tries: number }
}

async function toTheWall(server: RunningServer, page: Page, call: Call, deviceId: string, send: () => ReturnType<typeof dial>) {
  const begin = performance.now()
  const sent = send()
  const alert = await onTheWall(server, page, deviceId, call.alert, 10_000)
  const domMs = Math.round(performance.now() - begin)
  const { acknowledged, tries } = await sent
  if (!acknowledged) throw new Error(`${call.name} was not acknowledged`)
  if (alert.count !== 1) throw new Error(`${call.name} counts ${alert.count}`)
  return { alert: alert.kind, acknowledged, tries, domMs }
}
