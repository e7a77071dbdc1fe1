/** An event as a Hikvision camera posts it: ISAPI EventNotificationAlert with a line crossing or motion, local time with its zone. */
export function hikvisionEvent(options: {
  mac: string
  ip: string
  type?: string
  state?: 'active' | 'inactive'
  at: number
  count?: number
}): string {
  const { mac, ip, type = 'linedetection', state = 'active', at, count = 1 } = options
  const local = `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`
  return `<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">
<ipAddress>${ip}</ipAddress>
<portNo>80</portNo>
<protocol>HTTP</protocol>
<macAddress>${mac}</macAddress>
<channelID>1</channelID>
<dateTime>${local}</dateTime>
<activePostCount>${count}</activePostCount>
<eventType>${type}</eventType>
<eventState>${state}</eventState>
<eventDescription>${type} alarm</eventDescription>
<channelName>Camera 01</channelName>
</EventNotificationAlert>
`
}
