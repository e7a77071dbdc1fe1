import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { outside, readHome } from '../bench/care/data.ts'
import { alertsOfCurve, alertsOfDetectors, type CareAlert, scoredFrom } from '../bench/care/expected.ts'
import { round } from '../bench/care/score.ts'
import { shippedRate } from '../bench/care/shipped.ts'
import { launchBrowser } from '../support/browser.ts'
import { bindHome, replayHome } from '../support/care-replay.ts'
import { discard, startServer } from '../support/server.ts'
import { watchWall } from './care-wall.ts'

/**
 * All days of a real home through the HTTP feed of the real server, whose clock is moved along: its alerts are those that the bench counts,
 * and a wall in a browser shows each. `--home FILE.csv.gz` for another home; `--days 40` for the first of them; `--heartbeats 15`
 * for a word of each sensor every quarter of an hour, where else the sensors may keep still for a month by their own setting (takes longer).
 */
const { values } = parseArgs({ options: { home: { type: 'string' }, days: { type: 'string' }, heartbeats: { type: 'string' } } })
const heartbeats = values.heartbeats === undefined ? undefined : Number(values.heartbeats)
/** s */
const MONTH = 30 * 86_400
let told = performance.now()
const path = values.home ?? outside('aruba.csv.gz')
if (existsSync(path)) await trial()
else console.log(`Skipped: ${path} is not there. Its terms do not let it be part of this project; say where it lies with --home.`)

async function trial() {
  const home = firstDays(readHome(path), Number(values.days ?? Number.POSITIVE_INFINITY))
  const server = await startServer({ env: { CLOCK: 'manual' }, mqttPort: 0 })
  // without the map: painted by the processor it would be the thing that is measured
  const browser = await launchBrowser({ args: ['--disable-3d-apis'] })
  try {
    const wall = await watchWall(browser, server.url)
    const bound = await bindHome(server, heartbeats === undefined ? MONTH : undefined)
    const began = performance.now()
    const { found, ...counts } = await replayHome(server, bound, home, { heartbeats, onAlert: wall.mustShow, onDay: say })
    const seconds = round((performance.now() - began) / 1000, 0)
    const from = scoredFrom(home)
    const curve = against(
      found.filter(({ at }) => at >= from),
      alertsOfCurve(home, shippedRate()),
    )
    const detectors = against(found, alertsOfDetectors(home, heartbeats ?? 15, bound.resident))
    const ok = curve.isSame && detectors.isSame
    const days = Math.round((home.at.at(-1)! - home.at[0]!) / 86_400)
    const result = { ok, home: home.name, days, dial: shippedRate(), seconds, ...counts, curve, detectors, wall: wall.figures() }
    console.log(JSON.stringify(result, null, 1))
    process.exitCode = ok ? 0 : 1
  } finally {
    await browser.close()
    await discard(server)
  }
}

function firstDays(home: ReturnType<typeof readHome>, days: number) {
  const until = home.at[0]! + days * 86_400
  const count = home.at.findLastIndex((at) => at < until) + 1
  return { ...home, at: home.at.slice(0, count), door: home.door.slice(0, count) }
}

/** Two lists of alerts, silence by silence. */
function against(own: readonly CareAlert[], other: readonly CareAlert[]) {
  const match = (list: readonly CareAlert[], { kind, after }: CareAlert) => list.find((one) => one.kind === kind && one.after === after)
  const onlyServer = own.filter((alert) => !match(other, alert))
  const onlyBench = other.filter((alert) => !match(own, alert))
  const apart = own.flatMap((alert) => {
    const twin = match(other, alert)
    return twin ? [Math.abs(alert.at - twin.at)] : []
  })
  const count = (list: readonly CareAlert[], kind: string) => list.filter((alert) => alert.kind === kind).length
  const counts = (list: readonly CareAlert[]) => ({ inactivity: count(list, 'inactivity'), notReturned: count(list, 'not-returned') })
  const greatest = Math.max(0, ...apart)
  return {
    isSame: onlyServer.length + onlyBench.length === 0 && greatest <= 60,
    server: counts(own),
    bench: counts(other),
    greatestDifferenceSeconds: round(greatest, 1),
    ...(onlyServer.length + onlyBench.length > 0 && { onlyServer, onlyBench }),
  }
}

function say(day: number) {
  if (performance.now() - told < 10_000) return
  told = performance.now()
  console.error(`day ${day}`)
}
