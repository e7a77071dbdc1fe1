import type { Database } from 'better-sqlite3'
import type { Device } from '../../shared/device.ts'
import { putDevice, readTable } from './registers.ts'
import { spokenOf } from './spoken.ts'

/** One device at a time, beside the import that replaces all. The caller owns the transaction. */
export interface DeviceStore {
  get(id: string): Device | undefined
  at(feed: string, address: string): Device | undefined
  /** `bound` by hand: an import that does not know it leaves it; false: it stays what it was */
  put(device: Device, bound?: boolean): void
  remove(id: string): void
  /** registered now, or stored signals are its own: what they say must not become another device's */
  isTaken(id: string): boolean
  /** how many stand at the place */
  countAt(placeId: string): number
  /** what of the registers names it, as words for people */
  namedBy(id: string): string[]
}

export function createDeviceStore(db: Database): DeviceStore {
  const one = (where: string, ...values: string[]) => readTable(db, 'devices', where, values)[0] as Device | undefined
  const thresholds = db.prepare('SELECT name FROM thresholds WHERE scope = ?').pluck()
  const count = db.prepare('SELECT count(*) FROM devices WHERE placeId = ?').pluck()
  const drop = db.prepare('DELETE FROM devices WHERE id = ?')
  return {
    get: (id) => one('id = ?', id),
    at: (feed, address) => one('feed = ? AND address = ?', feed, address),
    put: (device, bound = false) => putDevice(db, device, bound),
    remove: (id) => void drop.run(id),
    isTaken: (id) => one('id = ?', id) !== undefined || spokenOf(db, [id]).has(id),
    countAt: (placeId) => count.get(placeId) as number,
    namedBy: (id) => (thresholds.all(id) as string[]).map((name) => `threshold ${name}`),
  }
}

export const readDevices = (db: Database): Device[] => readTable(db, 'devices') as Device[]
