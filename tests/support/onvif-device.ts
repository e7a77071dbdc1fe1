import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface OnvifDeviceOptions {
  /** how it wants the password: in the SOAP header, or HTTP digest as well */
  digest?: boolean
  password?: string
  /** ms that its clock is ahead */
  ahead?: number
  /** answers to an empty pull at once, as cheap cameras do */
  hasty?: boolean
  /** ms that it grants a subscription, whatever was asked for */
  grants?: number
  /** it knows no Renew, no GetCapabilities, no time */
  simple?: boolean
  now(): number
}

/** A camera of our own making with ONVIF events: a pull-point that forgets, stalls and drops the line when the test says so. */
export interface OnvifDevice {
  url: string
  /** names of the calls, in order */
  calls: string[]
  /** states that a new subscription is told first */
  states: string[]
  /** waits for the next pull */
  say(...notifications: string[]): void
  /** the subscription is gone */
  forget(): void
  /** all connections break */
  drop(): void
  /** from now on pulls are never answered, until `drop` */
  stalls: boolean
  refused: number
  close(): Promise<void>
}

const NS =
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:tev="http://www.onvif.org/ver10/events/wsdl" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:tns1="http://www.onvif.org/ver10/topics" xmlns:cam="urn:camera"'
const envelope = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope ${NS}><s:Body>${body}</s:Body></s:Envelope>`
const fault = (reason: string, code = 'ter:InvalidArgVal') =>
  envelope(
    `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>${code}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`,
  )

export async function onvifDevice(options: OnvifDeviceOptions): Promise<OnvifDevice> {
  const { password = 'right', ahead = 0, grants = 60_000 } = options
  const clock = () => options.now() + ahead
  const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
  const sockets = new Set<Socket>()
  const waiting: string[] = []
  const nonces = new Set<string>()
  let subscription: { id: number; ends: number } | undefined
  let subscriptions = 0
  let pull: (() => void) | undefined

  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString('utf8')
    const call = /<(?:\w+:)?Body>\s*<(?:\w+:)?(\w+)/.exec(text)?.[1] ?? '?'
    if (call !== 'GetSystemDateAndTime' && !isKnown(request, response, text)) return
    device.calls.push(call)
    const answer = await answerTo(call, request, text, response)
    if (answer === undefined) return
    response.writeHead(answer.includes('Fault>') ? 500 : 200, { 'content-type': 'application/soap+xml; charset=utf-8' }).end(answer)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function isKnown(request: IncomingMessage, response: ServerResponse, text: string): boolean {
    if (options.digest && !hasDigest(request, password)) {
      response.writeHead(401, { 'www-authenticate': 'Digest realm="camera", qop="auth", nonce="abc", algorithm=MD5' }).end()
      return false
    }
    if (hasToken(text)) return true
    device.refused++
    response.writeHead(400, { 'content-type': 'application/soap+xml' }).end(fault('Sender not authorized', 'ter:NotAuthorized'))
    return false
  }

  /** UsernameToken: the digest is right, the time is mine, the nonce is new */
  function hasToken(text: string): boolean {
    const of = (name: string) => new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(text)?.[1] ?? ''
    const [nonce, created] = [of('Nonce'), of('Created')]
    const digest = createHash('sha1').update(Buffer.from(nonce, 'base64')).update(created).update(password).digest('base64')
    const fresh = Math.abs(Date.parse(created) - clock()) < 5_000 && !nonces.has(nonce)
    nonces.add(nonce)
    return of('Username') === 'admin' && of('Password') === digest && fresh
  }

  async function answerTo(call: string, request: IncomingMessage, text: string, response: ServerResponse): Promise<string | undefined> {
    const stands = subscription && subscription.ends > clock() && text.includes(`<cam:Id>${subscription.id}</cam:Id>`)
    if (options.simple && ['GetSystemDateAndTime', 'GetCapabilities', 'Renew'].includes(call))
      return fault('not implemented', 'ter:ActionNotSupported')
    switch (call) {
      case 'GetSystemDateAndTime': {
        const now = new Date(clock())
        const time = `<tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time>`
        const date = `<tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date>`
        return envelope(
          `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime>${time}${date}</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`,
        )
      }
      case 'GetCapabilities':
        return envelope(
          '<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Events><tt:XAddr>http://192.168.1.64:8899/onvif/Events?v=1</tt:XAddr></tt:Events></tds:Capabilities></tds:GetCapabilitiesResponse>',
        )
      case 'CreatePullPointSubscription': {
        if (!options.simple && request.url !== '/onvif/Events?v=1') return fault(`no events at ${request.url}`)
        subscription = { id: ++subscriptions, ends: clock() + grants }
        waiting.unshift(...device.states)
        return envelope(
          `<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa:Address>http://192.168.1.64/onvif/sub?Idx=${subscription.id}</wsa:Address><wsa:ReferenceParameters><cam:Id>${subscription.id}</cam:Id></wsa:ReferenceParameters></tev:SubscriptionReference><wsnt:CurrentTime>${iso(clock())}</wsnt:CurrentTime><wsnt:TerminationTime>${iso(subscription.ends)}</wsnt:TerminationTime></tev:CreatePullPointSubscriptionResponse>`,
        )
      }
      case 'PullMessages': {
        if (!stands) return fault('unknown subscription')
        const hold = Number(/<Timeout>PT(\d+)S/.exec(text)?.[1]) * 1000
        if (device.stalls) return void (await once(response, 'close'))
        if (waiting.length === 0 && !options.hasty)
          await new Promise<void>((done) => {
            pull = done
            setTimeout(done, hold)
          })
        if (response.destroyed) return undefined
        const told = waiting.splice(0, 100).join('')
        return envelope(
          `<tev:PullMessagesResponse><tev:CurrentTime>${iso(clock())}</tev:CurrentTime><tev:TerminationTime>${iso(subscription?.ends ?? clock())}</tev:TerminationTime>${told}</tev:PullMessagesResponse>`,
        )
      }
      case 'Renew':
        if (!stands) return fault('unknown subscription')
        subscription!.ends = clock() + grants
        return envelope(
          `<wsnt:RenewResponse><wsnt:TerminationTime>${iso(subscription!.ends)}</wsnt:TerminationTime><wsnt:CurrentTime>${iso(clock())}</wsnt:CurrentTime></wsnt:RenewResponse>`,
        )
      case 'Unsubscribe':
        subscription = undefined
        return envelope('<wsnt:UnsubscribeResponse/>')
      default:
        return fault('not implemented', 'ter:ActionNotSupported')
    }
  }

  const device: OnvifDevice = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    calls: [],
    states: [],
    stalls: false,
    refused: 0,
    say(...notifications) {
      waiting.push(...notifications)
      pull?.()
    },
    forget() {
      subscription = undefined
      pull?.()
    },
    drop() {
      device.stalls = false
      for (const socket of sockets) socket.resetAndDestroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return device
}

function hasDigest({ method, headers, url }: IncomingMessage, password: string): boolean {
  const given = headers.authorization ?? ''
  const of = (name: string) => new RegExp(`${name}="?([^",]+)"?`).exec(given)?.[1] ?? ''
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const secret = md5(`admin:camera:${password}`)
  return given.startsWith('Digest') && of('response') === md5(`${secret}:abc:${of('nc')}:${of('cnonce')}:auth:${md5(`${method}:${url}`)}`)
}
