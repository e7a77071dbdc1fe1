import { parseArgs } from 'node:util'
import { killRun } from './kill-run.ts'

const { values } = parseArgs({ options: { kills: { type: 'string', default: '20' }, seed: { type: 'string' } } })
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const result = await killRun({ kills: Number(values.kills), seed, tell: (line) => console.error(line) })
const ok = result.lost + result.doubled + result.strange + result.faults.length === 0
console.log(JSON.stringify({ ok, ...result }, null, 2))
process.exitCode = ok ? 0 : 1
