import { expect, test } from 'vitest'
import type { MultipartPart } from '../../server/feeds/multipart.ts'
import { createDahuaAttach, DAHUA_ATTACH } from '../../server/feeds/outgoing/dahua-attach.ts'
import { headOf, type PartMaker } from '../support/alert-device.ts'
import { alertRun, faultsOf, type StreamVendor } from '../support/alert-run.ts'
import { feedDevice } from '../support/intake.ts'

/** An event as Dahua writes it, sometimes behind a heartbeat, its data laid out or in one line. */
const part: PartMaker = (second, start, style, random) => {
  const beat = random() < 0.3 ? `${headOf(style, 'text/plain', 9)}Heartbeat${style.eol}${style.eol}` : ''
  const ms = start + second * 1000
  const local = new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  const data = { Name: 'x'.repeat(Math.floor(random() * 300)), LocaleTime: local, UTC: ms / 1000, Object: { ObjectType: 'Human' } }
  const json = JSON.stringify(data, null, random() < 0.5 ? 3 : 0)
  const body = `Code=CrossRegionDetection;action=${second % 2 === 0 ? 'Start' : 'Stop'};index=0;data=${json}`
  const text = beat + headOf(style, 'text/plain', body.length) + body
  return { text: Buffer.from(`${text}${style.eol}${style.eol}`), complete: Buffer.byteLength(text) }
}

const vendor: StreamVendor = {
  client: createDahuaAttach,
  camera: feedDevice('cam-1', 'camera', 'nvr-1', { address: '0' }),
  part,
  secondOf({ bytes }, start) {
    const utc = /"UTC":\s*(\d+)/.exec(new TextDecoder().decode(bytes))?.[1]
    return utc === undefined ? undefined : (Number(utc) * 1000 - start) / 1000
  },
}

test.each([1, 2])(
  '[I1] of a stream that stalls, splits and drops, each whole event is kept once and the gap is told (seed %i)',
  async (seed) => {
    const run = await alertRun({ seed, alerts: 120, vendor })
    expect(faultsOf(run)).toEqual([])
    expect(run.device.connections).toBeGreaterThan(3)
    expect(run.kept.length).toBeGreaterThan(80)
  },
  30_000,
)

test('[I1] a steady stream is one connection and has no gap', async () => {
  const run = await alertRun({ seed: 4, alerts: 100, trouble: 0, tuning: { stallAfter: 5_000 }, vendor })
  expect(faultsOf(run)).toEqual([])
  expect(run.kept).toHaveLength(100)
  expect(run).toMatchObject({ device: { connections: 1 }, feed: { gap: null, reconnects: 0 } })
  expect(run.beats).toBe(1)
})

const listening = () => {
  let now = 0
  const listener = DAHUA_ATTACH.listen({ since: 5, now: () => now })
  const take = (text: string) => listener.take({} as MultipartPart, Buffer.from(text))
  return { listener, take, at: (ms: number) => (now = ms) }
}

test('[A2] a device that beats is given up after three beats, one that never did only after long', () => {
  const { listener, take } = listening()
  expect(listener.silentAfter()).toBe(300_000)
  take('Code=VideoMotion;action=Start;index=0')
  expect(listener.silentAfter()).toBe(300_000)
  take('Heartbeat\r\n')
  expect(listener.silentAfter()).toBe(16_000)
})

test('[I5] of the heartbeats the engine is told once a minute, of the events of each, by a mark of its own', () => {
  const { take, at } = listening()
  expect(take('Heartbeat')).toMatchObject({ ref: '5.1' })
  at(59_999)
  expect(take('Heartbeat')).toBeUndefined()
  expect(take('Code=VideoMotion;action=Start;index=0')).toMatchObject({ source: 'dahua', ref: '5.3' })
  at(60_000)
  expect(take('Heartbeat')).toMatchObject({ ref: '5.4' })
})

test.each([
  ['Heartbeat', '9', true],
  ['Code=AlarmLocal;action=Start;index=0', '36', true],
  ['Code=AlarmLocal;action=Start;index=1', '37', false],
  ['Code=AlarmLocal;action=Start;index=1', undefined, false],
  ['Code=X;action=Start;index=0;data={\n   "a" : {\n   }', '200', false],
  ['Code=X;action=Start;index=0;data={\n   "a" : 1\n}', '76', true],
  ['Code=X;action=Start;index=0;data={"a":{"b":1}', '46', false],
])('[I1] before the next delimiter %j with length %s is there as a whole: %s', (text, length, whole) => {
  expect(DAHUA_ATTACH.isComplete(text, text.length, length === undefined ? {} : { 'content-length': length })).toBe(whole)
})
