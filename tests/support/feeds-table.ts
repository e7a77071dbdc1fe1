import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SOURCES } from '../../server/feeds/sources/index.ts'
import { sourceOfTopic } from '../../server/feeds/topics.ts'
import type { Decoded } from '../../shared/arrival.ts'
import type { SignalDraft } from '../../shared/signal.ts'
import { corpus, SAMPLE_CONTEXT, type Sample } from './corpus.ts'

/** The samples of the table: all but the many that one generator made. */
export const tabled = () => corpus().filter(({ name }) => !name.includes('zhc-sensors'))

/** What becomes of one sample, as a row of docs/feeds.md. */
export const rowOf = (sample: Sample) => `| \`${sample.name}\` | ${resultOf(sample)} |`

function resultOf({ arrival }: Sample): string {
  if (arrival.topic !== undefined && sourceOfTopic(arrival.topic) === undefined) return 'nothing to us: the topic is not listened to'
  const source = SOURCES[arrival.source]
  if (!source) return 'no adapter'
  return told(source(arrival, SAMPLE_CONTEXT))
}

function told({ drafts, rejects, ignored, problem }: Decoded): string {
  const parts = [...counted(drafts.map(draftWords)), ...counted(rejects.map(({ reason, detail }) => `quarantine \`${reason}\`: ${detail}`))]
  if (problem) parts.push(`refused: ${problem.detail}`)
  if (ignored) parts.push('understood, nothing to us')
  return parts.length > 0
    ? parts
        .join('<br>')
        .replaceAll('|', '\\|')
        .replace(/[\r\n]+/g, ' ')
    : 'nothing'
}

/** The same words once, with how often. */
const counted = (words: string[]) =>
  [...Map.groupBy(words, (word) => word)].map(([word, all]) => (all.length > 1 ? `${all.length} × ${word}` : word))

function draftWords(draft: SignalDraft): string {
  const marks = [
    draft.replay && 'state replay',
    draft.repeat && 'repeat',
    draft.backlog && 'stored resend',
    draft.timeAssumed && 'time of receipt',
    draft.status !== 'actual' && draft.status,
  ].filter(Boolean)
  const data = Object.entries(draft.data ?? {})
    .filter(([name, value]) => MAIN.has(name) && typeof value !== 'object')
    .map(([name, value]) => `${name} ${value}`)
  const from = draft.address ?? draft.deviceId
  return `**${draft.type.slice('linwang.'.length)}** ${data.join(', ')} · \`${from}\`${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`
}

const MAIN = new Set([
  'direction',
  'granted',
  'credential',
  'open',
  'occupied',
  'quantity',
  'reading',
  'unit',
  'hazard',
  'active',
  'event',
  'label',
  'online',
  'battery',
  'fault',
  'msgType',
  'colour',
  'headline',
  'number',
  'category',
])

const BEGIN = '<!-- samples: made by tests/support/feeds-table.ts -->'
const END = '<!-- end of samples -->'
export const DOCS = join(import.meta.dirname, '../../docs/feeds.md')

/** The rows that the page has now. */
export function rowsOfDocs(): string[] {
  const page = readFileSync(DOCS, 'utf8')
  return page
    .slice(page.indexOf(BEGIN), page.indexOf(END))
    .split('\n')
    .filter((line) => line.startsWith('| `'))
}

function write(): void {
  const page = readFileSync(DOCS, 'utf8')
  const table = ['| sample | result |', '| --- | --- |', ...tabled().map(rowOf)].join('\n')
  writeFileSync(DOCS, `${page.slice(0, page.indexOf(BEGIN))}${BEGIN}\n${table}\n${page.slice(page.indexOf(END))}`)
}
if (import.meta.main) write()
