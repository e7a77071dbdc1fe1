import type { Page } from 'playwright-core'
import type { WallState } from '../../shared/wall.ts'
import type { RunningServer } from '../support/server.ts'
import { eventually, openSession, type Session } from '../support/session.ts'

/** Puts a device into the register as the desk does; gives its id. */
export async function bind(admin: Session, body: { feed: string; address: string; kind: string; placeId: string }): Promise<string> {
  const answer = await admin.ask<{ device: { id: string } }>('POST', '/api/devices', body)
  if (answer.status !== 201) throw new Error(`bind ${body.address}: ${JSON.stringify(answer.body)}`)
  return answer.body.device.id
}

/** The alert of a device, once the page shows it; `patience`: ms until the server must have it. */
export async function onTheWall(server: RunningServer, page: Page, deviceId: string, kind: string, patience: number) {
  const find = async () => (await openSession(server.url).get<WallState>('/api/wall')).alerts.find((alert) => alert.deviceId === deviceId)
  const alert = await eventually(find, patience, `an alert of ${deviceId}`)
  if (alert.kind !== kind) throw new Error(`${deviceId} gave ${alert.kind}, not ${kind}`)
  await page.waitForSelector(`[data-alert-id="${alert.id}"][data-device-id="${deviceId}"]`, { timeout: 5_000 })
  return alert
}
