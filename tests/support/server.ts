import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/**
 * A port that was free a moment ago, below those that the system hands out to connections: while a server is down to be started again, a
 * busy machine would give its port away.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 17_000)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = once(server, 'listening').then(
    () => true,
    () => false,
  )
  server.listen(port, '127.0.0.1')
  if (!(await listening)) return false
  server.close()
  await once(server, 'close')
  return true
}

export interface RunningServer {
  url: string
  port: number
  mqttPort: number
  dataDir: string
  feedKey: string
  pid: number
  process: ChildProcess
  /** what it printed so far */
  output(): string
  /** Ctrl-C, then waits for the end; gives the exit code */
  stop(): Promise<number | null>
  /** kill -9 */
  kill(): Promise<void>
  /** the same data and ports again */
  restart(): Promise<RunningServer>
}

export interface ServerOptions {
  env?: Record<string, string>
  dataDir?: string
  port?: number
  mqttPort?: number
  /** real ms until /readyz must answer */
  patience?: number
  nodeArgs?: string[]
}

/** The whole server as a user starts it, in a process of its own, on free loopback ports, with a fresh DATA_DIR unless one is given. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const port = options.port ?? (await freePort())
  const mqttPort = options.mqttPort ?? (await freePort())
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'linwang-'))
  const feedKey = 'key-of-this-test'
  const env = {
    ...process.env,
    // vitest sets MODE=test for its own ends
    MODE: 'demo',
    SIMULATE: 'off',
    FEED_KEY: feedKey,
    ...options.env,
    PORT: `${port}`,
    MQTT_PORT: `${mqttPort}`,
    DATA_DIR: dataDir,
  }
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), join(root, 'server/main.ts')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const ended = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  const finish = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    child.kill(signal)
    await ended
    return child.exitCode
  }
  await waitReady(url, child, options.patience ?? 60_000, () => output)
  return {
    url,
    port,
    mqttPort,
    dataDir,
    feedKey,
    pid: child.pid!,
    process: child,
    output: () => output,
    stop: () => finish('SIGINT'),
    kill: async () => void (await finish('SIGKILL')),
    restart: () => startServer({ ...options, dataDir, port, mqttPort }),
  }
}

async function waitReady(url: string, child: ChildProcess, patience: number, output: () => string): Promise<void> {
  const end = performance.now() + patience
  while (performance.now() < end) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The server ended early (${child.exitCode ?? child.signalCode}):\n${output()}`)
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return
    await new Promise((wake) => setTimeout(wake, 20))
  }
  child.kill('SIGKILL')
  throw new Error(`The server was not ready within ${patience} ms:\n${output()}`)
}

/** Stops the server, if it still runs, and removes its data. */
export async function discard(server: RunningServer): Promise<void> {
  await server.kill()
  rmSync(server.dataDir, { recursive: true, force: true })
}
