import type { Database } from 'better-sqlite3'
import { bigramsOf } from '../../shared/bigrams.ts'
import type { Incident, TimelineEntry } from '../../shared/incident.ts'
import type { Report } from '../../shared/report.ts'
import { numberOf } from './id-number.ts'
import type { Broom } from './retention.ts'

/**
 * What people wrote, cut into pairs of characters (shared/bigrams.ts), so that a Chinese word of two is found. Rows are only added: of each
 * incident up to 65,536, numbered n × 65,536 and on, so that the newest are found first and no table stands between word and incident.
 */
export const SEARCH_TABLES = `
CREATE VIRTUAL TABLE IF NOT EXISTS matter_words USING fts5(
  words, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 0");
`
const ROWS = 65_536

/** Words that lists of matters are searched for; undefined: nothing that could be searched for. */
export function matchOf(text: string): string | undefined {
  const tokens = bigramsOf(text.slice(0, LONGEST)).filter((token, n, all) => [...token].length > 1 || !isEndOfRun(token, all[n - 1]))
  if (tokens.length === 0) return undefined
  return [...new Set(tokens)].map((token) => `"${token}"${isWhole(token) ? '' : '*'}`).join(' AND ')
}
const LONGEST = 60
/** the last character of a run is in the pair before it */
const isEndOfRun = (token: string, before: string | undefined) => before !== undefined && [...before].length === 2 && before.endsWith(token)
/** a pair of characters is matched as it is; one character, a number or the beginning of a word matches what goes on */
const isWhole = (token: string) => /^\p{Script=Han}{2}$/u.test(token)

export interface SearchIndex {
  add(incident: string, text: string): void
}

export function createSearch(db: Database): SearchIndex {
  const last = db.prepare<[number, number], number | null>('SELECT max(id) FROM matter_words_docsize WHERE id BETWEEN ? AND ?').pluck()
  const insert = db.prepare('INSERT INTO matter_words (rowid, words) VALUES (?, ?)')
  return {
    add(incident, text) {
      const words = [...new Set(bigramsOf(text))]
      if (words.length === 0) return
      const first = numberOf(incident) * ROWS
      const row = (last.get(first, first + ROWS - 1) ?? first - 1) + 1
      if (row < first + ROWS) insert.run(row, words.join(' '))
    },
  }
}

/** SQL that gives the numbers of incidents that match, from a number on; values: the match and that number. */
export const HITS = `SELECT rowid / ${ROWS} FROM matter_words WHERE matter_words MATCH ? AND rowid >= ? * ${ROWS}`

export interface Words {
  kindName(kind: string): string | undefined
  placeLabel(placeId: string): string
  report(id: string): Report | undefined
}

/** What there is to find in an incident that was not there before. */
export function newWords(before: Incident | undefined, after: Incident, words: Words): string[] {
  const reports = after.reports.filter((id) => !before?.reports.includes(id)).flatMap((id) => words.report(id) ?? [])
  const isMoved = before?.placeId !== after.placeId || before.kind !== after.kind
  return [
    ...(isMoved ? [[after.id, words.kindName(after.kind), words.placeLabel(after.placeId)].filter(Boolean).join(' ')] : []),
    ...reports.map((report) => wordsOf(report, words)),
    ...newNotes(before, after),
  ]
}

const wordsOf = ({ no, text, spot, externalId, kind, code, placeId, reporter }: Report, { kindName, placeLabel }: Words) =>
  [no, text, spot, externalId, kindName(`report.${kind}`), code?.name, placeLabel(placeId), reporter.kind === 'caller' ? reporter.name : '']
    .filter(Boolean)
    .join(' ')

/** A report's own words come with the report. */
const NOT_NOTES = new Set(['report.received', 'report.joined'])

function newNotes(before: Incident | undefined, after: Incident): string[] {
  const isNote = ({ note, by, what }: TimelineEntry) => note !== undefined && note.length > 1 && by !== 'system' && !NOT_NOTES.has(what)
  const known = new Set(before?.timeline.filter(isNote).map(keyOf))
  return after.timeline.filter((line) => isNote(line) && !known.has(keyOf(line))).map(({ note }) => note!)
}
const keyOf = ({ at, what, note }: TimelineEntry) => `${at} ${what} ${note}`

/** Words of incidents that are gone. Purged are the oldest, so it is enough to look at the first rows. */
export const wordsBroom = (db: Database): Broom => ({
  name: 'words',
  sweep(_now, _wall, rows) {
    const oldest = db.prepare<[number], number>('SELECT id FROM matter_words_docsize ORDER BY id LIMIT ?').pluck().all(rows)
    const isThere = db.prepare('SELECT 1 FROM incidents WHERE n = ?')
    const gone = oldest.filter((id) => !isThere.get(Math.floor(id / ROWS)))
    const drop = db.prepare('DELETE FROM matter_words WHERE rowid = ?')
    for (const id of gone) drop.run(id)
    return gone.length
  },
})
