import { createHash, randomBytes } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** HTTP to a device that asks for a password: digest (RFC 7616: MD5, SHA-256, their -sess, qop auth or none) or, when it knows no other, basic. */
export interface DeviceClientOptions {
  /** `http://10.0.0.5` or with port and path; paths of requests are appended */
  url: string
  username?: string | undefined
  password?: string | undefined
  /** devices show certificates of their own making: taken as they are */
  selfSigned?: boolean | undefined
  /** ms until the head of an answer is there */
  timeout?: number
  /** the client's nonce; for tests */
  nonce?: () => string
}

export interface DeviceRequest {
  method?: string
  /** appended to the url: `/ISAPI/…?…` */
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  signal?: AbortSignal
}

/** The head is here; the body streams and must be read or destroyed. */
export interface DeviceResponse {
  status: number
  headers: IncomingHttpHeaders
  stream: IncomingMessage
  /** address of the device's end of the socket */
  remote: string | undefined
}

export interface DeviceClient {
  /** rejects on a broken connection, a timeout or an abort; a status such as 404 or a second 401 is an answer */
  request(request: DeviceRequest): Promise<DeviceResponse>
}

const TIMEOUT = 15_000

export function createDeviceClient(options: DeviceClientOptions): DeviceClient {
  const nonce = options.nonce ?? (() => randomBytes(12).toString('hex'))
  let challenge: Challenge | undefined
  let count = 0
  const authorization = (method: string, uri: string): string | undefined => {
    if (!challenge || options.username === undefined) return undefined
    const { username, password = '' } = options
    if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    return digestHeader(challenge, { method, uri, username, password, cnonce: nonce(), count: ++count })
  }
  return {
    async request(request) {
      const target = targetOf(options.url, request.path)
      const method = request.method ?? 'GET'
      const uri = `${target.pathname}${target.search}`
      const first = await send(target, method, request, options, authorization(method, uri))
      if (first.status !== 401 || options.username === undefined) return first
      const asked = challengeOf(first.headers['www-authenticate'])
      if (!asked) return first
      first.stream.resume()
      challenge = asked
      count = 0
      return send(target, method, request, options, authorization(method, uri))
    },
  }
}

/** a base path of the url stays in front; what stands in its query goes */
function targetOf(base: string, path: string): URL {
  const url = new URL(base)
  return new URL(`${url.pathname.replace(/\/+$/, '')}${path}`, url)
}

function send(
  target: URL,
  method: string,
  { headers, body, signal }: DeviceRequest,
  { timeout = TIMEOUT, selfSigned }: DeviceClientOptions,
  authorization: string | undefined,
): Promise<DeviceResponse> {
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest
  const { promise, resolve, reject } = Promise.withResolvers<DeviceResponse>()
  const going = request(target, {
    method,
    agent: false,
    // old firmware writes header lines that the strict parser refuses
    insecureHTTPParser: true,
    // what stands in front of the host would be sent in clear before anybody asked
    auth: null,
    headers: {
      ...headers,
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
      ...(authorization !== undefined && { authorization }),
    },
    ...(signal && { signal }),
    ...(selfSigned && { rejectUnauthorized: false }),
  })
  const late = setTimeout(() => going.destroy(new Error(`no answer within ${timeout} ms`)), timeout)
  going.on('response', (stream) => {
    clearTimeout(late)
    resolve({ status: stream.statusCode ?? 0, headers: stream.headers, stream, remote: stream.socket.remoteAddress })
  })
  going.on('error', (error) => {
    clearTimeout(late)
    reject(error)
  })
  going.end(body)
  return promise
}

export type Challenge =
  | { scheme: 'basic' }
  | {
      scheme: 'digest'
      realm: string
      nonce: string
      opaque?: string
      qop?: 'auth'
      algorithm: string
      hash: 'md5' | 'sha256'
      session: boolean
    }

/** The strongest scheme of a WWW-Authenticate header that we can answer. */
export function challengeOf(header: string | undefined): Challenge | undefined {
  const asked = schemesOf(header ?? '')
  const digests = asked.filter(({ scheme }) => scheme === 'digest').map(({ params }) => digestOf(params))
  return (
    digests.find((one) => one?.scheme === 'digest' && one.hash === 'sha256') ??
    digests.find((one) => one !== undefined) ??
    (asked.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined)
  )
}

/** Several challenges may stand in one header, parted by the same commas as their parameters. */
function schemesOf(header: string): { scheme: string; params: Record<string, string> }[] {
  const found: { scheme: string; params: Record<string, string> }[] = []
  for (const [, scheme, name, quoted, bare] of header
    .slice(0, 4096)
    .matchAll(/(?:^|,)?\s*(?:(Digest|Basic)\s+)?([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi)) {
    if (scheme) found.push({ scheme: scheme.toLowerCase(), params: {} })
    const last = found.at(-1)
    if (last) last.params[name!.toLowerCase()] = quoted ?? bare ?? ''
  }
  if (found.length === 0 && /^\s*basic\b/i.test(header)) found.push({ scheme: 'basic', params: {} })
  return found
}

function digestOf(params: Record<string, string>): Challenge | undefined {
  const algorithm = params.algorithm ?? 'MD5'
  const found = /^(md5|sha-256)(-sess)?$/i.exec(algorithm)
  const qops = params.qop?.split(',').map((one) => one.trim().toLowerCase())
  if (!found || params.nonce === undefined || (qops && !qops.includes('auth'))) return undefined
  return {
    scheme: 'digest',
    realm: params.realm ?? '',
    nonce: params.nonce,
    ...(params.opaque !== undefined && { opaque: params.opaque }),
    ...(qops && { qop: 'auth' as const }),
    algorithm,
    hash: found[1]!.toLowerCase() === 'md5' ? 'md5' : 'sha256',
    session: found[2] !== undefined,
  }
}

interface Answer {
  method: string
  uri: string
  username: string
  password: string
  cnonce: string
  /** requests made with this nonce, this one included */
  count: number
}

/** The Authorization header of RFC 7616. */
export function digestHeader(challenge: Extract<Challenge, { scheme: 'digest' }>, answer: Answer): string {
  const { realm, nonce, opaque, qop, algorithm, session } = challenge
  const h = (text: string) => createHash(challenge.hash).update(text).digest('hex')
  const nc = answer.count.toString(16).padStart(8, '0')
  const secret = h(`${answer.username}:${realm}:${answer.password}`)
  const a1 = session ? h(`${secret}:${nonce}:${answer.cnonce}`) : secret
  const a2 = h(`${answer.method}:${answer.uri}`)
  const response = qop ? h(`${a1}:${nonce}:${nc}:${answer.cnonce}:${qop}:${a2}`) : h(`${a1}:${nonce}:${a2}`)
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
  return [
    `Digest username=${quoted(answer.username)}`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${answer.uri}"`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
    ...(qop || session ? [`cnonce="${answer.cnonce}"`] : []),
    ...(qop ? [`qop=${qop}`, `nc=${nc}`] : []),
    ...(opaque !== undefined ? [`opaque="${opaque}"`] : []),
  ].join(', ')
}
