import { Worker } from 'node:worker_threads'

export interface SimulatorOptions {
  /** http://127.0.0.1:8080 */
  baseUrl: string
  feedKey: string
  /** mqtt://127.0.0.1:1883; absent when no broker runs: then everything goes over HTTP */
  mqttUrl?: string
  seed?: number
  /** folder with the registers of the town; the pilot's by default */
  registers?: string
  /** told when it ends by itself: the house goes on without it */
  log?: (line: string) => void
}

export interface Simulator {
  stop(): Promise<void>
}

/** Memory that the invented town may use, MiB. */
const HEAP = 160

/** The demo's guest, in a thread of its own: it comes in by the real feeds and the REST API. Start it when the server listens. */
export function startSimulator({ log, ...options }: SimulatorOptions): Simulator {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: options,
    name: 'simulator',
    resourceLimits: { maxOldGenerationSizeMb: HEAP, maxYoungGenerationSizeMb: 16 },
  })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  worker.once('error', (error) => log?.(`模拟器停止 The simulator ended: ${error.message}`))
  return {
    async stop() {
      worker.postMessage('stop')
      const late = setTimeout(() => worker.terminate(), 2000)
      await ended
      clearTimeout(late)
    },
  }
}
