import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { type Problem, ProblemError } from '../../shared/problem.ts'

/** One handler for the whole app: every error leaves as RFC 9457 problem details. Call it on the root app. */
export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler((request, reply) => sendNotFound(request, reply))
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id)
  if (problem.status >= 500 && !(error instanceof ProblemError)) request.log.error({ err: error }, 'request failed')
  return send(reply, problem)
}

export const sendNotFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  send(reply, {
    type: 'about:blank',
    title: 'Not found',
    status: 404,
    detail: `There is nothing at ${request.method} ${request.url.split('?')[0]}: the API is described at /api/docs`,
  })

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  if (typeof problem.retryAfter === 'number') reply.header('retry-after', problem.retryAfter)
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problem)
}

export function problemOf(error: unknown, reference?: string): Problem {
  if (error instanceof ProblemError) return error.problem
  const { validation, validationContext, code, statusCode = 500, message } = error as Partial<FastifyError>
  if (validation) return invalid(validation, validationContext ?? 'body')
  const known = code === undefined ? undefined : KNOWN[code]
  if (known) return { type: 'about:blank', title: STATUS_CODES[known.status] ?? 'Error', ...known }
  if (statusCode >= 400 && statusCode < 500)
    return {
      type: 'about:blank',
      title: STATUS_CODES[statusCode] ?? 'Error',
      status: statusCode,
      detail: message ?? 'The request is wrong',
    }
  return {
    type: 'about:blank',
    title: 'Server error',
    status: 500,
    detail: `Something went wrong here, not with you. Tell the engineer the reference ${reference ?? 'of this request'}.`,
    reference,
  }
}

const KNOWN: Record<string, { status: number; detail: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, detail: 'The body is too large: send less at once' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, detail: 'This Content-Type is not understood here: send application/json' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, detail: 'The body is empty: send a JSON object, or leave Content-Type out' },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, detail: 'The body is not valid JSON' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, detail: 'Content-Length does not fit the body' },
  FST_ERR_BAD_URL: { status: 400, detail: 'The address is not a valid URL: check its percent signs' },
}

const PARTS: Record<string, string> = { body: '', querystring: '?', headers: 'header ', params: 'path ' }

function invalid(validation: FastifySchemaValidationError[], context: string): Problem {
  const errors = validation.slice(0, 20).map((fault) => {
    const path = fault.instancePath.replaceAll('/', '.').replace(/^\./, '')
    const missing = firstOf(fault.params.requiredProperties) ?? firstOf(fault.params.missingProperty)
    const unknown = firstOf(fault.params.additionalProperties)
    const field = `${PARTS[context] ?? ''}${[path, missing ?? unknown].filter(Boolean).join('.') || 'body'}`
    return {
      field,
      detail: missing ? 'is missing' : unknown ? 'is not known here' : (fault.message ?? 'is wrong'),
      fix: fixOf(fault, missing),
    }
  })
  const [first] = errors
  return { type: 'about:blank', title: 'Bad request', status: 400, detail: `${first?.field} ${first?.detail}: ${first?.fix}`, errors }
}

const firstOf = (value: unknown): string | undefined =>
  Array.isArray(value) ? String(value[0]) : typeof value === 'string' ? value : undefined

function fixOf(fault: FastifySchemaValidationError, missing: string | undefined): string {
  const { keyword, params } = fault
  if (missing) return `add ${missing}`
  if (keyword === 'additionalProperties') return 'leave it out, or look for its name in /api/docs'
  if (keyword === 'enum') return `give one of ${(params.allowedValues as unknown[]).join(', ')}`
  if (keyword === 'type') return `give ${String(params.type)}`
  if (keyword === 'minLength' || keyword === 'maxLength')
    return `use ${keyword === 'minLength' ? 'at least' : 'at most'} ${params.limit} characters`
  if (keyword === 'minimum' || keyword === 'maximum') return `give a number ${String(params.comparison)} ${String(params.limit)}`
  if (keyword === 'pattern') return `match ${String(params.pattern)}`
  return 'see /api/docs'
}
