import { conflict, notFound, unprocessable } from '../../shared/problem.ts'
import { PUBLICATION_KINDS, type Publication, type PublicationDraft, signUpsOpen } from '../../shared/publication.ts'
import { actorId, checkVersion, fieldWrong } from '../command.ts'
import type { PublicationStore } from '../store/publications.ts'
import type { Command, Work } from '../work.ts'

/** Draft → published ⇄ withdrawn: what residents have read is never deleted. Problems: 404, 409 with `current`, 422 for a field. */
export function publicationCommands(store: PublicationStore): Record<string, (work: Work, command: Command) => Publication> {
  const known = ({ target = '' }: Command): Publication => {
    const publication = store.get(target)
    if (!publication) throw notFound(`There is no publication ${target}`)
    return publication
  }
  const seen = (command: Command): Publication => {
    const publication = known(command)
    checkVersion(publication, command, `by ${publication.by}`)
    return publication
  }
  const put = (work: Work, command: Command, publication: Publication): Publication => {
    const by = actorId(command.actor)
    const { id, state, version } = publication
    const after = { ...publication, by: isOwnSignUp(command) ? publication.by : by, changedAt: work.now, version: version + 1 }
    work.audit({ by, act: command.name, subject: id, detail: { state, version: after.version } })
    store.put(after)
    return after
  }
  const turn = (work: Work, command: Command, state: Publication['state']): Publication => {
    const before = seen(command)
    if (before.state === state) throw conflict(`${before.id} is ${state} already.`, { current: before })
    if (state === 'withdrawn' && before.state === 'draft') throw conflict(`${before.id} was never published.`, { current: before })
    return put(work, command, { ...before, state })
  }
  return {
    'publication.add'(work, command) {
      const fresh = { state: 'draft' as const, signUps: [], by: '', changedAt: 0, version: 0 }
      return put(work, command, { ...checked(work, command.body as unknown as PublicationDraft), ...fresh, id: work.newId('publication') })
    },
    'publication.change'(work, command) {
      const before = seen(command)
      return put(work, command, { ...before, ...checked(work, { ...before, ...(command.body as Partial<PublicationDraft>) }) })
    },
    'publication.publish': (work, command) => turn(work, command, 'published'),
    'publication.withdraw': (work, command) => turn(work, command, 'withdrawn'),

    /** Twice is once. Whoever comes when all places are taken waits, in order. */
    'publication.sign-up'(work, command) {
      const before = known(command)
      if (!signUpsOpen(before, work.now)) throw conflict(`${before.title}: nobody can sign up any more.`)
      const residentId = command.actor.id
      if (before.signUps.some((one) => one.residentId === residentId)) return before
      return put(work, command, { ...before, signUps: [...before.signUps, { residentId, at: work.now }] })
    },
    'publication.sign-off'(work, command) {
      const before = known(command)
      const signUps = before.signUps.filter(({ residentId }) => residentId !== command.actor.id)
      return signUps.length === before.signUps.length ? before : put(work, command, { ...before, signUps })
    },
  }
}

const isOwnSignUp = ({ name }: Command) => name.startsWith('publication.sign')

/** The fields that a page sends; what belongs to no publication of its kind is left out. */
function checked(work: Work, given: PublicationDraft) {
  const { kind, title, body, placeId, from = work.now, until = null, startsAt, where, places } = given
  if (!PUBLICATION_KINDS.includes(kind)) throw fieldWrong('kind', `one of ${PUBLICATION_KINDS.join(', ')}`)
  if (title.trim() === '') throw fieldWrong('title', 'a title of 1 to 80 characters')
  if (!work.world.places.get(placeId)) throw fieldWrong('placeId', 'the id of a place')
  if (until !== null && until <= from) throw fieldWrong('until', 'a time after from, or null')
  const gathering = kind === 'activity' || kind === 'volunteer'
  if (gathering && startsAt === undefined)
    throw unprocessable('startsAt is missing.', {
      errors: [{ field: 'startsAt', detail: 'is missing', fix: 'give the time at which it begins' }],
    })
  const own = gathering ? { startsAt, ...(where !== undefined && { where }), ...(places !== undefined && { places }) } : {}
  return { kind, title: title.trim(), body: body.trim(), placeId, from, until, ...own }
}
