import { childOf, type XmlValue, xmlTextAt } from '../sources/xml.ts'
import { callSoap, escaped, type SoapAnswer, type SoapCall, type SoapOptions } from './soap.ts'

const DEVICE = 'http://www.onvif.org/ver10/device/wsdl'
const EVENTS = 'http://www.onvif.org/ver10/events/wsdl'
const NOTIFY = 'http://docs.oasis-open.org/wsn/b-2'
const NOTIFY_WSDL = 'http://docs.oasis-open.org/wsn/bw-2'

/** Where messages wait for us, until they end. */
export interface PullPoint {
  path: string
  echo?: SoapCall['echo']
  /** ms that the device grants from now on */
  lasts: number
}

/** The device's clock, ms since 1970; undefined when it does not say. */
export async function deviceClock(path: string, options: SoapOptions): Promise<number | undefined> {
  const action = `${DEVICE}/GetSystemDateAndTime`
  const { body } = await callSoap({ path, action, body: `<GetSystemDateAndTime xmlns="${DEVICE}"/>`, open: true }, options)
  const utc = childOf(childOf(childOf(body, 'GetSystemDateAndTimeResponse'), 'SystemDateAndTime'), 'UTCDateTime')
  const [year, month, day] = ['Year', 'Month', 'Day'].map((name) => Number(xmlTextAt(utc, 'Date', name)))
  const [hour, minute, second] = ['Hour', 'Minute', 'Second'].map((name) => Number(xmlTextAt(utc, 'Time', name)))
  const ms = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
  return Number.isNaN(ms) ? undefined : ms
}

/** Path of the event service; undefined when the device does not say. */
export async function eventService(path: string, options: SoapOptions): Promise<string | undefined> {
  const body = `<GetCapabilities xmlns="${DEVICE}"><Category>Events</Category></GetCapabilities>`
  const answer = await callSoap({ path, action: `${DEVICE}/GetCapabilities`, body }, options)
  return pathOf(xmlTextAt(answer.body, 'GetCapabilitiesResponse', 'Capabilities', 'Events', 'XAddr'))
}

/** `term`: ms that the subscription shall last. */
export async function createPullPoint(path: string, term: number, options: SoapOptions): Promise<PullPoint> {
  const body = `<CreatePullPointSubscription xmlns="${EVENTS}"><InitialTerminationTime>${duration(term)}</InitialTerminationTime></CreatePullPointSubscription>`
  const action = `${EVENTS}/EventPortType/CreatePullPointSubscriptionRequest`
  const answer = await callSoap({ path, action, body }, options)
  const response = childOf(answer.body, 'CreatePullPointSubscriptionResponse')
  const address = pathOf(xmlTextAt(response, 'SubscriptionReference', 'Address'))
  if (address === undefined) throw new Error('the device made no subscription')
  return { path: address, echo: echoOf(answer.text), lasts: lastsFor(response) ?? term }
}

/** `wait`: ms that the device may hold the answer back. */
export function pullMessages(point: PullPoint, wait: number, limit: number, options: SoapOptions): Promise<SoapAnswer> {
  const body = `<PullMessages xmlns="${EVENTS}"><Timeout>${duration(wait)}</Timeout><MessageLimit>${limit}</MessageLimit></PullMessages>`
  return callSoap({ ...to(point), action: `${EVENTS}/PullPointSubscription/PullMessagesRequest`, body, hold: wait }, options)
}

/** ms that the device grants from now on. */
export async function renew(point: PullPoint, term: number, options: SoapOptions): Promise<number> {
  const body = `<Renew xmlns="${NOTIFY}"><TerminationTime>${duration(term)}</TerminationTime></Renew>`
  const answer = await callSoap({ ...to(point), action: `${NOTIFY_WSDL}/SubscriptionManager/RenewRequest`, body }, options)
  return lastsFor(childOf(answer.body, 'RenewResponse')) ?? term
}

export async function unsubscribe(point: PullPoint, within: number, options: SoapOptions): Promise<void> {
  const action = `${NOTIFY_WSDL}/SubscriptionManager/UnsubscribeRequest`
  await callSoap({ ...to(point), action, body: `<Unsubscribe xmlns="${NOTIFY}"/>`, within }, options)
}

const duration = (ms: number) => `PT${Math.round(ms / 1000)}S`

/** Some devices find the subscription by its address, others by what they asked to be echoed. */
const to = ({ path, echo }: PullPoint) => ({ path, echo })

/** A device behind another address than it knows of itself is still the one that we call: of its URLs the path alone counts. */
function pathOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url, 'http://device')) return undefined
  const { pathname, search } = new URL(url, 'http://device')
  return pathname + search
}

/** By the device's own clock, so that a wrong one does no harm. */
function lastsFor(response: XmlValue | undefined): number | undefined {
  const [now, end] = ['CurrentTime', 'TerminationTime'].map((name) => Date.parse(xmlTextAt(response, name) ?? ''))
  const ms = end! - now!
  return ms > 0 ? ms : undefined
}

const PARAMETERS = /<([\w.-]+:)?ReferenceParameters\s*(?:[^>]*[^/])?>([\s\S]{1,4000}?)<\/\1?ReferenceParameters>/

/** The elements as they stand, with every namespace that the answer declares. */
function echoOf(text: string): SoapCall['echo'] {
  const elements = PARAMETERS.exec(text)?.[2]?.trim()
  if (!elements) return undefined
  const declared = new Map(
    [...text.matchAll(/\sxmlns:([\w.-]{1,40})\s*=\s*["']([^"'<>]{1,300})["']/g)].map(([, prefix, uri]) => [prefix!, uri!]),
  )
  return { elements, namespaces: [...declared].map(([prefix, uri]) => `xmlns:${prefix}="${escaped(uri)}"`).join(' ') }
}
