import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { challengeOf, createDeviceClient, digestHeader } from '../../server/feeds/outgoing/digest.ts'

/** RFC 7616, section 3.9.1 */
const RFC = {
  method: 'GET',
  uri: '/dir/index.html',
  username: 'Mufasa',
  password: 'Circle of Life',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  count: 1,
}
const asked = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`

describe('digest answers', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('[S1] the example of RFC 7616 with %s', (algorithm, response) => {
    const challenge = challengeOf(asked(algorithm))
    expect(challenge?.scheme === 'digest' && digestHeader(challenge, RFC)).toContain(`response="${response}"`)
  })

  test('[S1] the strongest scheme is taken, and none that is unknown', () => {
    expect(challengeOf(`Basic realm="x", ${asked('MD5')}, ${asked('SHA-256')}`)).toMatchObject({ hash: 'sha256' })
    expect(challengeOf('Basic realm="x"')).toEqual({ scheme: 'basic' })
    expect(challengeOf('Basic realm="x", Digest realm="y", nonce="1", algorithm=SHA-512-256')).toEqual({ scheme: 'basic' })
    expect(challengeOf('Bearer')).toBeUndefined()
    expect(challengeOf(undefined)).toBeUndefined()
    expect(challengeOf('Digest realm="old", nonce="1"')).toMatchObject({ algorithm: 'MD5', session: false })
  })
})

describe('a device that asks', () => {
  const closers: (() => void)[] = []
  afterEach(() => {
    for (const close of closers.splice(0)) close()
  })
  async function device(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    const server = createServer(answer).listen(0, '127.0.0.1')
    await new Promise((listening) => server.once('listening', listening))
    closers.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`
  }
  const challenge = 'Digest realm="DS", qop="auth", nonce="n1"'

  test('[S1] the password is asked for once and never sent in clear', async () => {
    const seen: (string | undefined)[] = []
    const url = await device((request, response) => {
      seen.push(request.headers.authorization)
      if (!request.headers.authorization) return response.writeHead(401, { 'www-authenticate': challenge }).end()
      response.end('yes')
    })
    const client = createDeviceClient({ url: `${url}/base/`, username: 'admin', password: 'secret', nonce: () => 'c' })
    for (const nc of ['00000001', '00000002']) {
      const { status, stream } = await client.request({ path: '/x?a=1' })
      stream.resume()
      expect(status).toBe(200)
      expect(seen.at(-1)).toContain(`nc=${nc}`)
      expect(seen.at(-1)).toContain('uri="/base/x?a=1"')
    }
    expect(seen).toHaveLength(3)
    expect(seen.join()).not.toContain('secret')
  })

  test('[S1] a wrong password is an answer, not a loop', async () => {
    let requests = 0
    const url = await device((_request, response) => {
      requests++
      response.writeHead(401, { 'www-authenticate': challenge }).end()
    })
    const { status, stream } = await createDeviceClient({ url, username: 'a', password: 'b' }).request({ path: '/' })
    stream.resume()
    expect([status, requests]).toEqual([401, 2])
  })

  test('[I5] a device that breaks off the line with half a body does so to the reader, not to the process', async () => {
    const url = await device((_request, response) => {
      response.writeHead(200)
      response.write('half')
      setTimeout(() => response.socket!.destroy(), 20)
    })
    const { stream } = await createDeviceClient({ url }).request({ path: '/' })
    await expect(stream.toArray()).rejects.toThrow('aborted')
  })

  test('[I5] a device that does not answer is given up, and an abort ends the wait', async () => {
    const url = await device(() => {})
    const client = createDeviceClient({ url, timeout: 50 })
    await expect(client.request({ path: '/' })).rejects.toThrow('no answer within 50 ms')
    await expect(client.request({ path: '/', signal: AbortSignal.timeout(10) })).rejects.toThrow()
  })
})
