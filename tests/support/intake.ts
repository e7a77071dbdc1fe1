import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SOURCES } from '../../server/feeds/sources/index.ts'
import { createIntake, type Intake, type IntakeOptions } from '../../server/intake/intake.ts'
import { type Db, openReader, openStore } from '../../server/store/open.ts'
import type { Arrival, Receipt } from '../../shared/arrival.ts'
import type { CameraRule, Device, DeviceKind } from '../../shared/device.ts'
import type { Signal } from '../../shared/signal.ts'
import { testWorld } from './world.ts'

/** Monday 10:00 in China. */
export const NOW = Date.parse('2026-03-02T10:00:00+08:00')
export const DAY = 86_400_000

export function feedDevice(id: string, kind: DeviceKind, feed: string, more: { address?: string; rules?: CameraRule[] } = {}): Device {
  return { id, kind, placeId: 'caihong-b01-u1-101', feed, address: id, name: id, lon: 106.6, lat: 26.6, ...more }
}

export const feedDevices = (): Device[] => [
  feedDevice('gate-east', 'gate', 'gates'),
  feedDevice('water-1', 'water-meter', 'meters', { address: 'W-0001' }),
  feedDevice('motion-1', 'motion', 'zigbee2mqtt'),
  feedDevice('door-1', 'door-contact', 'zigbee2mqtt'),
  feedDevice('help-1', 'help-button', 'zigbee2mqtt'),
  feedDevice('smoke-1', 'smoke', 'zigbee2mqtt'),
  feedDevice('cam-001', 'camera', 'frigate', {
    rules: [{ label: 'person', zone: 'fence', from: '22:00', to: '06:00', event: 'intrusion' }],
  }),
]

export interface TestIntake {
  readonly intake: Intake
  readonly db: Db
  readonly dataDir: string
  now: number
  /** one transaction with one take */
  take(...arrivals: Arrival[]): { receipts: Receipt[]; signals: Signal[] }
  /** the same, taken back */
  fail(...arrivals: Arrival[]): void
  /** a new process on the same store */
  restart(): void
  close(): void
}

export function testIntake(options: { devices?: Device[]; keep?: IntakeOptions['keep'] } = {}): TestIntake {
  const dataDir = mkdtempSync(join(tmpdir(), 'linwang-intake-'))
  const world = testWorld({ devices: options.devices ?? feedDevices() })
  let db = openStore(dataDir, 'demo')
  let revision = 0
  const make = () => createIntake({ db, world: () => world, sources: SOURCES, keep: options.keep })
  let intake = make()
  const test: TestIntake = {
    get intake() {
      return intake
    },
    get db() {
      return db
    },
    dataDir,
    now: NOW,
    take(...arrivals) {
      db.exec('BEGIN IMMEDIATE')
      const result = intake.take(arrivals, test.now, ++revision)
      db.exec('COMMIT')
      intake.committed()
      return result
    },
    fail(...arrivals) {
      db.exec('BEGIN IMMEDIATE')
      intake.take(arrivals, test.now, revision + 1)
      db.exec('ROLLBACK')
      intake.rolledBack()
    },
    restart() {
      db.close()
      db = openStore(dataDir, 'demo')
      intake = make()
    },
    close() {
      db.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return test
}

export const reader = ({ dataDir }: TestIntake) => openReader(dataDir)

const encoder = new TextEncoder()
export const bytesOf = (value: unknown) => encoder.encode(typeof value === 'string' ? value : JSON.stringify(value))

/** A CloudEvent of the gate in the east; `more` replaces attributes, undefined leaves one out. */
export const cloudEvent = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  specversion: '1.0',
  id: 'e1',
  source: '/feeds/gates',
  type: 'linwang.passage',
  subject: 'gate-east',
  time: new Date(NOW).toISOString(),
  data: { direction: 'in', granted: true },
  ...more,
})

export const arrivalOf = (value: unknown, more: Partial<Arrival> = {}): Arrival => ({
  source: 'cloudevents',
  transport: 'http',
  bytes: bytesOf(value),
  ...more,
})
export const event = (more: Record<string, unknown> = {}) => arrivalOf(cloudEvent(more))
export const mqttArrival = (topic: string, payload: unknown, more: Partial<Arrival> = {}): Arrival =>
  arrivalOf(payload, { source: topic.startsWith('frigate/') ? 'frigate' : 'zigbee2mqtt', transport: 'mqtt', topic, ...more })

/** The receipt of a message that was not refused. */
export function countsOf(receipt: Receipt | undefined) {
  if (!receipt || 'problem' in receipt) throw new Error(`refused: ${JSON.stringify(receipt)}`)
  const { accepted, duplicates, quarantined } = receipt
  return { accepted, duplicates, quarantined }
}
