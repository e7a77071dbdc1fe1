/** RFC 9457 problem details. `errors` names each field and how to mend it. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  errors?: { field: string; detail: string; fix: string }[]
  /** 409: the thing as it stands now */
  current?: unknown
  [extension: string]: unknown
}

/** Thrown by rules and handlers; one error handler turns it into `application/problem+json`. */
export class ProblemError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

const make =
  (status: number, title: string) =>
  (detail: string, more: Partial<Problem> = {}) =>
    new ProblemError({ type: 'about:blank', title, status, detail, ...more })

export const badRequest = make(400, 'Bad request')
export const unauthorized = make(401, 'Sign-in needed')
export const forbidden = make(403, 'Not allowed')
export const notFound = make(404, 'Not found')
export const conflict = make(409, 'Conflict')
export const tooLarge = make(413, 'Too large')
export const unprocessable = make(422, 'Not possible')
export const tooMany = make(429, 'Too many')
export const overloaded = make(503, 'Overloaded')
