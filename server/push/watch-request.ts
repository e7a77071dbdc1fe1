import { badRequest, forbidden, ProblemError } from '../../shared/problem.ts'
import type { Directory } from '../../shared/scope.ts'

export interface WatchRequest {
  scope: string
  revision?: number
  basis?: string
}

const LONGEST = 200
const isName = (value: unknown) => value === undefined || (typeof value === 'string' && value.length <= LONGEST)
const isRevision = (value: unknown) => value === undefined || value === null || (Number.isSafeInteger(value) && (value as number) >= 0)

/** @throws ProblemError 400 when it cannot be read, 403 when the scope lies outside the viewer's */
export function readWatch(message: unknown, ownScope: string, directory: Directory): WatchRequest {
  if (typeof message !== 'object' || message === null) throw badRequest('watch takes {scope, revision?}')
  const { scope, revision, basis } = message as Record<string, unknown>
  if (!isName(scope) || !isName(basis))
    throw badRequest('scope must be a place id', fix('scope', 'send the id of a place, or leave it out'))
  if (!isRevision(revision)) throw badRequest('revision must be a whole number', fix('revision', 'send the last revision, or leave it out'))
  const wanted = (scope as string | undefined) ?? ownScope
  if (wanted !== ownScope && !directory.places.within(wanted, ownScope))
    throw forbidden('That place is not yours to watch', fix('scope', `watch ${ownScope} or a place in it`))
  return { scope: wanted, revision: (revision as number | null | undefined) ?? undefined, basis: basis as string | undefined }
}

const fix = (field: string, fix: string) => ({ errors: [{ field, detail: `${field} is not usable`, fix }] })

export const problemOf = (error: unknown) =>
  error instanceof ProblemError ? error.problem : badRequest('The message was not understood').problem
