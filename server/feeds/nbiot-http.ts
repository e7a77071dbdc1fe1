import type { HttpKind, HttpReply } from './http-kind.ts'

/** ms; OneNET gives up after five seconds, and CTWing counts a failure */
const PATIENCE = 4_000
const TEXT = 'text/plain; charset=utf-8'

/** A pause is no refusal to them: what comes meanwhile is taken and waits in quarantine. */
const paused: HttpKind['reply'] = (outcome) =>
  'problem' in outcome && outcome.problem.title === 'Paused' ? ({ status: 200, type: TEXT, body: 'ok' } satisfies HttpReply) : undefined

/** Both platforms count failures and stop pushing after too many: a moment of overload is waited out. Their checks of the address are answered at once. */
export const CTWING_HTTP: HttpKind = {
  source: 'ctwing',
  methods: ['POST', 'GET'],
  patient: PATIENCE,
  plain: true,
  reply: paused,
  challenge: ({ method, query }) => (method === 'GET' ? { status: 200, type: TEXT, body: query.echostr ?? query.msg ?? 'ok' } : undefined),
}

/** GET ?msg=…&nonce=…&signature=…: OneNET takes the address for its own when it answers with `msg`. The secret is in the path already. */
export const ONENET_HTTP: HttpKind = {
  source: 'onenet',
  methods: ['POST', 'GET'],
  patient: PATIENCE,
  plain: true,
  reply: paused,
  challenge: ({ method, query }) => (method === 'GET' ? { status: 200, type: TEXT, body: query.msg ?? 'ok' } : undefined),
}

/** A gateway hands over what its cameras say; it retries nothing. */
export const GB28181_HTTP: HttpKind = { source: 'gb28181', methods: ['POST', 'PUT'], patient: PATIENCE }
