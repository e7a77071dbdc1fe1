import { type MakeHerd, numbered, postAs } from './herd.ts'

/** 15 digits that no network has given out */
const imeiOf = (n: number) => `86000000${`${n}`.padStart(7, '0')}`

/** NB-IoT smoke detectors behind CTWing: 7 is all well, 1 is smoke. */
export const smoke: MakeHerd = (count, ground) => ({
  name: 'smoke',
  feed: 'farm-ctwing',
  kind: 'smoke',
  addresses: numbered(count, imeiOf),
  speak: (n, at, alarm) => postAs(ground, '/feeds/ctwing/farm-ctwing', 'application/json', JSON.stringify(report(n, at, alarm))),
})

const report = (n: number, timestamp: number, alarm: boolean) => ({
  upPacketSN: -1,
  upDataSN: -1,
  topic: 'v1/up/ad19prof',
  timestamp,
  tenantId: '1',
  serviceId: '',
  protocol: 'lwm2m',
  productId: '15014772',
  payload: {
    serviceId: 'notification',
    serviceData: { IMEI: imeiOf(n), Battery_Level: 100, Alarm_Status: alarm ? 1 : 7, AlarmLevel: alarm ? 100 : 0, CSQ: 18 },
  },
  messageType: 'dataReport',
  deviceType: '',
  deviceId: `farm${n}`,
  IMEI: imeiOf(n),
})
