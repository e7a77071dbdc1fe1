import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** mosquitto's broker and its mosquitto_pub, as Debian packages them. */
export function requireMosquitto() {
  for (const [command, from] of [
    ['mosquitto_pub', 'mosquitto-clients'],
    ['mosquitto', 'mosquitto'],
  ] as const) {
    if (spawnSync(command, ['--help']).error) throw new Error(`This trial needs ${command}: apt-get install ${from}`)
  }
}

export const publish = (port: number, topic: string, payload: string) =>
  void execFileSync('mosquitto_pub', ['-h', '127.0.0.1', '-p', `${port}`, '-q', '1', '-t', topic, '-m', payload])

export interface Mosquitto {
  url: string
  kill(): Promise<void>
  start(): Promise<void>
}

/** A real broker that keeps what waits for absent clients. */
export async function startMosquitto(folder: string, port: number): Promise<Mosquitto> {
  mkdirSync(folder, { recursive: true, mode: 0o777 })
  const config = join(folder, 'mosquitto.conf')
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence true',
    `persistence_location ${folder}/`,
    'autosave_interval 1',
    'autosave_on_changes true',
    'user root',
    'log_dest none',
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  let child: ChildProcess
  const start = async () => {
    child = spawn('mosquitto', ['-c', config], { stdio: 'ignore' })
    for (let tries = 0; tries < 100; tries++) {
      const socket = connect(port, '127.0.0.1')
      const open = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(
        () => false,
      )
      socket.destroy()
      if (open) return
      await sleep(50)
    }
    throw new Error('mosquitto did not start')
  }
  await start()
  return {
    url: `mqtt://127.0.0.1:${port}`,
    start,
    async kill() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
