import type { Source } from '../../../shared/arrival.ts'
import { cloudEvents, cloudEventsBatch } from './cloudevents.ts'
import { cloudEventsBinary } from './cloudevents-binary.ts'
import { frigate } from './frigate.ts'
import { zigbee2mqtt } from './zigbee2mqtt.ts'

/** How each kind of message is read, by the name that its transport gives it. */
export const SOURCES: Readonly<Record<string, Source>> = {
  cloudevents: cloudEvents,
  'cloudevents-batch': cloudEventsBatch,
  'cloudevents-binary': cloudEventsBinary,
  zigbee2mqtt,
  frigate,
}
