import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { motion, post } from '../support/events.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openMqtt, signIn } from '../support/session.ts'
import { judge, readTrace } from './trace.ts'

/** A kill does not test the disk; a trace of system calls does: before each acknowledgement the log of the database is forced to the disk. */
const ROUNDS = 20
/** ms between two messages, so that one commit serves one message */
const PAUSE = 60

if (spawnSync('strace', ['-V']).error) {
  console.error('This trial needs strace: apt-get install strace')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'linwang-fsync-'))
const file = join(folder, 'trace.txt')
const server = await startServer({ dataDir: join(folder, 'data') })
const strace = await attach(server.pid, file)
try {
  const session = await signIn(server, 'engineer')
  const [sensor] = await session.all<{ id: string }>('/api/devices?kind=motion')
  for (const send of [byHttp, byWebSocket, byMqtt]) await send(server, sensor!.id)
} finally {
  strace.kill('SIGINT')
  await once(strace, 'exit')
  await server.stop()
}
const result = judge(readTrace(readFileSync(file, 'utf8')))
const total = Object.values(result).reduce((sum, { checked, ok }) => ({ checked: sum.checked + checked, ok: sum.ok + ok }), {
  checked: 0,
  ok: 0,
})
const ok = total.checked === 3 * ROUNDS && total.ok === total.checked
console.log(JSON.stringify({ ...total, all: ok, ...result }, null, 2))
if (ok) rmSync(folder, { recursive: true })
else console.error(`the trace is kept: ${file}`)
process.exitCode = ok ? 0 : 1

async function attach(pid: number, out: string) {
  const calls = 'trace=fdatasync,fsync,write,writev,pwrite64,sendto,sendmsg,read,recvfrom,recvmsg'
  const child = spawn('strace', ['-f', '-p', `${pid}`, '-e', calls, '-ttt', '-yy', '-s', '120', '-o', out], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await Promise.race([once(child.stderr, 'data'), once(child, 'exit').then(() => Promise.reject(new Error('strace could not attach')))])
  await sleep(500)
  return child
}

async function byHttp({ url, feedKey }: RunningServer, sensor: string) {
  for (let n = 0; n < ROUNDS; n++) {
    await post(url, feedKey, motion(sensor, true, { id: `fsync-http-${n}` }))
    await sleep(PAUSE)
  }
}
async function byWebSocket({ port, feedKey }: RunningServer, sensor: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/feeds/ws`, { headers: { authorization: `Bearer ${feedKey}` } })
  await once(socket, 'open')
  for (let n = 0; n < ROUNDS; n++) {
    socket.send(JSON.stringify(motion(sensor, true, { id: `fsync-ws-${n}` })))
    await once(socket, 'message')
    await sleep(PAUSE)
  }
  socket.close()
}
async function byMqtt({ mqttPort }: RunningServer, sensor: string) {
  const client = await openMqtt(mqttPort)
  for (let n = 0; n < ROUNDS; n++) {
    const event = motion(sensor, true, { id: `fsync-mqtt-${n}`, source: '/feeds/trial' })
    await client.publishAsync('linwang/trial/events', JSON.stringify(event), { qos: 1 })
    await sleep(PAUSE)
  }
  await client.endAsync()
}
