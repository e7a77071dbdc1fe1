import type { Source } from '../../../shared/arrival.ts'
import { cap } from './cap.ts'
import { cloudEvents, cloudEventsBatch } from './cloudevents.ts'
import { cloudEventsBinary } from './cloudevents-binary.ts'
import { ctwing } from './ctwing.ts'
import { dahua } from './dahua.ts'
import { frigate } from './frigate.ts'
import { gb28181 } from './gb28181.ts'
import { hikvision } from './hikvision/hikvision.ts'
import { hikvisionIsc } from './hikvision/isc.ts'
import { jsonMap } from './json-map.ts'
import { onenet } from './onenet.ts'
import { onvif } from './onvif.ts'
import { sia } from './sia/sia.ts'
import { tooLarge } from './too-large.ts'
import { zigbee2mqtt } from './zigbee2mqtt.ts'

/** How each kind of message is read, by the name that its transport gives it. */
export const SOURCES: Readonly<Record<string, Source>> = {
  cloudevents: cloudEvents,
  'cloudevents-batch': cloudEventsBatch,
  'cloudevents-binary': cloudEventsBinary,
  zigbee2mqtt,
  frigate,
  hikvision,
  'hikvision-isc': hikvisionIsc,
  dahua,
  onvif,
  cap,
  json: jsonMap,
  'sia-dc09': sia,
  ctwing,
  onenet,
  gb28181,
  'too-large': tooLarge,
}
