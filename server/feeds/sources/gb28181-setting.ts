import type { Decoded, SourceContext } from '../../../shared/arrival.ts'
import type { XmlValue } from './xml.ts'

/** What is known of a message beside its text. */
export interface Setting {
  feed: string
  context: SourceContext
  /** tells deliveries apart that carry no time of their own */
  mark: string
  /** the device that the SIP message came from */
  sender?: string
}
export type Reader = (document: XmlValue, setting: Setting) => Decoded
