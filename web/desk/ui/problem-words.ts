import { t } from '../../i18n/index.ts'
import { ApiProblem } from '../../ui/api.ts'

/** What the server refuses, by what it says; the first that fits. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/nobody is sent twice/, 'twice'],
  [/You did the work/, 'ownWork'],
  [/The call about .* was yours/, 'ownCall'],
  [/cannot be closed while an order is open/, 'openOrder'],
  [/into an open incident can another be merged/, 'mergeClosed'],
  [/, which has it, was merged/, 'mergedOn'],
  [/, which has it, is closed/, 'homeClosed'],
  [/is (closed|merged)/, 'ended'],
  [/there is no photo of this order/, 'noPhoto'],
  [/somebody other than/, 'sameOwner'],
  [/nobody can sign up/, 'signUpOver'],
]

/** A refusal in the words of the page: by status, by rule, by field; what nobody foresaw shows as the server said it. */
export function sayProblem(problem: unknown): string {
  if (!(problem instanceof ApiProblem)) return problem instanceof Error ? problem.message : String(problem)
  if (problem.status === 0 || problem.status === 401) return problem.message
  if (problem.status === 403) return t('desk.problem.403')
  if (problem.status === 404) return t('desk.problem.404')
  if (problem.status === 429) return t('desk.problem.429')
  if (problem.status >= 500) return t('desk.problem.500')
  const rule = REFUSALS.find(([said]) => said.test(problem.message))?.[1]
  if (rule) return t(`desk.problem.${rule}`)
  const fields = [...new Set(problem.errors.map(({ field }) => fieldWord(field)).filter(Boolean))]
  if (problem.status === 409) return t('desk.problem.409')
  return fields.length > 0 ? t('desk.problem.fields', { fields: fields.join('、') }) : problem.message
}

function fieldWord(path: string): string {
  const field = path.replace(/^[/?]/, '').split(/[./]/)[0] ?? ''
  const key = `desk.problem.field.${field}`
  const said = t(key)
  return said === key ? field : said
}
