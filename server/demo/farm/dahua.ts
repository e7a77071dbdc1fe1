import { type MakeHerd, numbered, postAs } from './herd.ts'

/** Direct upload of a Dahua camera: its own words, one event a message. */
export const dahua: MakeHerd = (count, ground) => ({
  name: 'dahua',
  feed: 'farm-dahua',
  kind: 'camera',
  addresses: numbered(count, (n) => `${n}`),
  speak: (n, at, alarm) => postAs(ground, '/feeds/dahua/farm-dahua', 'text/plain', event(n, at, alarm)),
})

const event = (index: number, at: number, alarm: boolean) => {
  const data = { LocaleTime: new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' '), UTC: Math.floor(at / 1000) }
  const code = alarm ? 'CrossRegionDetection' : 'VideoMotion'
  return `Code=${code};action=${alarm ? 'Pulse' : 'Start'};index=${index};data=${JSON.stringify({ ...data, Object: { ObjectType: 'Human' } })}`
}
