import { createHash } from 'node:crypto'
import { readXml, type XmlValue, xmlText, xmlTextAt } from '../sources/xml.ts'
import { Refused } from './connection.ts'
import type { DeviceClient, DeviceResponse } from './digest.ts'

export interface SoapOptions {
  client: DeviceClient
  username?: string | undefined
  password?: string | undefined
  /** the device's clock, ms: a token stamped with another time is refused */
  clock(): number
  /** 16 bytes, and a name of a message */
  nonce(): Buffer
  messageId(): string
  /** ms for a call that is answered at once */
  soon: number
  signal: AbortSignal
}
export interface SoapCall {
  /** path and query on the device */
  path: string
  /** the WS-Addressing action */
  action: string
  /** elements of the body, with their namespaces */
  body: string
  /** header elements that a subscription asks to be echoed, with the namespaces that they rely on */
  echo?: { elements: string; namespaces: string } | undefined
  /** no name and password: for the call that asks for the time */
  open?: boolean
  /** ms that the device may hold the answer back, or that the whole call may take when it is less */
  hold?: number
  within?: number
}
export interface SoapAnswer {
  bytes: Uint8Array
  text: string
  /** what is in the Body */
  body: XmlValue | undefined
}

/** The device said no, in SOAP. */
export class SoapFault extends Error {}

/** Bytes of one answer, at most. */
const LONGEST = 1024 * 1024

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'
const DIGEST = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest'

/**
 * One SOAP 1.2 call to a device: with a UsernameToken (WS-Security, digest) and, when the device asks for it, HTTP digest as well.
 * @throws Refused for a wrong name or password, SoapFault, or the error of the connection
 */
export async function callSoap(call: SoapCall, options: SoapOptions): Promise<SoapAnswer> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(call.within ?? (call.hold ?? 0) + options.soon)])
  const headers = { 'content-type': `application/soap+xml; charset=utf-8; action="${call.action}"` }
  const response = await options.client.request({ method: 'POST', path: call.path, headers, body: envelope(call, options), signal })
  const bytes = await wholeBody(response)
  const text = xmlText(bytes)
  const read = readXml(text)
  const body = 'flaw' in read ? undefined : bodyOf(read.value)
  const fault = faultOf(body)
  if (response.status === 401 || response.status === 403 || (fault !== undefined && NOT_KNOWN.test(text)))
    throw new Refused(`the device refuses the name or password (${fault ?? response.status})`)
  if (fault !== undefined) throw new SoapFault(fault)
  if (response.status >= 300) throw new Error(`the device answers ${response.status}`)
  if ('flaw' in read) throw new Error(`the answer is no SOAP: ${read.flaw}`)
  return { bytes, text, body }
}
const NOT_KNOWN = /NotAuthorized|FailedAuthentication|InvalidSecurity|SenderNotAuthorized/

const bodyOf = (envelope: XmlValue): XmlValue | undefined =>
  typeof envelope === 'object' && !Array.isArray(envelope) ? envelope.Body : undefined

function faultOf(body: XmlValue | undefined): string | undefined {
  const fault = typeof body === 'object' && !Array.isArray(body) ? body.Fault : undefined
  if (fault === undefined) return undefined
  const said = xmlTextAt(fault, 'Reason', 'Text') ?? xmlTextAt(fault, 'faultstring') ?? xmlTextAt(fault, 'Code', 'Subcode', 'Value')
  return (said ?? 'a fault without a reason').slice(0, 200)
}

async function wholeBody({ stream }: DeviceResponse): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LONGEST) throw new Error(`the answer has more than ${LONGEST} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Prefixes of our own, so that none of an echoed header's clashes. */
function envelope({ action, body, echo, open }: SoapCall, options: SoapOptions): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<lwS:Envelope xmlns:lwS="http://www.w3.org/2003/05/soap-envelope" xmlns:lwA="http://www.w3.org/2005/08/addressing">' +
    `<lwS:Header${echo ? ` ${echo.namespaces}` : ''}><lwA:Action lwS:mustUnderstand="1">${action}</lwA:Action>` +
    `<lwA:MessageID>urn:uuid:${options.messageId()}</lwA:MessageID>` +
    '<lwA:ReplyTo><lwA:Address>http://www.w3.org/2005/08/addressing/anonymous</lwA:Address></lwA:ReplyTo>' +
    `${echo?.elements ?? ''}${open ? '' : token(options)}</lwS:Header><lwS:Body>${body}</lwS:Body></lwS:Envelope>`
  )
}

/** UsernameToken Profile 1.0: base64(SHA-1(nonce + created + password)). */
function token({ username, password = '', clock, nonce }: SoapOptions): string {
  if (username === undefined) return ''
  const salt = nonce()
  const created = new Date(clock()).toISOString()
  const digest = createHash('sha1').update(salt).update(created).update(password).digest('base64')
  return (
    `<lwSe:Security xmlns:lwSe="${WSSE}" lwS:mustUnderstand="1"><lwSe:UsernameToken><lwSe:Username>${escaped(username)}</lwSe:Username>` +
    `<lwSe:Password Type="${DIGEST}">${digest}</lwSe:Password><lwSe:Nonce>${salt.toString('base64')}</lwSe:Nonce>` +
    `<lwU:Created xmlns:lwU="${WSU}">${created}</lwU:Created></lwSe:UsernameToken></lwSe:Security>`
  )
}

export const escaped = (text: string) =>
  text.replace(/[<>&"]/g, (sign) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[sign]!)
