import { parseArgs } from 'node:util'
import { outboxRun } from './outbox-run.ts'

const { values } = parseArgs({
  options: { matters: { type: 'string', default: '120' }, kills: { type: 'string', default: '4' }, seed: { type: 'string' } },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const result = await outboxRun({ matters: Number(values.matters), kills: Number(values.kills), seed, tell: (line) => console.error(line) })
const ok = result.faults.length + result.strange + result.email.missing + result.webhook.missing === 0
console.log(JSON.stringify({ ok, ...result }, null, 2))
process.exitCode = ok ? 0 : 1
