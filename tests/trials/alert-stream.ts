import { parseArgs } from 'node:util'
import { alertRun, faultsOf } from '../support/alert-run.ts'

/**
 * A Hikvision alertStream that stalls, splits its parts anywhere, sends pictures between them and drops the line: every alert that went out as a
 * whole is kept once, none that was cut off, in order, and each gap is told. The engine is overloaded now and then.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    alerts: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '20261123' },
    trouble: { type: 'string', default: '0.05' },
    /** ms of silence after which the client hangs up; on a busy machine more */
    stall: { type: 'string', default: '1000' },
    overload: { type: 'string', default: '0.1' },
  },
})
const runs: Awaited<ReturnType<typeof once>>[] = []
for (let run = 0; run < Number(values.runs); run++) runs.push(await once(Number(values.seed) + run))
const total = (what: 'sent' | 'cut' | 'uncertain' | 'kept' | 'connections') => runs.reduce((sum, run) => sum + run[what], 0)
const ok = runs.every(({ faults }) => faults.length === 0)
const summary = {
  ok,
  runs: runs.length,
  sent: total('sent'),
  cut: total('cut'),
  uncertain: total('uncertain'),
  kept: total('kept'),
  connections: total('connections'),
}
console.log(JSON.stringify(summary, null, 2))
process.exitCode = ok ? 0 : 1

async function once(seed: number) {
  const began = performance.now()
  const result = await alertRun({
    seed,
    alerts: Number(values.alerts),
    trouble: Number(values.trouble),
    overload: Number(values.overload),
    tuning: { stallAfter: Number(values.stall) },
  })
  const { device, kept, feed } = result
  const line = {
    seed,
    seconds: Math.round((performance.now() - began) / 100) / 10,
    connections: device.connections,
    breaks: device.breaks,
    sent: device.sent.length,
    cut: device.cut.length,
    uncertain: device.uncertain.length,
    kept: kept.length,
    reconnects: feed?.reconnects,
    gap: feed?.gap,
    faults: faultsOf(result),
  }
  console.error(JSON.stringify(line))
  return line
}
