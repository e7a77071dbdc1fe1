import {
  forMe,
  type PUBLICATION_KINDS,
  type Publication,
  type PublicationDraft,
  type PublicationForMe,
} from '../../../shared/publication.ts'

export type PublicationItem = Publication & { signUps: { residentId: string; at: number; name: string }[] }
export type Kind = (typeof PUBLICATION_KINDS)[number]
export const gathers = (kind: Kind) => kind === 'activity' || kind === 'volunteer'

/** As it stands in the editor: what is not chosen yet is null. */
export interface Draft {
  kind: Kind
  title: string
  body: string
  placeId: string | null
  from: number | null
  until: number | null
  startsAt: number | null
  where: string
  places: number | null
}

export const emptyDraft = (placeId: string | null): Draft => ({
  ...{ kind: 'notice', title: '', body: '', placeId, from: null, until: null, startsAt: null, where: '', places: null },
})

export const draftOf = (one: Publication): Draft => ({
  ...{ kind: one.kind, title: one.title, body: one.body, placeId: one.placeId, from: one.from, until: one.until },
  ...{ startsAt: one.startsAt ?? null, where: one.where ?? '', places: one.places ?? null },
})

/** What the server takes. */
export function bodyOf(draft: Draft): PublicationDraft {
  const { kind, title, body, placeId, from, until, startsAt, where, places } = draft
  return {
    ...{ kind, title: title.trim(), body: body.trim(), placeId: placeId ?? '', until },
    ...(from !== null && { from }),
    ...(gathers(kind) && startsAt !== null && { startsAt }),
    ...(gathers(kind) && where.trim() && { where: where.trim() }),
    ...(gathers(kind) && places !== null && { places }),
  }
}

/** The fields that are still missing before it can be kept, by name. */
export const missingIn = ({ kind, title, placeId, startsAt }: Draft): string[] =>
  [title.trim() === '' && 'title', placeId === null && 'placeId', gathers(kind) && startsAt === null && 'startsAt'].filter(
    (field) => field !== false,
  )

/** As a resident will see it. */
export function previewOf(draft: Draft, taken: number, now: number): PublicationForMe {
  const published = { ...bodyOf(draft), from: draft.from ?? now, until: draft.until, state: 'published' as const }
  const one: Publication = { ...published, id: 'preview', signUps: [], by: '', changedAt: now, version: 0 }
  return { ...forMe(one, '', now), taken }
}
