import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { registersFromDirectory } from '../registers/import.ts'
import { simulate } from './simulation.ts'
import type { SimulatorOptions } from './simulator.ts'
import { loadStories } from './story.ts'

const fixtures = join(import.meta.dirname, '../../fixtures')
const { baseUrl, feedKey, mqttUrl, seed = 1, registers = join(fixtures, 'registers') } = workerData as Omit<SimulatorOptions, 'log'>

const read = registersFromDirectory(registers)
if ('errors' in read) throw new Error(`The registers of the simulator are not in order: ${JSON.stringify(read.errors[0])}`)
const stories = loadStories(join(fixtures, 'scenarios'))
const simulation = await simulate({ baseUrl, feedKey, mqttUrl, seed, registers: read.ok, stories })

parentPort!.postMessage('running')
parentPort!.once('message', () => simulation.stop().finally(() => process.exit(0)))
