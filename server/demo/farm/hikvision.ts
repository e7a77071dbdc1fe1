import { chinaTime, type MakeHerd, macOf, numbered, postAs } from './herd.ts'

const XML = 'application/xml; charset="UTF-8"'

/** ISAPI: a heartbeat of the kind that real recorders send (videoloss, inactive, count 0), or somebody in the fenced yard. */
export const cameras: MakeHerd = (count, ground) => ({
  name: 'cameras',
  feed: 'farm-hikvision',
  kind: 'camera',
  addresses: numbered(count, (n) => `${macOf(1, n)}/1`),
  speak: (n, at, alarm) => postAs(ground, '/feeds/hikvision/farm-hikvision', XML, alert(macOf(1, n), at, alarm)),
})

const alert = (mac: string, at: number, alarm: boolean) =>
  `<EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">
<ipAddress>127.0.0.1</ipAddress>
<portNo>80</portNo>
<protocol>HTTP</protocol>
<macAddress>${mac}</macAddress>
<channelID>1</channelID>
<dateTime>${chinaTime(at)}</dateTime>
<activePostCount>${alarm ? 1 : 0}</activePostCount>
<eventType>${alarm ? 'fielddetection' : 'videoloss'}</eventType>
<eventState>${alarm ? 'active' : 'inactive'}</eventState>
<eventDescription>${alarm ? 'fielddetection' : 'videoloss'} alarm</eventDescription>
${alarm ? '<DetectionRegionList><DetectionRegionEntry><regionID>1</regionID><detectionTarget>human</detectionTarget></DetectionRegionEntry></DetectionRegionList>' : ''}
</EventNotificationAlert>
`

/** Access control: a face that opened the door, or one that was refused. */
export const gates: MakeHerd = (count, ground) => {
  const serials = new Map<number, number>()
  return {
    name: 'gates',
    feed: 'farm-gates',
    kind: 'gate',
    addresses: numbered(count, (n) => `${macOf(2, n)}/1`),
    speak(n, at, alarm) {
      const serialNo = (serials.get(n) ?? 0) + 1
      serials.set(n, serialNo)
      return postAs(ground, '/feeds/hikvision/farm-gates', 'application/json', JSON.stringify(passage(macOf(2, n), at, serialNo, alarm)))
    },
  }
}

const passage = (macAddress: string, at: number, serialNo: number, alarm: boolean) => ({
  ipAddress: '127.0.0.1',
  portNo: 80,
  protocol: 'HTTP',
  macAddress,
  channelID: 1,
  dateTime: chinaTime(at),
  activePostCount: 1,
  eventType: 'AccessControllerEvent',
  eventState: 'active',
  eventDescription: 'Access Controller Event',
  AccessControllerEvent: {
    deviceName: 'Access Controller',
    majorEventType: 5,
    subEventType: alarm ? 82 : 75,
    cardReaderNo: 1,
    doorNo: 1,
    serialNo,
    currentVerifyMode: 'face',
  },
})
