import { parentPort, workerData } from 'node:worker_threads'
import type { EngineOptions, FromEngine, ToEngine } from './protocol.ts'
import { startThread } from './thread.ts'

/** The engine thread: the one writer. Everything it knows of the outside comes and goes through this port. */
const port = parentPort!
const thread = startThread(workerData as EngineOptions, (message: FromEngine) => port.postMessage(message))
if (thread) port.on('message', (message: ToEngine) => thread.onMessage(message, () => port.close()))
