import { type HomeData, isThere, outside, readHome } from './data.ts'
import { silenceOf } from './expected.ts'
import { callsOf } from './learned.ts'
import { madeUpLife } from './made-up.ts'
import { createReplay, raised, replayOf, type Sign } from './replay.ts'
import { falseOnes, round, trialOf } from './score.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
const DAYS = 60

/** What the server's own detectors do, minute by minute, when something else goes wrong. */
export function runScenarios(homes: readonly HomeData[], rate: number) {
  return {
    source: 'a made-up life of 60 days, then the mishap at each hour of the day',
    ...mishaps(),
    ...(isThere('tm000.csv.gz') && { absenceOfTm000: absence(readHome(outside('tm000.csv.gz'))) }),
    asTheServerRuns: homes.map((home) => compare(home, rate)),
  }
}

function mishaps() {
  const life = madeUpLife(DAYS + 2)
  const base = createReplay()
  for (const sign of life) if (sign.at < DAYS * DAY) base.sign(sign)
  base.passTo(DAYS * DAY)
  const memory = base.memory()
  const later = life.filter(({ at }) => at >= DAYS * DAY)
  const hours = Array.from({ length: 24 }, (_, hour) => DAYS * DAY + hour * HOUR)
  const run = (signs: readonly Sign[], until: number, isHeard?: (sensor: string, at: number) => boolean) => {
    const replay = createReplay({ memory: structuredClone(memory), isHeard })
    for (const sign of signs) replay.sign(sign)
    replay.passTo(until)
    return replay
  }
  const people = (replay: ReturnType<typeof run>) => raised(replay.found, 'inactivity').length + raised(replay.found, 'not-returned').length

  const sensors = ['motion-living', 'motion-bedroom', 'door']
  const batteryDies = sensors.map((dead) => {
    const runs = hours.map((from) => run(later, from + DAY, (sensor, at) => sensor !== dead || at < from))
    return { sensor: dead, runs: runs.length, personAlerts: runs.reduce((sum, replay) => sum + people(replay), 0) }
  })
  const outages = hours.map((from) => {
    const replay = run(later, from + 6 * HOUR, (_sensor, at) => at < from)
    const [row] = replay.analysis.care(replay.found.at(-1)?.at ?? 0, [])
    return { alerts: people(replay), isBlind: row?.state === 'blind' }
  })
  const falls = hours.map((from) => {
    const before = later.filter(({ at }) => at < from)
    return { from, before }
  })
  const guest = falls.map(({ from, before }) => {
    const moves = Array.from({ length: 12 }, (_, n) => ({ at: from + n * 600, sensor: 'motion-living' }))
    const left = from + 2 * HOUR
    const [alert] = raised(run([...before, ...moves, { at: left, sensor: 'door' }], from + 3 * DAY).found, 'not-returned')
    return alert ? (alert.home - left) / HOUR : Number.POSITIVE_INFINITY
  })
  const behind = falls.map(({ from, before }) => {
    const { found } = run([...before, { at: from, sensor: 'motion-living' }, { at: from + 60, sensor: 'door' }], from + 3 * DAY)
    const at = [...raised(found, 'not-returned'), ...raised(found, 'inactivity')].map(({ home }) => home)
    return (Math.min(...at, Number.POSITIVE_INFINITY) - from) / HOUR
  })
  return {
    batteryDies,
    gatewayOutFor6Hours: {
      runs: outages.length,
      personAlerts: outages.reduce((sum, { alerts }) => sum + alerts, 0),
      shownBlind: outages.filter(({ isBlind }) => isBlind).length,
    },
    guestKeepsMovingFor2Hours: delays(guest),
    fallsBehindTheDoor: delays(behind),
  }
}

/** h after the event, over its runs */
function delays(hours: readonly number[]) {
  const sorted = [...hours].sort((a, b) => a - b)
  return {
    runs: hours.length,
    within24: round(hours.filter((delay) => delay <= 24).length / hours.length),
    median: round(sorted[Math.floor(hours.length / 2)]!),
    longest: round(sorted.at(-1)!),
  }
}

/** Seven days of a real home (MIT, WSU-CASAS/CIL tests) with two and a half days of nobody there: too few days to have learned anything. */
function absence(home: HomeData) {
  const replay = replayOf(home)
  const hours = (kind: string) => raised(replay.found, kind).map(({ home: at }) => round((at - home.at[0]!) / HOUR, 1))
  let longest = 0
  for (let n = 1; n < home.at.length; n++) longest = Math.max(longest, home.at[n]! - home.at[n - 1]!)
  return { longestSilenceHours: round(longest / HOUR, 1), inactivity: hours('inactivity'), notReturned: hours('not-returned') }
}

/** The whole of a home's days through the server's detectors, against what the curve says of the same setting. */
function compare(home: HomeData, rate: number) {
  const trial = trialOf(home)
  const started = performance.now()
  const replay = replayOf(home)
  const alerts = raised(replay.found, 'inactivity').filter(({ home: at }) => at >= trial.from)
  const called = callsOf(home, 'C', [rate])
  const silences = (times: readonly number[]) => new Set(times.map((at) => silenceOf(home, at)))
  const own = silences(alerts.map(({ home: at }) => at))
  const model = silences([...called.home[0]!].filter((at, n) => at >= trial.from && at < (home.at[n + 1] ?? 0)))
  return {
    home: home.name,
    track: 'C',
    dial: rate,
    byServer: alerts.length,
    ofModel: falseOnes(trial, called.home[0]!, false),
    sameSilence: [...own].filter((silence) => model.has(silence)).length,
    notReturnedByServer: raised(replay.found, 'not-returned').filter(({ home: at }) => at >= trial.from).length,
    errors: replay.analysis.health().reduce((sum, { errors }) => sum + errors, 0),
    seconds: round((performance.now() - started) / 1000, 1),
  }
}
