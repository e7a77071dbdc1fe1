import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Problem, ProblemError } from '../../shared/problem.ts'
import { LARGEST_MESSAGE } from './receiver.ts'

/** Seconds after which a slowed sender may try again (I5). */
const RETRY_AFTER = 1

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error as Error)
  if (problem.status === 503 || problem.status === 429)
    reply.header('Retry-After', typeof problem.retryAfter === 'number' ? problem.retryAfter : RETRY_AFTER)
  if (problem.status === 500) request.log.error(error)
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

export function problemOf(error: Error & { statusCode?: number }): Problem {
  if (error instanceof ProblemError) return error.problem
  const status = error.statusCode ?? 500
  if (status === 413)
    return { type: 'about:blank', title: 'Too large', status, detail: `Send at most ${LARGEST_MESSAGE} bytes; split the batch.` }
  if (status === 415) return NOT_UNDERSTOOD
  if (status < 500) return { type: 'about:blank', title: 'Bad request', status, detail: error.message }
  return { type: 'about:blank', title: 'Internal error', status: 500, detail: 'The message was not kept; send it again.' }
}

export const NOT_UNDERSTOOD: Problem = {
  type: 'about:blank',
  title: 'Unsupported media type',
  status: 415,
  detail: 'Send application/cloudevents+json, application/cloudevents-batch+json, or any type with the attributes in ce- headers.',
}
