import type { HttpKind } from './http-kind.ts'
import { CTWING_HTTP, GB28181_HTTP, ONENET_HTTP } from './nbiot-http.ts'
import { capKind } from './sources/cap.ts'
import { dahuaHttp } from './sources/dahua.ts'
import { HIKVISION } from './sources/hikvision/hikvision.ts'
import { HIKVISION_ISC } from './sources/hikvision/isc.ts'
import { jsonKind } from './sources/json-map-answer.ts'
import { onvifHttp } from './sources/onvif.ts'

/** What is spoken over HTTP at `/feeds/<kind>/<feed>`, by the kind of the feed. */
export const HTTP_KINDS: Readonly<Record<string, HttpKind>> = {
  dahua: dahuaHttp,
  onvif: onvifHttp,
  hikvision: HIKVISION,
  'hikvision-isc': HIKVISION_ISC,
  cap: capKind,
  json: jsonKind,
  ctwing: CTWING_HTTP,
  onenet: ONENET_HTTP,
  gb28181: GB28181_HTTP,
}
