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

export const MORE_PATHS = { '/feeds/events': { post: events }, '/feeds/ws': { get: socket }, '/metrics': { get: metrics } }
