/** What is served outside of the REST API, for the same description: the doors of the feeds, and the figures for Prometheus. */

const PROBLEM = { 'application/problem+json': { schema: { type: 'object', description: 'RFC 9457 problem details' } } }
const problem = (description: string) => ({ description, content: PROBLEM })
const count = (description: string) => ({ type: 'integer', minimum: 0, description })

const EVENT = {
  type: 'object',
  description: 'CloudEvents 1.0',
  required: ['specversion', 'id', 'source', 'type'],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', maxLength: 512, description: 'unique within the source' },
    source: { type: 'string', description: '/feeds/<id of the feed>' },
    type: { type: 'string', description: 'e.g. linwang.help' },
    subject: { type: 'string', description: 'id of the device' },
    time: { type: 'string', format: 'date-time', description: 'when it happened' },
    status: { enum: ['actual', 'exercise', 'test'] },
    data: {},
  },
}
const RECEIPT = {
  type: 'object',
  required: ['accepted', 'duplicates', 'quarantined'],
  properties: {
    accepted: count('stored now'),
    duplicates: count('stored before'),
    quarantined: count('kept with the reason why they were not understood'),
  },
}

const events = {
  tags: ['feeds'],
  summary: 'CloudEvents 1.0: structured, batch, or binary with the attributes in ce- headers',
  security: [{ feedKey: [] }],
  requestBody: {
    required: true,
    content: {
      'application/cloudevents+json': { schema: EVENT },
      'application/cloudevents-batch+json': { schema: { type: 'array', items: EVENT } },
      'application/json': { schema: EVENT },
    },
  },
  responses: {
    202: { description: 'After the commit', content: { 'application/json': { schema: RECEIPT } } },
    400: problem('The envelope is malformed'),
    401: problem('The key is missing or wrong'),
    413: problem('Too large'),
    415: problem('The media type says nothing of events'),
    503: problem('Overloaded: try again after Retry-After'),
  },
}

const socket = {
  tags: ['feeds'],
  summary: 'WebSocket: an event or a list of them per message, each answered with its receipt and `ids` after the commit',
  security: [{ feedKey: [] }],
  responses: { 101: { description: 'Switching to WebSocket' }, 401: problem('The key is missing or wrong') },
}

const metrics = {
  tags: ['health'],
  summary: 'Figures for Prometheus',
  security: [],
  responses: { 200: { description: 'Text exposition format', content: { 'text/plain': { schema: { type: 'string' } } } } },
}

const vendorPath = (name: string, description: string) => ({ name, in: 'path', required: true, description, schema: { type: 'string' } })
const vendor = {
  tags: ['feeds'],
  summary: 'What vendors’ devices and platforms post: any body, any Content-Type; the kinds are those of /api/feeds/kinds that have a path',
  description:
    'The secret of the feed goes in whichever way the firmware allows: Authorization: Bearer, the password of Basic, ?key=, or one more part of the path. Who comes with Bearer is answered 202, a device 200.',
  security: [{ feedKey: [] }],
  parameters: [vendorPath('kind', 'e.g. hikvision'), vendorPath('feed', 'id of the feed')],
  requestBody: { required: true, content: { '*/*': { schema: {} } } },
  responses: {
    200: { description: 'After the commit, to a device' },
    202: { description: 'After the commit', content: { 'application/json': { schema: RECEIPT } } },
    401: problem('The secret is missing or wrong'),
    403: problem('The key of another feed, or an address that may not speak for this one'),
    404: problem('No such kind, or no such feed; the detail says how to make it'),
    409: problem('The feed is of another kind'),
    413: problem('Larger than the feed may send'),
    429: problem('More than the rate of the feed: try again after Retry-After'),
    503: problem('Paused or overloaded: try again after Retry-After'),
  },
}

export const MORE_PATHS = {
  '/feeds/{kind}/{feed}': { post: vendor },
  '/feeds/events': { post: events },
  '/feeds/ws': { get: socket },
  '/metrics': { get: metrics },
}
