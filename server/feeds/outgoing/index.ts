import { alertStream } from './alert-stream.ts'
import type { OutgoingClient } from './client.ts'
import { dahuaAttach } from './dahua-attach.ts'
import { onvifPull } from './onvif-pull.ts'

/** Who speaks for the feeds that do not call us, by the kind of the feed. */
export const OUTGOING: Readonly<Record<string, OutgoingClient>> = {
  'hikvision-alertstream': alertStream,
  'dahua-attach': dahuaAttach,
  'onvif-pull': onvifPull,
}
